import { parse } from 'yaml'
import type { Artifacts, BlobName } from '../artifacts/artifacts.ts'

/** Azure ML's `flavors`: what each MLflow flavor says of itself, as text. */
export type Flavors = Readonly<Record<string, { readonly data: Readonly<Record<string, string>> }>>

const maxBytes = 1_000_000

/** Flavors of the MLflow model in a folder, read of its `MLmodel`; none if it has none that can be read. */
export async function readFlavors(artifacts: Artifacts, folder: BlobName): Promise<Flavors> {
  const file = { container: folder.container, path: `${folder.path.replace(/\/+$/, '')}/MLmodel` }
  const info = await artifacts.head(file)
  if (info === undefined || info.size > maxBytes) return {}
  const chunks: Uint8Array[] = []
  for await (const chunk of await artifacts.read(file)) chunks.push(chunk as Uint8Array)
  return flavorsOf(Buffer.concat(chunks).toString('utf8'))
}

/** Flavors that an `MLmodel` file declares; none if it is no such file. */
export function flavorsOf(mlmodel: string): Flavors {
  let model: unknown
  try {
    model = parse(mlmodel)
  } catch {
    return {}
  }
  const flavors = (model as { readonly flavors?: unknown } | null)?.flavors
  if (typeof flavors !== 'object' || flavors === null) return {}
  return Object.fromEntries(
    Object.entries(flavors).map(([name, says]) => [
      name,
      { data: Object.fromEntries(Object.entries((says ?? {}) as object).map(([k, v]) => [k, asText(v)])) },
    ]),
  )
}

const asText = (value: unknown): string => (typeof value === 'string' ? value : (JSON.stringify(value) ?? ''))
