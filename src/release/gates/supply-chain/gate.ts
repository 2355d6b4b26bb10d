import { UserError } from '../../../kernel/errors.ts'
import { environmentNamed, modelSpecification } from '../../origin/environment.ts'
import { errors } from '../../../kernel/errors.ts'
import type { Job } from '../../../training/jobs/job.ts'
import type { Gate, GateContext, PlanMistake } from '../gate.ts'
import { fragment, table } from '../../report/fragment.ts'
import { endedJob, fileOfJob } from '../../../training/history/job-files.ts'
import { auditOf, auditReport, pickleReport, type Audit } from './findings.ts'
import { auditFile, auditJob, picklesFile, scanJob } from './jobs.ts'
import { manifestOf } from './manifest.ts'
import { supplyChainParameters, type SupplyChainParameters } from './parameters.ts'
import { pinsOf, type Pins } from './pins.ts'
import { judge, type Danger } from './result.ts'

/** Whether the candidate's files are safe to load, and what it runs on is what it ran on. */
export const supplyChain: Gate<SupplyChainParameters> = {
  name: 'supply_chain',
  summary:
    "Scans the candidate's pickles before anything loads them, and looks at its environment's packages.",
  parameters: supplyChainParameters,
  precautionary: true,

  async check({ environment, audit_service, audit_url }, { platform, workspaceId }) {
    const mistakes: PlanMistake[] = []
    if (audit_url !== undefined && audit_service !== 'osv')
      mistakes.push({ path: ['audit_url'], message: 'Only audit_service: osv can be asked elsewhere.' })
    try {
      if (environment !== undefined) await environmentNamed(platform, workspaceId, environment)
    } catch (error) {
      if (!(error instanceof UserError)) throw error
      mistakes.push({ path: ['environment'], message: error.message })
    }
    return mistakes
  },

  async advance(given, context) {
    const { platform, candidate } = context
    const pins = await pinsFor(given, context)
    const scan = endedJob(await context.job('pickles', () => scanJob(context)))
    const manifest = await context.inBackground('manifest', (signal) =>
      manifestOf(platform, candidate, signal),
    )
    const asks = given.audit !== 'off' && pins !== undefined && pins.pinned.length > 0
    const audit = asks
      ? endedJob(await context.job('audit', () => auditJob(context, pins.pinned, given)))
      : 'off'
    if (scan === undefined || manifest === undefined || audit === undefined)
      return { doing: 'scans its files, and asks about its packages' }
    const found = {
      manifest,
      pins,
      pickles: pickleReport.parse(JSON.parse(await reportOf(context, scan, picklesFile))),
      audit: audit === 'off' ? ({ state: 'off' } as const) : await auditFrom(context, audit),
    }
    const json = 'application/json'
    const files = [
      await context.keep(
        { name: 'files.json', title: 'Files of the candidate, with their hashes', contentType: json },
        JSON.stringify(manifest, undefined, 1),
      ),
      await context.keep(
        { name: 'pickles.json', title: 'Pickles, and what they import', contentType: json },
        JSON.stringify(found.pickles, undefined, 1),
      ),
      await context.keep(
        { name: 'packages.json', title: 'Packages and their known vulnerabilities', contentType: json },
        JSON.stringify({ pins: pins ?? null, audit: found.audit }, undefined, 1),
      ),
    ]
    return { result: judge(found, given, files) }
  },

  report(result) {
    const dangers = (result.details?.['dangers'] ?? []) as readonly Danger[]
    const audit = result.details?.['audit'] as Audit | undefined
    const vulnerable = audit?.state === 'checked' ? audit.vulnerable : []
    return fragment(
      result,
      table(
        ['file', 'loading it would run'],
        dangers.map(({ file, global }) => [file, global]),
      ),
      table(
        ['package', 'vulnerability', 'also known as', 'fixed in'],
        vulnerable.map((one) => [one.package, one.id, one.aliases.join(', '), one.fixedIn.join(', ')]),
      ),
    )
  },
}

async function pinsFor(
  { environment }: SupplyChainParameters,
  { platform, workspaceId, candidate }: GateContext,
): Promise<Pins | undefined> {
  const specification =
    environment === undefined
      ? await modelSpecification(platform, candidate)
      : await environmentNamed(platform, workspaceId, environment)
  return specification === undefined ? undefined : pinsOf(specification)
}

/** Without an answer it is not known: neither pip-audit nor who it asks need be there. */
async function auditFrom(context: GateContext, job: Job): Promise<Audit> {
  const file = await fileOfJob(context.platform, job, auditFile)
  if (file !== undefined) return auditOf(auditReport.parse(JSON.parse(file.toString('utf8'))))
  const reason = (job.status.error?.message ?? 'pip-audit left no report').split('\n')[0] ?? ''
  return { state: 'not_checked', reason }
}

async function reportOf({ platform }: GateContext, job: Job, path: string): Promise<string> {
  const file = await fileOfJob(platform, job, path)
  if (file !== undefined) return file.toString('utf8')
  throw errors.conflict(
    `The files could not be scanned (job ${job.name}): ${job.status.error?.message ?? job.status.status}`,
  )
}
