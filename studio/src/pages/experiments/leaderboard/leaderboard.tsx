import { Button, Select } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import type { Job } from '../../../api/jobs.ts'
import { resourceQuery } from '../../../api/queries.ts'
import { namesQuery, type Names } from '../../../api/runs-list.ts'
import type { Run } from '../../../api/runs.ts'
import { trialsQuery, type Judging } from '../../../api/trials.ts'
import { useSearchWord } from '../../../frame/search.ts'
import { useWorkspace } from '../../../frame/workspace.ts'
import { Stack } from '../../../parts/page.tsx'
import { Panel } from '../../../parts/panel.tsx'
import { Answer, Empty, Loading } from '../../../parts/states.tsx'
import { DirectionMenu } from '../direction-menu.tsx'
import { tellDirection, type Objective } from '../direction.ts'
import { tagOf } from '../run-values.ts'
import { useDirections, type Directions } from '../use-direction.ts'
import { AllParameters } from './all-parameters.tsx'
import { Best } from './best.tsx'
import { Board } from './board.tsx'
import { ParameterImportance } from './importance.tsx'
import { objectiveOf, primaryMetric } from './judging.ts'
import { SoFar } from './so-far.tsx'

/**
 * The runs nested below one as tries of a search, ranked by a metric: of a grid search, of Optuna's or hyperopt's trials,
 * of a sweep or an AutoML job. What they are judged by is in the address (`metric`, `better`).
 */
export function Leaderboard({ run }: { readonly run: Run }) {
  const workspace = useWorkspace()
  const { experiment_id: experiment, run_id: id } = run.info
  const names = useQuery(namesQuery(workspace, experiment, id))
  const isJob = tagOf(run, 'azureml.jobType') !== undefined
  const job = useQuery({
    ...resourceQuery<Job['properties']>(`${workspace.id}/jobs/${id}`),
    enabled: isJob,
  })
  // What the job declares decides; until that is known nothing is ranked otherwise.
  if (isJob && job.isPending) return <Loading rows={8} />
  return (
    <Answer query={names} rows={8}>
      {(found) => (
        <Judged
          run={run}
          names={found}
          objective={job.data === undefined ? undefined : objectiveOf(job.data.properties, found.metrics)}
        />
      )}
    </Answer>
  )
}

function Judged({
  run,
  names,
  objective,
}: {
  readonly run: Run
  readonly names: Names
  readonly objective: Objective | undefined
}) {
  const [metric, setMetric] = useSearchWord('metric', primaryMetric(names.metrics, objective) ?? '')
  const directions = useDirections(objective)
  if (metric === '')
    return (
      <Panel>
        <Empty title="Its nested runs have logged no metric">
          Trials are ranked by one that each of them logs, as <code>mlflow.log_metric</code> and autologging
          do.
        </Empty>
      </Panel>
    )
  const { direction } = directions.of(metric)
  return (
    <Stack>
      <Panel>
        <div style={{ display: 'flex', flexWrap: 'wrap', alignItems: 'center', gap: 8 }}>
          <Select
            label="Ranked by"
            data={[...new Set([...names.metrics.map(({ name }) => name), metric])]}
            value={metric}
            onChange={(value) => setMetric(value ?? '')}
            allowDeselect={false}
            searchable
            w={260}
          />
          <span
            style={{ alignSelf: 'end', display: 'inline-flex', alignItems: 'center', minHeight: 36, gap: 4 }}
          >
            <DirectionMenu metric={metric} directions={directions} />
            <span className="muted">{tellDirection(directions.of(metric))}</span>
          </span>
        </div>
      </Panel>
      {direction === 0 ? (
        <Ask metric={metric} directions={directions} />
      ) : (
        <Ranked
          run={run}
          names={names}
          direction={direction}
          judging={{
            metric,
            goal: direction === 1 ? 'Maximize' : 'Minimize',
            filter: {
              experiments: [run.info.experiment_id],
              words: '',
              filter: '',
              parent: run.info.run_id,
              isTop: false,
            },
          }}
        />
      )}
    </Stack>
  )
}

/** Nobody said which way is better: nothing is ranked by a guess. */
const Ask = ({ metric, directions }: { readonly metric: string; readonly directions: Directions }) => (
  <Panel>
    <Empty title={`Which way is ${metric} better?`}>
      Neither a job nor the metric's name says so.
      <span style={{ display: 'flex', justifyContent: 'center', gap: 8, marginTop: 12 }}>
        <Button variant="default" onClick={() => directions.choose(metric, 1)}>
          Higher is better
        </Button>
        <Button variant="default" onClick={() => directions.choose(metric, -1)}>
          Lower is better
        </Button>
      </span>
    </Empty>
  </Panel>
)

function Ranked({
  run,
  names,
  direction,
  judging,
}: {
  readonly run: Run
  readonly names: Names
  readonly direction: 1 | -1
  readonly judging: Judging
}) {
  const [word, setOver] = useSearchWord('over', 'number')
  const over = word === 'time' ? 'time' : 'number'
  const query = useQuery(trialsQuery(useWorkspace(), judging, over === 'time' ? 'ended' : 'started'))
  const { metric } = judging
  return (
    <Answer query={query} rows={12}>
      {(found) => (
        <Stack>
          {found.best === null ? null : (
            <Best
              best={found.best}
              telling={found.importance.parameters.map(({ name }) => name)}
              metric={metric}
              experiment={run.info.experiment_id}
            />
          )}
          <SoFar
            found={found}
            metric={metric}
            experiment={run.info.experiment_id}
            over={over}
            onOver={setOver}
          />
          <ParameterImportance importance={found.importance} metric={metric} direction={direction} />
          <AllParameters found={found} metric={metric} direction={direction} />
          <Panel
            title="Trials"
            subtitle="ranked is what finished with a number; equal values share a rank"
            flush
          >
            <Board
              judging={judging}
              names={names}
              telling={found.importance.parameters.map(({ name }) => name)}
              best={found.best?.value ?? undefined}
            />
          </Panel>
        </Stack>
      )}
    </Answer>
  )
}
