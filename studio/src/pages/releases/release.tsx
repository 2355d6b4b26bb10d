import { useQuery } from '@tanstack/react-query'
import { useParams } from '@tanstack/react-router'
import { addressOf } from '../../api/call.ts'
import { resourceQuery } from '../../api/queries.ts'
import type { Gate, Release, ReleaseProperties } from '../../api/releases.ts'
import { pathOf } from '../../frame/paths.ts'
import { useSearchWord } from '../../frame/search.ts'
import { usePaths, useWorkspace } from '../../frame/workspace.ts'
import { Equivalents } from '../../parts/equivalents.tsx'
import { Go } from '../../parts/go.tsx'
import { IconArrowRight, IconFileText } from '../../parts/icons.ts'
import { Page, Stack } from '../../parts/page.tsx'
import { Panel } from '../../parts/panel.tsx'
import { Answer } from '../../parts/states.tsx'
import { Status } from '../../parts/status.tsx'
import { Time } from '../../parts/time.tsx'
import { Timeline } from '../../parts/timeline.tsx'
import { CanaryCard } from './canary/canary-card.tsx'
import { Changes } from './compare/changes.tsx'
import { ApprovalCard } from './decide/approval-card.tsx'
import { ReleaseActions } from './decide/release-actions.tsx'
import { GateCard } from './gates/gate-card.tsx'
import { Steps } from './steps/steps.tsx'
import style from './releases.module.css'

/** A release: where it is and why, what its gates found, what waits for whom, how the canary does. */
export function ReleasePage() {
  const { plan = '', release = '' } = useParams({ strict: false })
  const workspace = useWorkspace()
  const query = useQuery(
    resourceQuery<ReleaseProperties>(
      `${workspace.id}/providers/Twinloop/releasePlans/${plan}/releases/${release}`,
    ),
  )
  return <Answer query={query}>{(found) => <Shown plan={plan} release={found} />}</Answer>
}

function Shown({ plan, release }: { readonly plan: string; readonly release: Release }) {
  const { properties } = release
  const [chosen, setChosen] = useSearchWord('stage', properties.stage)
  const stage = properties.stages.find(({ name }) => name === chosen) ?? properties.stages[0]
  const planned = properties.plan?.stages.find(({ name }) => name === stage?.name)
  return (
    <Page
      title={`${plan}/${release.name}`}
      status={<Status kind="release" state={properties.state} />}
      meta={<Meta release={release} />}
      actions={
        <>
          <a
            className={style.scorecard}
            href={addressOf(`${release.id}/scorecard`)}
            target="_blank"
            rel="noreferrer"
          >
            <IconFileText size={14} aria-hidden />
            Scorecard
          </a>
          <Equivalents
            cli={[
              { what: 'Show it', command: `twinloop release show ${plan}/${release.name}` },
              { what: 'Follow it', command: `twinloop release watch ${plan}/${release.name}` },
              {
                what: 'Approve the stage that it waits in',
                command: `twinloop release approve ${plan}/${release.name} --comment "…"`,
              },
              {
                what: 'Fetch the evidence',
                command: `twinloop release evidence ${plan}/${release.name} --output-path evidence/`,
              },
            ]}
            rest={[{ method: 'GET', path: release.id }]}
            resource={release}
            kind="release"
          />
        </>
      }
    >
      <p className={style.reason}>{properties.reason}</p>
      <div className={style.release}>
        <Steps release={release} chosen={stage?.name ?? ''} onChoose={setChosen}>
          {stage?.approval?.state === 'open' && properties.phase === 'open' ? (
            <a className={style.review} href="#approval">
              Review and approve
            </a>
          ) : null}
          <ReleaseActions plan={plan} release={release} />
        </Steps>
        {stage === undefined ? null : (
          <Stack>
            {stage.approval?.state === 'open' ? (
              <ApprovalCard release={release} stage={stage} planned={planned} />
            ) : null}
            {stage.delivery === undefined ? null : <CanaryCard delivery={stage.delivery} />}
            {stage.gates
              .toSorted((a, b) => urgency(a) - urgency(b))
              .map((gate) => (
                <GateCard key={gate.name} release={release} stage={stage.name} gate={gate} />
              ))}
            {stage.approval === undefined || stage.approval.state === 'open' ? null : (
              <ApprovalCard release={release} stage={stage} planned={planned} />
            )}
            {stage.gates.length === 0 && stage.approval === undefined && stage.delivery === undefined ? (
              <Panel>
                <p className="muted">The release has not come to this stage yet.</p>
              </Panel>
            ) : null}
          </Stack>
        )}
        <div className={style.aside}>
          <Changes release={release} />
          <Panel title="What happened">
            <Timeline entries={(properties.timeline ?? []).toReversed()} />
          </Panel>
        </div>
      </div>
    </Page>
  )
}

/** What stands in the way comes first. */
const urgency = ({ state }: Gate) =>
  ['failed', 'error', 'inconclusive'].includes(state) ? 0 : state === 'running' ? 1 : 2

function Meta({ release }: { readonly release: Release }) {
  const workspace = useWorkspace()
  const to = usePaths()
  const { candidate, champion, startedBy, startedAt } = release.properties
  if (candidate === undefined) return null
  const link = (id: string, label: string) => {
    const path = pathOf(workspace.key, id)
    return path === undefined ? label : <Go to={path}>{label}</Go>
  }
  return (
    <>
      <span className={style.models}>
        {champion === undefined ? (
          <span>no champion yet</span>
        ) : (
          <span title={`champion by ${champion.by}`}>
            {link(champion.id, `${champion.name}:${champion.version}`)}
          </span>
        )}
        <IconArrowRight size={14} aria-label="to be replaced by" />
        {link(candidate.id, `${candidate.name}:${candidate.version}`)}
      </span>
      <span>
        <Time at={startedAt} />, {startedBy?.why}
      </span>
      <Go to={to.releases}>all releases</Go>
    </>
  )
}
