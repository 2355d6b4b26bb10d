import { useNavigate } from '@tanstack/react-router'
import type { Job } from '../../api/jobs.ts'
import { usePaths } from '../../frame/workspace.ts'
import { Graph } from '../../parts/graph/graph.tsx'
import { Panel } from '../../parts/panel.tsx'
import { StatusDot } from '../../parts/status.tsx'
import { Took } from '../../parts/time.tsx'
import { lookOf } from '../../words/status.ts'
import { edgesOf } from './pipeline-edges.ts'
import style from './jobs.module.css'

/** How a step that has become no job is called in the words of jobs. */
const stateWords: Readonly<Record<string, string>> = {
  skipped: 'Canceled',
  failed: 'Failed',
  completed: 'Completed',
}

/** The pipeline as a picture, with how each step stands now. */
export function Pipeline({ job, steps }: { readonly job: Job; readonly steps: readonly Job[] }) {
  const navigate = useNavigate()
  const to = usePaths()
  const { jobs = {}, steps: records = {} } = job.properties
  const nodes = Object.keys(jobs).map((name) => {
    const step = steps.find(({ properties }) => properties.stepName === name)
    const state = step?.properties.status ?? stateWords[records[name]?.state ?? ''] ?? 'NotStarted'
    const reused = step?.properties.reusedFrom !== undefined
    return {
      id: name,
      label: `${name}, ${lookOf('job', state).word}${reused ? ', reused' : ''}`,
      onOpen: step === undefined ? undefined : () => void navigate({ to: to.job(step.name) as '/' }),
      content: (
        <>
          <StatusDot kind="job" state={state} />
          <span className={style.step}>
            <strong>{name}</strong>
            <span className="muted">
              {reused ? (
                'reused'
              ) : records[name]?.state === 'skipped' ? (
                'not run'
              ) : step?.properties.startTime === undefined ? (
                lookOf('job', state).word
              ) : (
                <Took from={step.properties.startTime} to={step.properties.endTime} />
              )}
            </span>
          </span>
        </>
      ),
    }
  })
  const running = new Set(
    steps
      .filter(({ properties }) => properties.status === 'Running')
      .map(({ properties }) => properties.stepName ?? ''),
  )
  const edges = edgesOf(jobs).map((edge) => ({ ...edge, isMoving: running.has(edge.to) }))
  return (
    <Panel title="Pipeline" subtitle={`${nodes.length} steps; select one to open it`} flush>
      <Graph nodes={nodes} edges={edges} label={`Pipeline of ${nodes.length} steps`} />
    </Panel>
  )
}
