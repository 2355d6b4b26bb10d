import type { CloudEvent } from '../server/event-stream.ts'
import type { Job, Run } from '../server/run.ts'
import { seconds, turning } from './screen.ts'
import type { Screen } from './screen.ts'
import type { Twinloop } from '../server/twinloop.ts'

/** A step that has begun: its job, its run, and when it was first seen, for its duration while it goes on. */
interface Step {
  readonly job: Job
  readonly run: Run
  readonly since: number
}

/** What a finished step has to say for itself, in a few words from what its run logged. */
export type Summary = (step: string, run: Run) => string

const terminal = ['Completed', 'Failed', 'Canceled']
const statusChanged = 'Microsoft.MachineLearningServices.RunStatusChanged'

/**
 * Submits a pipeline (or names one that goes on), shows its steps as they go, and returns their runs by name once it has completed. Throws with the
 * failed step's own words if it fails, and cancels the pipeline if following it is interrupted. Nothing is polled: the
 * server tells when a job's status has changed.
 */
export async function followPipeline(
  twinloop: Twinloop,
  screen: Screen,
  submit: () => Promise<string>,
  summary: Summary,
): Promise<ReadonlyMap<string, Run>> {
  // Listened to before the job exists, so that no change is missed.
  const events = await twinloop.events([statusChanged])
  const name = await submit()
  const submitted = await twinloop.get<Job>(`jobs/${name}`)
  const order = Object.keys(submitted.properties.jobs ?? {})
  const steps = new Map<string, Step>()

  screen.line(` ● train         pipeline ${name}`)
  const finish = screen.live(() => rows(order, steps, summary))
  try {
    // One that has been submitted before may have begun, or even ended.
    for (const step of await childrenOf(twinloop, name)) await look(twinloop, steps, step)
    const { status } = (await twinloop.get<Job>(`jobs/${name}`)).properties
    if (!terminal.includes(status)) await untilEnded(name, events, (step) => look(twinloop, steps, step))
  } catch (error) {
    await twinloop.atEnd('job', 'cancel', '--name', name)
    throw error
  } finally {
    finish(rows(order, steps, summary))
  }
  const pipeline = await twinloop.get<Job>(`jobs/${name}`)
  if (pipeline.properties.status !== 'Completed') throw new Error(await reason(twinloop, pipeline, steps))
  return new Map([...steps].map(([step, { run }]) => [step, run]))
}

async function childrenOf(twinloop: Twinloop, pipeline: string): Promise<readonly string[]> {
  const listed = await twinloop.command(
    'job',
    'list',
    '--parent-job-name',
    pipeline,
    '--query',
    '[].name',
    '-o',
    'tsv',
  )
  return listed.split('\n').filter((name) => name !== '')
}

/** Reads events until the pipeline's own end, which comes after those of its steps. */
async function untilEnded(
  pipeline: string,
  events: AsyncIterable<CloudEvent>,
  stepChanged: (job: string) => Promise<void>,
): Promise<void> {
  for await (const { data } of events) {
    if (data['parentRunId'] === pipeline) await stepChanged(String(data['runId']))
    if (data['runId'] === pipeline && terminal.includes(String(data['runStatus']))) return
  }
  throw new Error('The event stream ended before the pipeline.')
}

async function look(twinloop: Twinloop, steps: Map<string, Step>, name: string): Promise<void> {
  const job = await twinloop.get<Job>(`jobs/${name}`)
  const { run } = await twinloop.get<{ run: Run }>(`/api/2.0/mlflow/runs/get?run_id=${name}`)
  const step = job.properties.displayName
  steps.set(step, { job, run, since: steps.get(step)?.since ?? Date.now() })
}

function rows(order: readonly string[], steps: ReadonlyMap<string, Step>, summary: Summary): string[] {
  return order.map((name, i) => {
    const branch = i === order.length - 1 ? '└' : '├'
    const step = steps.get(name)
    return `   ${branch} ${step === undefined ? `· ${name}` : row(name, step, summary)}`
  })
}

function row(name: string, { job, run, since }: Step, summary: Summary): string {
  const { status, properties } = job.properties
  const line = (sign: string, time: string, words: string) =>
    `${sign} ${name.padEnd(11)}${time.padStart(8)}   ${words}`
  const reused = properties['azureml.isreused'] === 'true'
  if (status === 'Completed') return line('✓', reused ? 'reused' : duration(run), summary(name, run))
  if (terminal.includes(status)) return line('✗', duration(run), status.toLowerCase())
  const words = status === 'Preparing' ? 'preparing its environment' : status.toLowerCase()
  return line(turning(), seconds(Date.now() - since), words)
}

const duration = ({ info }: Run): string =>
  info.start_time === undefined || info.end_time === undefined ? '' : seconds(info.end_time - info.start_time)

/** Why a pipeline did not complete: the failed step's error, and the end of its log. */
async function reason(twinloop: Twinloop, pipeline: Job, steps: ReadonlyMap<string, Step>): Promise<string> {
  const failed = [...steps.values()].find(({ job }) => job.properties.status === 'Failed')?.job ?? pipeline
  const { displayName, status, error } = failed.properties
  const log = await twinloop.command('job', 'stream', '--name', failed.name).catch((e: Error) => e.message)
  const end = log.trim().split('\n').slice(-20).join('\n')
  return `${displayName} (${failed.name}) is ${status}. ${error?.message ?? ''}\n${end}`
}
