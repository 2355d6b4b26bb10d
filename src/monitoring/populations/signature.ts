import { readFile } from 'node:fs/promises'
import { resolve } from '../../data/resolve.ts'
import { openLocally } from '../../data/transfer.ts'
import { scopeId } from '../../kernel/resources/arm-id.ts'
import type { Platform } from '../../kernel/platform.ts'
import type { Resource } from '../../kernel/resources/resource.ts'
import { signatureIn } from '../../release/gates/signature/signature.ts'

/** Names of a model's inputs and outputs. */
export interface SignatureNames {
  readonly inputs: readonly string[]
  readonly outputs: readonly string[]
}

/** What a model version takes and gives by its MLmodel file; undefined where it has none, or none that names columns. */
export async function signatureNames(
  platform: Platform,
  model: Resource | undefined,
  signal?: AbortSignal,
): Promise<SignatureNames | undefined> {
  if (model === undefined) return undefined
  const { location } = await resolve(platform, scopeId(model.id) ?? '', model.id, { assetType: 'models' })
  const opened = await openLocally(platform, location, signal)
  try {
    const file = opened.files.find(({ path }) => path === `${opened.path}/MLmodel`)
    const signature = file === undefined ? undefined : signatureIn(await readFile(file.path, 'utf8'))
    const named = (fields: readonly { readonly name: string | undefined }[] = []) =>
      fields.flatMap(({ name }) => (name === undefined ? [] : [name]))
    const names = { inputs: named(signature?.inputs), outputs: named(signature?.outputs) }
    return names.inputs.length + names.outputs.length === 0 ? undefined : names
  } finally {
    await opened.release()
  }
}
