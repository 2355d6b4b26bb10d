import type { Json } from '../../../kernel/resources/resource.ts'
import { environmentWith } from '../../origin/environment.ts'
import type { GateContext } from '../gate.ts'
import type { SupplyChainParameters } from './parameters.ts'

/** The scanner's report, and the audit's, among what their jobs leave. */
export const picklesFile = 'outputs/supply-chain/pickles.json'
export const auditFile = 'outputs/supply-chain/audit.json'

/** Exactly these: what they find is evidence, and must not change by itself. */
const picklescan = 'picklescan==1.0.5'
const pipAudit = 'pip-audit==2.10.1'

const programs = '$TWINLOOP_PYTHON/twinloop_gate'

/** Looks into every file of the candidate for pickles, in an environment that has nothing of the model's. */
export async function scanJob(context: GateContext): Promise<Json> {
  return {
    ...(await basics(context, 'pickles', [picklescan])),
    command: `mkdir -p outputs/supply-chain && python -B "${programs}/scan_pickles.py" \${{inputs.model}} ${picklesFile}`,
    inputs: {
      model: { jobInputType: 'custom_model', uri: context.candidate.id, mode: 'ReadOnlyMount' },
    },
  }
}

/** Asks for known vulnerabilities of pinned requirements. */
export async function auditJob(
  context: GateContext,
  pinned: readonly string[],
  { audit_service, audit_url }: SupplyChainParameters,
): Promise<Json> {
  return {
    ...(await basics(context, 'audit', [pipAudit])),
    command: `mkdir -p outputs/supply-chain && printf '%s' "$REQUIREMENTS" > requirements.txt && python -B "${programs}/audit.py" requirements.txt ${auditFile} --service ${audit_service}\${AUDIT_URL:+ --url "$AUDIT_URL"}`,
    environmentVariables: {
      REQUIREMENTS: `${pinned.join('\n')}\n`,
      ...(audit_url === undefined ? {} : { AUDIT_URL: audit_url }),
    },
  }
}

async function basics(
  { platform, workspaceId, release, stage }: GateContext,
  what: string,
  packages: readonly string[],
): Promise<Json> {
  return {
    jobType: 'Command',
    environmentId: await environmentWith(platform, workspaceId, undefined, packages),
    limits: { jobLimitsType: 'Command', timeout: 'PT1H' },
    tags: { 'twinloop.release': release.label, 'twinloop.stage': stage },
  }
}
