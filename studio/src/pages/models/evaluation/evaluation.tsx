import { Select } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import {
  hasSummary,
  judgedQuery,
  labelOfRelease,
  summaryQuery,
  type Judged,
} from '../../../api/evaluation.ts'
import type { ModelVersion } from '../../../api/models.ts'
import { namesIn } from '../../../api/resource.ts'
import { useSearchWord } from '../../../frame/search.ts'
import { usePaths, useWorkspace } from '../../../frame/workspace.ts'
import { Go } from '../../../parts/go.tsx'
import { Stack } from '../../../parts/page.tsx'
import { Panel } from '../../../parts/panel.tsx'
import { Answer, Empty } from '../../../parts/states.tsx'
import { Status } from '../../../parts/status.tsx'
import { exact } from '../../../words/numbers.ts'
import { Classifier } from './classifier.tsx'
import { Confusion } from './confusion.tsx'
import { OldCurves } from './old-curves.tsx'
import { Regression } from './regression.tsx'
import { SliceErrors } from './slice-errors.tsx'

const plan = 'gates: [ { champion: { data: azureml:held-out@latest, target: late } } ]'

/** How good a version is: what a release's gate kept of its predictions, as charts. */
export function Evaluation({ version }: { readonly version: ModelVersion }) {
  const query = useQuery(judgedQuery(useWorkspace(), version.id))
  return (
    <Answer query={query} rows={10}>
      {(judged) =>
        judged.length === 0 ? (
          <Panel>
            <Empty title="No release has judged its predictions yet" command={plan}>
              The gate <code>champion</code> of a release plan scores data that has the truth, with this
              version and with the one that reigns, and keeps what came of it.
            </Empty>
          </Panel>
        ) : (
          <Chosen judged={judged} version={version} />
        )
      }
    </Answer>
  )
}

function Chosen({ judged, version }: { readonly judged: readonly Judged[]; readonly version: ModelVersion }) {
  const to = usePaths()
  const best = judged.find(hasSummary) ?? judged[0]
  const keyOf = ({ release, stage, gate }: Judged) => `${labelOfRelease(release)} ${stage} ${gate.name}`
  const [chosen, setChosen] = useSearchWord('evidence', best === undefined ? '' : keyOf(best))
  const own = judged.find((one) => keyOf(one) === chosen) ?? best
  if (own === undefined) return null
  const { release, stage, gate, role } = own
  return (
    <Stack>
      <Panel
        title={
          <>
            {role === 'candidate' ? 'As candidate' : 'As champion'} <Status kind="gate" state={gate.state} />
          </>
        }
        subtitle={
          <>
            gate {gate.name} of stage {stage} in{' '}
            <Go to={to.release(namesIn(release.id)[1] ?? '', release.name)}>{labelOfRelease(release)}</Go>
          </>
        }
        actions={
          judged.length < 2 ? undefined : (
            <Select
              aria-label="Evaluation"
              data={[...new Set(judged.map(keyOf))]}
              value={keyOf(own)}
              onChange={(value) => setChosen(value ?? '')}
              allowDeselect={false}
              w={280}
            />
          )
        }
      >
        <p>{gate.result?.summary}</p>
      </Panel>
      {hasSummary(own) ? <Summarised judged={own} version={version} /> : <OldCurves judged={own} />}
    </Stack>
  )
}

function Summarised({ judged, version }: { readonly judged: Judged; readonly version: ModelVersion }) {
  const query = useQuery(summaryQuery(judged))
  return (
    <Answer query={query} rows={12}>
      {(summary) => {
        const { task, rows, data, target, independent } = summary
        // What the page is about comes first; colour follows the model, not its place.
        const models = summary.models.toSorted(
          (a, b) => Number(b.role === judged.role) - Number(a.role === judged.role),
        )
        const about = `${exact(rows)} rows of ${data}, target ${target}`
        return (
          <Stack>
            {independent ? null : (
              <p className="muted">
                The rows come in clusters, so intervals drawn here, which take them one by one, are too
                narrow; those of the gate are not.
              </p>
            )}
            {task === 'binary' && models[0]?.scores !== undefined ? (
              <Classifier summary={summary} models={models} about={about} />
            ) : null}
            {task === 'multiclass' || (task === 'binary' && models[0]?.scores === undefined) ? (
              <Confusion summary={summary} models={models} about={about} />
            ) : null}
            {task === 'regression' ? <Regression models={models} about={about} /> : null}
            <SliceErrors summary={summary} role={judged.role} version={version.name} />
          </Stack>
        )
      }}
    </Answer>
  )
}
