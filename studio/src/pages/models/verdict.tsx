import { useQuery } from '@tanstack/react-query'
import { labelOfRelease } from '../../api/evaluation.ts'
import type { ModelVersion } from '../../api/models.ts'
import { releasesQuery, type Measure } from '../../api/releases.ts'
import { namesIn } from '../../api/resource.ts'
import { usePaths, useWorkspace } from '../../frame/workspace.ts'
import { IntervalPlot } from '../../parts/chart/interval-plot.tsx'
import { Go } from '../../parts/go.tsx'
import { Panel } from '../../parts/panel.tsx'
import { Status } from '../../parts/status.tsx'
import { metric } from '../../words/numbers.ts'
import style from './models.module.css'

/** Gates that say how good a version is: where there are any, their figures are shown, not those of its operation. */
const judges = new Set(['champion', 'calibration', 'fairness'])
/** Figures of a gate that the card has room for. */
const most = 4

/** What the newest release of a version came to: each gate's word, and the figures that have an interval. */
export function Verdict({ version }: { readonly version: ModelVersion }) {
  const to = usePaths()
  const { data: releases = [] } = useQuery(releasesQuery(useWorkspace()))
  const release = releases.find(
    ({ properties }) => properties.candidate?.id.toLowerCase() === version.id.toLowerCase(),
  )
  if (release === undefined) return null
  const { stages, state, reason, champion, candidate } = release.properties
  const gates = stages.flatMap(({ name: stage, gates: own }) => own.map((gate) => ({ stage, gate })))
  const judging = gates.filter(({ gate }) => judges.has(gate.gate))
  const measured = (judging.length > 0 ? judging : gates).flatMap(({ gate }) =>
    (gate.result?.measures ?? []).filter(
      ({ interval, slice, of }) =>
        interval !== undefined && slice === undefined && of !== 'difference' && of !== 'ratio',
    ),
  )
  const names = [...new Set(measured.map(({ name }) => name))].slice(0, most)
  return (
    <Panel
      title={
        <>
          What its release came to <Status kind="release" state={state} />
        </>
      }
      subtitle={
        <>
          <Go to={to.release(namesIn(release.id)[1] ?? '', release.name)}>{labelOfRelease(release)}</Go>{' '}
          {reason}
        </>
      }
    >
      <ul className={style.gates}>
        {gates.map(({ stage, gate }) => (
          <li key={`${stage} ${gate.name}`} title={gate.result?.summary ?? gate.error ?? gate.doing}>
            <Status kind="gate" state={gate.state} /> {gate.name.replaceAll('_', ' ')}
          </li>
        ))}
      </ul>
      {names.map((name) => (
        <IntervalPlot
          key={name}
          title={name}
          subtitle={limitOf(measured, name)}
          rows={measured
            .filter((measure) => measure.name === name)
            .map(({ of, estimate, interval, n, verdict }) => ({
              key: of ?? 'candidate',
              label:
                of === 'champion'
                  ? `champion, ${champion?.name ?? ''}:${champion?.version ?? ''}`
                  : `${candidate?.name ?? ''}:${candidate?.version ?? ''}`,
              estimate,
              lower: interval?.lower,
              upper: interval?.upper,
              n,
              colour: of === 'champion' ? 1 : 2,
              note: verdict === undefined ? undefined : <Status kind="verdict" state={verdict} />,
            }))}
          format={metric}
        />
      ))}
    </Panel>
  )
}

/** What was asked of a figure, and how sure its interval is. */
function limitOf(measures: readonly Measure[], name: string): string {
  const own = measures.filter((measure) => measure.name === name)
  const limit = own.find((measure) => measure.limit !== undefined)?.limit
  const confidence = own[0]?.interval?.confidence
  return [
    ...(limit === undefined ? [] : [`has to be ${limit}`]),
    ...(confidence === undefined ? [] : [`${Math.round(confidence * 100)} % intervals`]),
  ].join('; ')
}
