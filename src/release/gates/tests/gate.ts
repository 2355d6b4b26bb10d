import { UserError } from '../../../kernel/errors.ts'
import { environmentNamed } from '../../origin/environment.ts'
import { findCode } from '../../../training/programs.ts'
import type { Gate, PlanContext, PlanMistake } from '../gate.ts'
import { endedJob } from '../job-files.ts'
import { testJob } from './job.ts'
import { unitTestParameters, type TestParameters } from './parameters.ts'
import { testsFragment } from './report.ts'
import { resultOf } from './result.ts'

/** Whether the project's own tests pass, on the code that made the candidate. */
export const unitTests: Gate<TestParameters> = {
  name: 'unit_tests',
  summary: "Runs the project's own pytest on the code that made the candidate, in its environment.",
  parameters: unitTestParameters,
  folders: ['code'],
  check: checkPrograms,
  async advance(given, context) {
    const job = endedJob(await context.job('tests', () => testJob(given, context)))
    if (job === undefined) return { doing: `runs ${given.command}` }
    return { result: await resultOf(job, context) }
  },
  report: testsFragment,
}

/** What a plan names is there. */
export async function checkPrograms(
  given: Pick<TestParameters, 'code' | 'environment'>,
  { platform, workspaceId }: PlanContext,
): Promise<readonly PlanMistake[]> {
  const { code, environment } = given
  const looks: readonly (readonly [string, () => Promise<unknown>])[] = [
    ...(code === undefined
      ? []
      : [['code', () => findCode(code, { platform, workspace: workspaceId, target: 'code' })] as const]),
    ...(environment === undefined
      ? []
      : [['environment', () => environmentNamed(platform, workspaceId, environment)] as const]),
  ]
  const mistakes: PlanMistake[] = []
  for (const [path, look] of looks)
    try {
      await look()
    } catch (error) {
      if (!(error instanceof UserError)) throw error
      mistakes.push({ path: [path], message: error.message })
    }
  return mistakes
}
