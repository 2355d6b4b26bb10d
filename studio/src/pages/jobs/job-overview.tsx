import { useQuery } from '@tanstack/react-query'
import type { Job, JobInput, JobOutput } from '../../api/jobs.ts'
import { stepsQuery } from '../../api/jobs.ts'
import { labelOf } from '../../api/resource.ts'
import { pathOf } from '../../frame/paths.ts'
import { usePaths, useWorkspace } from '../../frame/workspace.ts'
import { Command, Copy } from '../../parts/copy.tsx'
import { Go } from '../../parts/go.tsx'
import { Columns, Stack } from '../../parts/page.tsx'
import { Facts, Panel } from '../../parts/panel.tsx'
import { EnvironmentBuild } from './environment-build.tsx'
import { FailureCard } from './failure-card.tsx'
import { Insight } from './insight/insight.tsx'
import { Pipeline } from './pipeline.tsx'
import { Steps } from './steps.tsx'

/** First what went wrong, then what it is made of, then what it was given and gave. */
export function JobOverview({ job }: { readonly job: Job }) {
  const { properties } = job
  const isPipeline = properties.jobType === 'Pipeline'
  const workspace = useWorkspace()
  const { data: steps = [] } = useQuery({ ...stepsQuery(workspace.id, job.name), enabled: isPipeline })
  return (
    <Stack>
      <FailureCard job={job} steps={steps} />
      {isPipeline ? null : <EnvironmentBuild job={job} />}
      <Insight job={job} />
      {isPipeline ? (
        <>
          <Pipeline job={job} steps={steps} />
          <Steps steps={steps} />
        </>
      ) : null}
      {properties.command === undefined ? null : (
        <Panel title="Command">
          <Command text={properties.command} />
        </Panel>
      )}
      <Columns>
        <Panel title="Inputs">
          <InputsAndOutputs values={properties.inputs ?? {}} none="It takes no inputs." />
        </Panel>
        <Panel title="Outputs">
          <InputsAndOutputs values={properties.outputs ?? {}} none="It names no outputs." />
        </Panel>
      </Columns>
      <About job={job} />
    </Stack>
  )
}

export function InputsAndOutputs({
  values,
  none,
}: {
  readonly values: Readonly<Record<string, JobInput | JobOutput>>
  readonly none: string
}) {
  const all = Object.entries(values)
  if (all.length === 0) return <p className="muted">{none}</p>
  return <Facts facts={all.map(([name, value]) => ({ name, value: <Value value={value} /> }))} />
}

function Value({ value }: { readonly value: JobInput & JobOutput }) {
  const workspace = useWorkspace()
  const { uri, value: literal } = value
  if (literal !== undefined) return <span className="mono">{literal}</span>
  if (uri === undefined)
    return <span className="muted">{value.jobOutputType ?? value.jobInputType}, not there yet</span>
  const to = uri.startsWith('/') ? pathOf(workspace.key, uri) : undefined
  if (to !== undefined) return <Go to={to}>{labelOf(uri)}</Go>
  const short = uri.replace(/^azureml:\/\/subscriptions\/.*\/datastores\//, '').replace('/paths/', '/')
  return (
    <span className="mono" title={uri}>
      {short} <Copy text={uri} what="address" />
    </span>
  )
}

/** What an id means, with the way to its page where it has one in this workspace. */
function Asset({ id }: { readonly id: string }) {
  const workspace = useWorkspace()
  const isOwn = id.toLowerCase().startsWith(`${workspace.id.toLowerCase()}/`)
  const to = isOwn ? pathOf(workspace.key, id) : undefined
  return to === undefined ? labelOf(id) : <Go to={to}>{labelOf(id)}</Go>
}

function About({ job }: { readonly job: Job }) {
  const { properties } = job
  const to = usePaths()
  const git = properties.properties ?? {}
  const commit = git['mlflow.source.git.commit']
  const environment = properties.environmentId?.replace(/^azureml:/, '')
  return (
    <Panel title="About">
      <Facts
        columns={2}
        facts={[
          { name: 'Description', value: properties.description },
          { name: 'Experiment', value: properties.experimentName },
          { name: 'Compute', value: properties.computeId?.split('/').at(-1) ?? 'local' },
          { name: 'Environment', value: environment === undefined ? undefined : <Asset id={environment} /> },
          {
            name: 'Code',
            value:
              properties.codeId === undefined ? undefined : (
                <Go to={to.job(job.name)} search={{ tab: 'code' }}>
                  {labelOf(properties.codeId)}
                </Go>
              ),
          },
          {
            name: 'Commit',
            value:
              commit === undefined ? undefined : (
                <span className="mono">
                  {commit.slice(0, 10)} on {git['mlflow.source.git.branch'] ?? '?'}
                  {git['azureml.git.dirty'] === 'True' ? ', with changes' : ''}
                </span>
              ),
          },
          {
            name: 'Results of',
            value:
              properties.reusedFrom === undefined ? undefined : (
                <Go to={to.job(properties.reusedFrom)}>{properties.reusedFrom}</Go>
              ),
          },
          ...(properties.warnings ?? []).map((warning, i) => ({
            name: i === 0 ? 'Warnings' : '',
            value: warning,
          })),
          ...Object.entries(properties.tags ?? {}).map(([name, value]) => ({ name, value })),
        ]}
      />
    </Panel>
  )
}
