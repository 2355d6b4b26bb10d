import { plural } from '../../../data/contracts/words/say.ts'
import { errors } from '../../../kernel/errors.ts'
import type { Job } from '../../../training/jobs/job.ts'
import { lastLines } from '../../../training/execution/tail.ts'
import type { EvidenceFile, GateContext, GateResult, GateVerdict } from '../gate.ts'
import { fileOfJob, logOfJob } from '../../../training/history/job-files.ts'
import { exitCodeFile, reportFile } from './job.ts'
import { readJunit, type TestCase } from './junit.ts'

/** Exit codes of pytest by which nobody knows how the tests are. */
const unknown: Readonly<Record<string, string>> = {
  2: 'pytest was interrupted, as it is when a test file cannot be imported',
  3: 'pytest itself broke down',
  4: 'pytest was called in a way that it does not understand, as with a folder that is not there',
  5: 'pytest found no tests',
}

/** More tests than these are counted, and those that did not pass are listed. */
const mostListed = 5000

/**
 * What the tests of a finished job say. Report and log are kept. Throws where nobody knows: the job never began, pytest
 * could not run, or did not report.
 */
export async function resultOf(job: Job, context: GateContext): Promise<GateResult> {
  const { platform } = context
  const code = (await fileOfJob(platform, job, exitCodeFile))?.toString('utf8').trim()
  const xml = (await fileOfJob(platform, job, reportFile))?.toString('utf8')
  const log = await logOfJob(platform, job)
  const files: EvidenceFile[] = []
  const kept = {
    name: 'tests.log',
    title: 'What the tests printed',
    contentType: 'text/plain; charset=utf-8',
  }
  if (log !== '') files.push(await context.keep(kept, log))
  const report = { name: 'junit.xml', title: 'JUnit report of pytest', contentType: 'application/xml' }
  if (xml !== undefined) files.push(await context.keep(report, xml))
  const tests = xml === undefined ? [] : readJunit(xml)
  if (code === undefined)
    throw errors.conflict(
      `The tests did not end (job ${job.name}): ${job.status.error?.message ?? job.status.status}`,
    )
  if ((code !== '0' && code !== '1') || xml === undefined) throw unclear(code, xml, tests, log)
  return judge(tests, code, files, job)
}

function unclear(code: string, xml: string | undefined, tests: readonly TestCase[], log: string): Error {
  const broken = tests.find(({ outcome }) => outcome === 'error')
  const why =
    unknown[code] ??
    (xml === undefined
      ? `the command ended with exit code ${code} and pytest left no report (does the command call pytest, and without a --junitxml of its own?)`
      : `the command ended with exit code ${code}`)
  const said = broken?.text ?? broken?.message ?? lastLines(log, false)
  return errors.conflict(`The tests could not be run: ${why}.${said === '' ? '' : `\n${said}`}`)
}

function judge(
  tests: readonly TestCase[],
  code: string,
  files: readonly EvidenceFile[],
  job: Job,
): GateResult {
  const of = (outcome: TestCase['outcome']) => tests.filter((test) => test.outcome === outcome)
  const bad = [...of('failed'), ...of('error')]
  const [passed, skipped] = [of('passed').length, of('skipped').length]
  const verdict: GateVerdict =
    bad.length > 0 || code === '1' ? 'fail' : passed === 0 ? 'inconclusive' : 'pass'
  const seconds = tests.reduce((sum, test) => sum + test.seconds, 0)
  const [first] = bad
  const others = skipped === 0 ? '' : ` (${skipped} skipped)`
  return {
    verdict,
    summary:
      first !== undefined
        ? `${plural(bad.length, 'test')} of ${tests.length} failed: ${first.name}: ${brief(first)}`
        : verdict === 'fail'
          ? 'The command failed, though no test did.'
          : passed === 0
            ? `No test was run: all ${skipped} were skipped.`
            : `${plural(passed, 'test')} passed${others} in ${seconds.toFixed(1)} s.`,
    measures: [
      { name: 'tests_passed', estimate: passed, n: tests.length },
      { name: 'tests_failed', estimate: bad.length, n: tests.length, limit: 'none', verdict },
      { name: 'tests_skipped', estimate: skipped, n: tests.length },
    ],
    notes: [`Run by job ${job.name}.`, ...(job.status.warnings ?? [])],
    files,
    details: { job: job.id, seconds, tests: tests.length > mostListed ? bad.slice(0, mostListed) : tests },
  }
}

const brief = ({ message, outcome }: TestCase) => {
  const line = (message ?? outcome).split('\n')[0] ?? ''
  return line.length > 200 ? `${line.slice(0, 199)}…` : line
}
