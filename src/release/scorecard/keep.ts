import { createHash } from 'node:crypto'
import type { Platform } from '../../kernel/platform.ts'
import type { EvidenceFile } from '../gates/gate.ts'
import { evidenceOf } from '../releases/evidence/keep.ts'
import type { Release } from '../releases/release.ts'
import { scorecardFacts } from './facts.ts'
import { scorecardPage } from './scorecard.ts'

const contentType = 'text/html; charset=utf-8'

/** The scorecard of a release as it stands now. */
export const scorecardOf = async (platform: Platform, release: Release): Promise<string> =>
  scorecardPage(await scorecardFacts(platform, release))

/**
 * Keeps the scorecard as evidence of a stage: what was known when its gates were done, `evidence/{stage}/scorecard.html`.
 * Again, it replaces it.
 */
export async function keepScorecard(
  platform: Platform,
  release: Release,
  stage: string,
): Promise<EvidenceFile> {
  const bytes = Buffer.from(await scorecardOf(platform, release))
  const { container, path } = await evidenceOf(platform, release)
  await platform.artifacts.put({ container, path: `${path}/${stage}/scorecard.html` }, bytes, { contentType })
  return {
    name: 'scorecard.html',
    title: 'Model scorecard when the gates of the stage were done',
    contentType,
    bytes: bytes.byteLength,
    sha256: createHash('sha256').update(bytes).digest('hex'),
  }
}
