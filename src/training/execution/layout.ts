import { chmod, cp, mkdir, readdir, rm, stat } from 'node:fs/promises'
import { join } from 'node:path'
import type { Platform } from '../../kernel/platform.ts'
import type { ReconcileContext } from '../../kernel/work/reconcile.ts'
import { checkOut, locateInput } from '../data.ts'
import type { JobInput, JobOutput } from '../jobs/io.ts'
import type { Job } from '../jobs/job.ts'
import { findCode } from '../programs.ts'
import type { JobFolder } from './folder.ts'

/**
 * Lays the code out as the folder that the command runs in. Unlike data it is copied: scripts write beside themselves,
 * and what they write must not change the stored bytes, which a linked file would share.
 */
export async function layOutCode(job: Job, folder: JobFolder, platform: Platform): Promise<void> {
  await mkdir(folder.code, { recursive: true })
  const code = job.properties.codeId
  if (typeof code !== 'string' || code === '') return
  const location = await findCode(code, { platform, workspace: job.parent, target: 'properties.codeId' })
  const linked = `${folder.code}.linked`
  await checkOut(platform, location, linked)
  await cp(linked, folder.code, { recursive: true })
  await makeWritable(folder.code)
  await rm(linked, { recursive: true, force: true })
}

async function makeWritable(folder: string): Promise<void> {
  for (const entry of await readdir(folder, { recursive: true, withFileTypes: true })) {
    const path = join(entry.parentPath, entry.name)
    if (!entry.isSymbolicLink()) await chmod(path, (await stat(path)).mode | 0o200)
  }
}

/** Lays the inputs out and answers what each is to the command: a literal's value, a path, or for `direct` its URI. */
export async function layOutInputs(
  job: Job,
  inputs: Readonly<Record<string, JobInput>>,
  folder: JobFolder,
  { platform, signal }: ReconcileContext,
): Promise<Readonly<Record<string, string>>> {
  await mkdir(folder.inputs, { recursive: true })
  const values: Record<string, string> = {}
  for (const [name, input] of Object.entries(inputs)) {
    if ('literal' in input) {
      values[name] = input.literal
      continue
    }
    const uri = job.status.pinned[name] ?? input.uri
    if (input.mode === 'direct') {
      values[name] = uri
      continue
    }
    const at = { platform, workspace: job.parent, target: `properties.inputs.${name}.uri` }
    values[name] = await checkOut(
      platform,
      await locateInput(uri, at),
      join(folder.inputs, safeName(name)),
      signal,
    )
  }
  return values
}

/** Makes the folders that outputs are written to; a file's output is a path at which there is nothing yet. */
export async function layOutOutputs(
  outputs: Readonly<Record<string, JobOutput>>,
  folder: JobFolder,
): Promise<Readonly<Record<string, string>>> {
  await mkdir(folder.outputs, { recursive: true })
  const values: Record<string, string> = {}
  for (const [name, output] of Object.entries(outputs)) {
    const path = join(folder.outputs, safeName(name))
    if (output.type !== 'uri_file') await mkdir(path, { recursive: true })
    values[name] = output.mode === 'direct' && output.uri !== undefined ? output.uri : path
  }
  return values
}

/** Where an output was written to. */
export const outputPath = (folder: JobFolder, name: string): string => join(folder.outputs, safeName(name))

/** Names of inputs and outputs become names of files: what could lead elsewhere is replaced. */
const safeName = (name: string) => name.replaceAll(/[^\w.-]/g, '_').replace(/^\.+$/, '_')
