import { createHash } from 'node:crypto'
import { containerOf } from '../../../data/containers.ts'
import { errors } from '../../../kernel/errors.ts'
import { scopeId } from '../../../kernel/resources/arm-id.ts'
import type { Platform } from '../../../kernel/platform.ts'
import type { EvidenceFile } from '../../gates/gate.ts'
import type { Release } from '../release.ts'
import { planIdOf } from '../state.ts'

/** Whose evidence a file is. */
export interface Attempt {
  readonly stage: string
  readonly gate: string
  readonly attempt: number
}

/** Where the files of an attempt lie in the container of the plan's workspace, and below the release's own address. */
export const folderOf = ({ stage, gate, attempt }: Attempt): string => `${stage}/${gate}/${attempt}`

/** Where the evidence of a release lies in the artifacts of its plan's workspace. */
export async function evidenceOf(
  platform: Platform,
  release: Pick<Release, 'id' | 'name'>,
): Promise<{ readonly container: string; readonly path: string }> {
  const workspace = await platform.resources.get(scopeId(release.id) ?? '')
  const plan = planIdOf(release).split('/').at(-1) ?? ''
  return {
    container: containerOf(workspace, 'artifacts'),
    path: `Releases/${plan.toLowerCase()}/${release.name}`,
  }
}

/** Keeps a file; again under the same name, it replaces it. Throws badRequest for a name that is none. */
export async function keepEvidence(
  platform: Platform,
  release: Pick<Release, 'id' | 'name'>,
  attempt: Attempt,
  file: { readonly name: string; readonly title: string; readonly contentType: string },
  content: string | Uint8Array,
): Promise<EvidenceFile> {
  if (!/^[\w][\w .()+-]*$/.test(file.name))
    throw errors.badRequest(`'${file.name}' is no name for a file of evidence: letters, digits, - _ . only.`)
  const bytes = typeof content === 'string' ? Buffer.from(content, 'utf8') : content
  const { container, path } = await evidenceOf(platform, release)
  await platform.artifacts.put({ container, path: `${path}/${folderOf(attempt)}/${file.name}` }, bytes, {
    contentType: file.contentType,
  })
  const sha256 = createHash('sha256').update(bytes).digest('hex')
  return { ...file, bytes: bytes.byteLength, sha256 }
}
