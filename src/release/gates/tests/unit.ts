import type { Gate } from '../gate.ts'
import { endedJob } from '../../../training/history/job-files.ts'
import { checkPrograms } from './check.ts'
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
