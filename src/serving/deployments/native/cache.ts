import { createHash } from 'node:crypto'
import { createReadStream, globSync } from 'node:fs'
import { readFile, readdir, writeFile } from 'node:fs/promises'
import { createRequire } from 'node:module'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import type { BlobName } from '../../../artifacts/artifacts.ts'
import { containerOf } from '../../../data/containers.ts'
import { datastoreUri } from '../../../data/locations.ts'
import type { Platform } from '../../../kernel/platform.ts'
import type { Proof, Verdict } from './verdict.ts'

const root = join(dirname(fileURLToPath(import.meta.url)), '../../../..')
/** What compiles, proves and serves: with another version of any of it, a model is compiled and proven anew. */
const programs = [
  'python/compile_model.py',
  'python/twinloop_{compile,runtime}/*.py',
  '{src,dist}/serving/gateway/instances/native/*.{ts,js}',
]
const proofFile = 'proof.json'

/** Names what a model compiles to: the same for the same files, the same environment and the same Twinloop. */
export async function keyOfCompiled(modelFolder: string, environmentKey: string): Promise<string> {
  const digest = createHash('sha256')
    .update(environmentKey)
    .update(await programsKey())
  const names = await readdir(modelFolder, { recursive: true, withFileTypes: true })
  const files = names.filter((name) => name.isFile()).map((name) => join(name.parentPath, name.name))
  for (const file of files.sort()) {
    digest.update(`\0${file.slice(modelFolder.length)}\0`)
    for await (const chunk of createReadStream(file)) digest.update(chunk as Buffer)
  }
  return digest.digest('hex')
}

/** Version of ONNX Runtime; undefined where it is not installed, as its own installation can fail. */
export function onnxRuntimeVersion(): string | undefined {
  try {
    return (createRequire(import.meta.url)('onnxruntime-node/package.json') as { version: string }).version
  } catch {
    return undefined
  }
}

/** Names what compiles, proves and runs models here: a proof is good for as long as it is the same. */
export async function programsKey(): Promise<string> {
  const digest = createHash('sha256').update(onnxRuntimeVersion() ?? 'none')
  for (const file of globSync(programs, { cwd: root }).sort())
    digest.update(file).update(await readFile(join(root, file)))
  return digest.digest('hex')
}

/** Keeps a compiled model with its proof in the workspace's artifacts. */
export async function keepCompiled(
  platform: Platform,
  workspace: string,
  key: string,
  { folder, proof }: Extract<Verdict, { kind: 'onnx' }>,
): Promise<void> {
  await writeFile(join(folder, proofFile), JSON.stringify(proof))
  await platform.artifacts.storeFolder(folder, await blobOf(platform, workspace, key))
}

/** Lays what was kept under this key into the folder. Undefined where there is none, or not all of it. */
export async function takeCompiled(
  platform: Platform,
  workspace: string,
  key: string,
  folder: string,
): Promise<Verdict | undefined> {
  const laid = await platform.artifacts.checkout(await blobOf(platform, workspace, key), folder)
  if (laid.files === 0) return undefined
  const [text, model] = await Promise.all([
    readFile(join(folder, proofFile), 'utf8').catch(() => '{}'),
    readFile(join(folder, 'model.onnx')).catch(() => Buffer.alloc(0)),
  ])
  const proof = JSON.parse(text) as Partial<Proof>
  const sha256 = createHash('sha256').update(model).digest('hex')
  return proof.sha256 === sha256 ? { kind: 'onnx', folder, proof: proof as Proof } : undefined
}

/** Reference to what was kept under a key, for jobs of the same workspace. */
export const compiledUri = (key: string): string => datastoreUri('workspaceartifactstore', `compiled/${key}`)

async function blobOf(platform: Platform, workspace: string, key: string): Promise<BlobName> {
  const container = containerOf(await platform.resources.get(workspace), 'artifacts')
  return { container, path: `compiled/${key}` }
}
