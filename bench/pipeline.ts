import { shown, type Figure } from './figures.ts'
import { json } from './load.ts'
import { median } from './processes.ts'
import type { Server } from './servers.ts'

const workspace =
  '/subscriptions/00000000-0000-0000-0000-000000000001/resourceGroups/twinloop/providers/Microsoft.MachineLearningServices/workspaces/dev'

interface StatusEvent {
  readonly type: string
  readonly time: string
  readonly data: { readonly runId?: string; readonly runStatus?: string }
}

/**
 * The overhead of warm pipeline steps: a chain of steps that do nothing, in an environment that is built, with reuse
 * off. Times are those of the status events: from queued to running, and from one step's queueing to the next one's.
 */
export async function measureStep(server: Server, steps: number): Promise<Figure[]> {
  const environment = await json<{ id: string }>(
    server,
    'PUT',
    `${workspace}/environments/bench/versions/1`,
    { properties: { image: 'none', condaFile: 'dependencies: [python, {pip: [six]}]' } },
  )
  const component = await json<{ id: string }>(server, 'PUT', `${workspace}/components/noop/versions/1`, {
    properties: {
      componentSpec: {
        type: 'command',
        name: 'noop',
        version: '1',
        command: 'true $[[${{inputs.after}}]]',
        environment: `azureml:${environment.id}`,
        inputs: { after: { type: 'uri_folder', optional: true } },
        outputs: { done: { type: 'uri_folder' } },
      },
    },
  })
  await runChain(server, 'bench_warm', component.id, 1)
  const events = await runChain(server, 'bench_chain', component.id, steps)
  const at = (status: string) =>
    events
      .filter((e) => e.data.runStatus === status && e.data.runId !== 'bench_chain')
      .map((e) => Date.parse(e.time))
  const [queued, running] = [at('Queued'), at('Running')]
  const overheads = running.map((time, i) => time - (queued[i] ?? Number.NaN))
  const rounds = queued.slice(1).map((time, i) => time - (queued[i] ?? Number.NaN))
  const figure = (what: string, values: readonly number[]) => ({
    server: server.name,
    what,
    text: `**${shown(median(values))} ms** (${shown(Math.min(...values))} to ${shown(Math.max(...values))})`,
  })
  return [
    figure('warm no-op pipeline step, queued → running', overheads),
    figure('warm no-op pipeline step, queued → next one queued', rounds),
  ]
}

/** Runs a pipeline of `count` steps one after another and returns the status events of it all. */
async function runChain(
  server: Server,
  name: string,
  component: string,
  count: number,
): Promise<StatusEvent[]> {
  const stream = await fetch(
    `${server.url}${workspace}/providers/Twinloop/events?types=Microsoft.MachineLearningServices.RunStatusChanged`,
    { headers: server.headers },
  )
  const step = (i: number) => ({
    name: `s${i}`,
    type: 'command',
    componentId: component,
    inputs:
      i === 0
        ? {}
        : { after: { job_input_type: 'literal', value: `\${{parent.jobs.s${i - 1}.outputs.done}}` } },
  })
  await json(server, 'PUT', `${workspace}/jobs/${name}`, {
    properties: {
      jobType: 'Pipeline',
      experimentName: 'bench',
      settings: { force_rerun: true },
      jobs: Object.fromEntries(Array.from({ length: count }, (_, i) => [`s${i}`, step(i)])),
    },
  })
  const events: StatusEvent[] = []
  let text = ''
  for await (const chunk of stream.body?.pipeThrough(new TextDecoderStream()) ?? []) {
    const lines = `${text}${chunk}`.split('\n')
    text = lines.pop() ?? ''
    for (const line of lines)
      if (line.startsWith('data: ')) events.push(JSON.parse(line.slice(6)) as StatusEvent)
    const end = events.find(
      (e) => e.data.runId === name && /^(Completed|Failed|Canceled)$/.test(e.data.runStatus ?? ''),
    )
    if (end?.data.runStatus === 'Completed') return events
    if (end !== undefined) throw new Error(`the pipeline ended ${end.data.runStatus}`)
  }
  throw new Error('the event stream ended before the pipeline')
}
