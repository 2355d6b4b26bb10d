import { useQuery } from '@tanstack/react-query'
import type { ReactNode } from 'react'
import type { EndpointProperties } from '../../../api/endpoints.ts'
import { resourceQuery } from '../../../api/queries.ts'
import type { Release, Stage } from '../../../api/releases.ts'
import { StatusDot } from '../../../parts/status.tsx'
import { Took } from '../../../parts/time.tsx'
import { percent } from '../../../words/numbers.ts'
import { duration } from '../../../words/time.ts'
import { useWorkspace } from '../../../frame/workspace.ts'
import { planSteps, type PlanStep } from './plan-steps.ts'
import style from './steps.module.css'

const dots: Readonly<Record<PlanStep['state'], string>> = {
  done: 'passed',
  now: 'running',
  held: 'waived',
  bad: 'failed',
  next: 'pending',
  skipped: 'skipped',
}

/** The plan as steps, stage below stage: what is through, where it is now, what is still to come. */
export function Steps({
  release,
  chosen,
  onChoose,
  children,
}: {
  readonly release: Release
  readonly chosen: string
  readonly onChoose: (stage: string) => void
  /** What can be done, below the steps. */
  readonly children?: ReactNode
}) {
  return (
    <div className={style.side}>
      <nav className={style.steps} aria-label="Steps of the release">
        {planSteps(release).map((stage) => (
          <section key={stage.name} data-chosen={stage.name === chosen || undefined}>
            <button
              type="button"
              className={style.stage}
              aria-pressed={stage.name === chosen}
              onClick={() => onChoose(stage.name)}
            >
              <StatusDot kind="stage" state={stage.state} /> {stage.name}
            </button>
            <ol>
              {stage.steps.map((step) => (
                <li
                  key={step.key}
                  data-state={step.state}
                  {...(step.state === 'now' || step.state === 'held'
                    ? { 'aria-current': 'step' as const }
                    : {})}
                >
                  <StatusDot kind="gate" state={dots[step.state]} />
                  <span>
                    {step.name}
                    {step.note === undefined ? null : <span className="muted"> {step.note}</span>}
                    {step.kind === 'delivery' && (step.state === 'now' || step.state === 'held') ? (
                      <Progress release={release} stage={stage.name} weight={step.weight} />
                    ) : null}
                  </span>
                </li>
              ))}
            </ol>
          </section>
        ))}
      </nav>
      {children}
    </div>
  )
}

/** How long the step that is in force has been, and what weight is set, what the endpoint has and what callers got. */
function Progress({
  release,
  stage: name,
  weight,
}: {
  readonly release: Release
  readonly stage: string
  readonly weight: number | undefined
}) {
  const workspace = useWorkspace()
  const { stages, plan } = release.properties
  const stage = stages.find((one) => one.name === name)
  const planned = plan?.stages.find((one) => one.name === name)
  const step = planned?.deliver?.steps[stage?.delivery?.step ?? -1]
  const place =
    planned?.workspace === undefined ? workspace.id : workspace.id.replace(/[^/]+$/, planned.workspace)
  const online = planned?.deliver?.online
  const endpoint = useQuery({
    ...resourceQuery<EndpointProperties>(`${place}/onlineEndpoints/${online ?? ''}`),
    enabled: online !== undefined && weight !== undefined,
  })
  const { since, candidate = '' } = stage?.delivery?.working ?? {}
  const isMirror = step !== undefined && 'mirror' in step
  const { traffic = {}, mirrorTraffic = {} } = endpoint.data?.properties ?? {}
  const actual = (isMirror ? mirrorTraffic : traffic)[candidate]
  const { split } = stage?.delivery?.looks?.at(-1) ?? {}
  return (
    <span className={style.progress}>
      {since === undefined ? null : (
        <span>
          <Took from={new Date(since).toISOString()} />
          {step === undefined || 'pause' in step
            ? ''
            : ` of at least ${duration(step.forMs).replace('.0 s', ' s')}`}
          {deadlineOf(stage, planned)}
        </span>
      )}
      {weight === undefined ? null : (
        <span>
          set {weight} %, endpoint {endpoint.data === undefined ? '–' : `${actual ?? 0} %`}
          {isMirror || split === undefined || split.canary + split.champion === 0
            ? ''
            : `, callers ${percent(split.canary / (split.canary + split.champion), 1)}`}
        </span>
      )}
    </span>
  )
}

const deadlineOf = (
  stage: Stage | undefined,
  planned: { readonly deliver?: { readonly analysis?: { readonly deadline?: string } } } | undefined,
): string => {
  const deadline = planned?.deliver?.analysis?.deadline ?? '60m'
  return stage?.delivery?.state === 'running' ? `, at most ${deadline.replace(/(\d)([a-z])/g, '$1 $2')}` : ''
}
