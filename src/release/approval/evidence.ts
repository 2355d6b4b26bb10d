import { createHash } from 'node:crypto'
import { stableJson } from '../../kernel/resources/row.ts'
import type { ReleaseState } from '../releases/release.ts'

/**
 * Digest of what the gates of all stages up to this one have found about the candidate, waivers included: what somebody
 * sees who decides. Another attempt of a gate makes it another, even if it comes to the same result.
 */
export function evidenceDigest(state: Pick<ReleaseState, 'candidate' | 'stages'>, stage: string): string {
  const last = state.stages.findIndex(({ name }) => name === stage)
  const found = state.stages.slice(0, last + 1).map(({ name, gates }) => ({
    stage: name,
    gates: gates.map(({ name: gate, attempt, state: outcome, result, waiver }) => ({
      gate,
      attempt,
      outcome,
      verdict: result?.verdict,
      summary: result?.summary,
      measures: result?.measures,
      files: result?.files.map(({ name: file, sha256 }) => [file, sha256]),
      waiver,
    })),
  }))
  return createHash('sha256')
    .update(stableJson({ candidate: state.candidate.id, found }))
    .digest('hex')
}
