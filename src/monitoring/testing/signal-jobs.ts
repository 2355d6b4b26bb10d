import { execFile } from 'node:child_process'
import { randomUUID } from 'node:crypto'
import { mkdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { containerOf } from '../../data/containers.ts'
import { parseReference } from '../../data/locations.ts'
import type { Json, Resource } from '../../kernel/resources/resource.ts'
import type { TestApp } from '../../testing/app.ts'
import { pythonWith } from '../../testing/test-cache.ts'
import type { Asked } from './signal-lab.ts'

/** Makes the jobs of a signal on a server, and waits for them. */
export const realJobs =
  (t: TestApp): NonNullable<Asked['job']> =>
  async (name, properties) => {
    const { platform } = t.app
    const actor = await platform.access.authenticate(new Headers({ authorization: `Bearer ${t.token}` }))
    const id = `${t.workspace}/jobs/signal-${randomUUID().slice(0, 8)}-${name}`
    await platform.resources.put(actor, id, { properties })
    await t.until(id, ({ status }) => ['Completed', 'Failed', 'Canceled'].includes(String(status)))
    return platform.resources.get(id)
  }

/** A job as a test is told of it: what it is asked, and how the rows that it is given can be laid out. */
export interface SignalJob {
  readonly name: string
  readonly properties: Json
  readonly ask: Json
  /** Lays an input out below a folder, for DuckDB or Python to read; returns the file. */
  layOut(input: string, folder: string): Promise<string>
}

/** Answers jobs of a signal in place of its program; a text is what a failed job printed. */
export const answeringJobs =
  (
    t: TestApp,
    answer: (job: SignalJob) => Json | string | Promise<Json | string>,
  ): NonNullable<Asked['job']> =>
  async (name, properties) => {
    const { artifacts, resources } = t.app.platform
    const workspace = await resources.get(t.workspace)
    const job = `answered-${randomUUID().slice(0, 8)}`
    const variables = properties['environmentVariables'] as Readonly<Record<string, string>>
    const inputs = properties['inputs'] as Readonly<Record<string, { readonly uri: string }>>
    const said = await answer({
      name,
      properties,
      ask: JSON.parse(variables['TWINLOOP_SIGNAL'] ?? '{}') as Json,
      async layOut(input, folder) {
        const reference = parseReference(inputs[input]?.uri ?? '')
        if (reference.kind !== 'datastore') throw new Error(`${input} is no blob of the workspace.`)
        mkdirSync(join(folder, job), { recursive: true })
        await artifacts.checkout(
          { container: containerOf(workspace, 'blobstore'), path: reference.path },
          join(folder, job),
        )
        return join(folder, job, reference.path.split('/').at(-1) ?? '')
      },
    })
    const isFailed = typeof said === 'string'
    const path = isFailed ? 'user_logs/std_log.txt' : 'outputs/answer.json'
    await artifacts.put(
      { container: containerOf(workspace, 'artifacts'), path: `ExperimentRun/dcid.${job}/${path}` },
      Buffer.from(isFailed ? said : JSON.stringify(said)),
    )
    return {
      id: `${t.workspace}/jobs/${job}`,
      name: job,
      parent: t.workspace.toLowerCase(),
      properties,
      status: { status: isFailed ? 'Failed' : 'Completed' },
    } as unknown as Resource
  }

/** What NannyML needs to be imported, and shap, which it is compared with. */
const nannymlPackages = ['nannyml==0.13.1', 'statsmodels==0.15.0', 'shap==0.51.0', 'pandas<3']

/** A Python with NannyML: the independent implementation that signals are held against. */
export const nannyml = (): Promise<string> => pythonWith('nannyml-0.13.1-2', nannymlPackages)

/** One thread: several wait for one another where the machine is busy, and sum up in another order. */
const alone = { OMP_NUM_THREADS: '1' }

/** Runs a program in Python and answers with the JSON on the last line that it prints. */
export async function oracle(python: string, program: string, ...args: readonly string[]): Promise<unknown> {
  const { stdout } = await promisify(execFile)(python, ['-W', 'ignore', '-c', program, ...args], {
    maxBuffer: 1 << 26,
    env: { ...process.env, ...alone, NML_DISABLE_USAGE_LOGGING: '1' },
  })
  return JSON.parse(stdout.trim().split('\n').at(-1) ?? '') as unknown
}

/** Runs one of our programs in a Python of the test's, as a job would. */
export async function runProgram(
  python: string,
  program: string,
  ask: Json,
  inputs: Readonly<Record<string, string>>,
  folder: string,
): Promise<Json> {
  const file = join(import.meta.dirname, '..', '..', '..', 'python', 'twinloop_signal', program)
  const given = Object.entries(inputs).flatMap(([name, value]) => [`--${name}`, value])
  await promisify(execFile)(python, ['-W', 'ignore', file, ...given], {
    cwd: folder,
    env: { ...process.env, ...alone, TWINLOOP_SIGNAL: JSON.stringify(ask) },
  })
  return JSON.parse(readFileSync(join(folder, 'outputs', 'answer.json'), 'utf8')) as Json
}
