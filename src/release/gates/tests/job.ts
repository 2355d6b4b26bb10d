import { errors } from '../../../kernel/errors.ts'
import type { Json } from '../../../kernel/resources/resource.ts'
import { bringCode } from '../../origin/code.ts'
import { environmentNamed, environmentWith, modelSpecification } from '../../origin/environment.ts'
import { makerOf, requireReadable } from '../../origin/maker.ts'
import type { GateContext } from '../gate.ts'
import { milliseconds } from '../parameters.ts'
import type { TestParameters } from './parameters.ts'

/** Where the command leaves what it found, below the folder of the code. */
export const reportFile = 'outputs/tests/junit.xml'
export const exitCodeFile = 'outputs/tests/exit-code'

/** Versions whose exit codes and reports are understood, newest that the interpreter takes. */
const pytest = 'pytest>=7,<10'

/**
 * The command job that runs a project's tests in the stage's workspace. Throws a UserError where it is not known what to
 * run, or in what.
 */
export async function testJob(
  given: TestParameters,
  context: GateContext,
  more: { readonly setup?: string; readonly variables?: Readonly<Record<string, string>> } = {},
): Promise<Json> {
  const { platform, workspaceId, candidate, release } = context
  const maker = await makerOf(platform, candidate.resource)
  if (maker !== undefined) await requireReadable(platform, context.actor, maker.job)
  const base =
    given.environment !== undefined
      ? await environmentNamed(platform, workspaceId, given.environment)
      : typeof maker?.job.properties.environmentId === 'string'
        ? await environmentNamed(platform, maker.workspace, maker.job.properties.environmentId)
        : await modelSpecification(platform, candidate)
  return {
    jobType: 'Command',
    command: command(given.command, more.setup),
    codeId: await codeOf(given, context, maker),
    environmentId: await environmentWith(platform, workspaceId, base, [pytest, ...given.packages]),
    environmentVariables: {
      TWINLOOP_MODEL_NAME: candidate.name,
      TWINLOOP_MODEL_VERSION: candidate.version,
      ...more.variables,
      ...given.environment_variables,
    },
    inputs: Object.fromEntries(Object.entries(given.inputs).map(([name, value]) => [name, inputOf(value)])),
    limits: { jobLimitsType: 'Command', timeout: `PT${Math.ceil(milliseconds(given.timeout) / 1000)}S` },
    tags: { 'twinloop.release': release.label, 'twinloop.stage': context.stage },
  }
}

async function codeOf(
  given: TestParameters,
  { platform, actor, workspaceId, candidate }: GateContext,
  maker: Awaited<ReturnType<typeof makerOf>>,
): Promise<string> {
  const bringing = { platform, actor, workspaceId }
  if (given.code !== undefined) return bringCode(bringing, workspaceId, given.code)
  const code = maker?.job.properties.codeId
  if (maker !== undefined && typeof code === 'string' && code !== '')
    return bringCode(bringing, maker.workspace, code)
  const why =
    maker === undefined
      ? `no job is known that made ${candidate.name}:${candidate.version}`
      : `job '${maker.job.name}', which made ${candidate.name}:${candidate.version}, has no code`
  throw errors.validation(`It is not known where the tests are: ${why}. Name the code in the plan (code:).`, {
    target: 'code',
  })
}

/** Text is a reference where it reads as one, else a literal. */
const inputOf = (value: string | number | boolean): Json =>
  typeof value === 'string' && /^azureml:|^(?:https?|runs|models):\//.test(value)
    ? { jobInputType: 'uri_folder', uri: value, mode: 'ReadOnlyMount' }
    : { jobInputType: 'literal', value: String(value) }

/**
 * The user's command in a shell of its own, so that it may exit and set what it likes, with pytest told where to report.
 * The job ends as it ended: a failed test is a failed job.
 */
const command = (users: string, setup = ''): string => `mkdir -p outputs/tests
export PYTEST_ADDOPTS="\${PYTEST_ADDOPTS:-} --junitxml='$PWD/${reportFile}' -o junit_family=xunit2"
export PYTHONPATH="$PWD\${PYTHONPATH:+:$PYTHONPATH}"
${setup}
(
${users}
)
code=$?
echo $code > ${exitCodeFile}
exit $code`
