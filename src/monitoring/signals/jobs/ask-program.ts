import { createHash } from 'node:crypto'
import { stringify } from 'yaml'
import { errors } from '../../../kernel/errors.ts'
import type { Json } from '../../../kernel/resources/resource.ts'
import { anonymousEnvironment } from '../../../training/environments/anonymous.ts'
import { lastLines } from '../../../training/execution/tail.ts'
import { endedJob, fileOfJob, logOfJob } from '../../../training/history/job-files.ts'
import { NoData } from '../../populations/population.ts'
import type { SignalContext } from '../signal.ts'
import { giveRows, takeTables, type GivenRows } from './rows.ts'

/** A question that one of our programs in Python answers. */
export interface Question {
  /** Of `python/twinloop_signal`. */
  readonly program: string
  /** What the program is asked, as it reads it. */
  readonly ask: Json
  readonly rows: Readonly<Record<string, GivenRows>>
  /** Inputs beside the rows, such as a model. */
  readonly inputs?: Json
  /** Id of the environment; default: one with LightGBM. */
  readonly environment?: string
}

/** Known to work with one another on Python 3.10 and later. SHAP values of its own trees LightGBM computes itself, exactly. */
const packages = ['lightgbm==4.6.0', 'scikit-learn==1.7.2', 'pandas==2.3.3', 'pyarrow==22.0.0']

const answerFile = 'outputs/answer.json'

/**
 * Asks a program by a job of the run with this name: undefined while it runs, then what it answers. Throws NoData where the
 * program finds that the data do not answer the question, and conflict with its last words where it fails.
 */
export async function askProgram(
  context: SignalContext,
  name: string,
  question: () => Promise<Question>,
): Promise<Json | undefined> {
  const { platform } = context
  const resource = await context.job(name, async () => jobOf(context, name, await question()))
  const job = endedJob(resource)
  if (job === undefined) return undefined
  await takeTables(context, resource)
  const bytes = await fileOfJob(platform, job, answerFile)
  if (job.status.status !== 'Completed' || bytes === undefined) {
    const said = job.status.error?.message ?? lastLines(await logOfJob(platform, job), false)
    throw errors.conflict(`Job '${job.name}' failed: ${said === '' ? 'it says nothing.' : said}`)
  }
  const answer = JSON.parse(bytes.toString('utf8')) as Json
  if (typeof answer['problem'] === 'string') throw new NoData(answer['problem'])
  return answer
}

async function jobOf(context: SignalContext, name: string, question: Question): Promise<Json> {
  const { platform, workspaceId, monitor, planned } = context
  const { program, ask, rows, inputs = {}, environment } = question
  const given: Record<string, Json> = {}
  for (const [input, of] of Object.entries(rows))
    given[input] = await giveRows(context, nameOf(context, name, input), of)
  const all = { ...given, ...inputs }
  const names = Object.keys(all)
  return {
    jobType: 'Command',
    displayName: `${monitor.name}: ${planned.name}`,
    command: `python "$TWINLOOP_PYTHON/twinloop_signal/${program}" ${names
      .map((input) => `--${input} "\${{inputs.${input}}}"`)
      .join(' ')}`,
    environmentId:
      environment ??
      (await anonymousEnvironment(platform, workspaceId, {
        condaFile: stringify({ dependencies: ['python', 'pip', { pip: packages }] }),
      })),
    environmentVariables: { TWINLOOP_SIGNAL: JSON.stringify(ask) },
    inputs: all,
    limits: { jobLimitsType: 'Command', max_restarts: 3 },
    tags: { 'twinloop.monitor': monitor.name, 'twinloop.signal': planned.name },
  }
}

/** The same for the same rows of the same job, and different for any other. */
function nameOf({ workspaceId, monitor, planned, at }: SignalContext, job: string, input: string): string {
  const parts = [workspaceId, monitor.name, planned.name, at.toISOString(), job]
  return `${createHash('sha256').update(parts.join('\0')).digest('hex').slice(0, 24)}/${input}`
}
