import { stat } from 'node:fs/promises'
import { resolve } from 'node:path'
import type { Client } from '../client/client.ts'
import { Failure } from '../failure.ts'
import type { Io } from '../io.ts'

/** How data may be named on a command line, for help. */
export const dataForms = 'a local file or folder, NAME, NAME:VERSION, NAME@LABEL, or azureml://…'

/**
 * The reference that a word on the command line stands for. What is a local file or folder is uploaded (once for the same
 * content, and kept as the inputs of jobs are); a bare name is an asset's latest version.
 */
export async function dataReference(client: Client, io: Io, word: string): Promise<string> {
  if (/^(?:azureml:|[a-z][a-z0-9+.-]*:\/\/|\/subscriptions\/|runs:\/)/i.test(word)) return word
  const path = resolve(io.cwd, word)
  if ((await stat(path).catch(() => undefined)) !== undefined) {
    const { uploadData } = await import('../upload/assets.ts')
    io.stderr(`uploading ${word}\n`)
    return uploadData(client, path)
  }
  if (/^[A-Za-z0-9][\w.-]*[:@][\w.-]+$/.test(word)) return `azureml:${word}`
  const looksLocal = /[\\/]|\.(?:csv|tsv|txt|json|jsonl|parquet|gz|zst)$/i.test(word)
  if (/^[A-Za-z0-9][\w.-]*$/.test(word) && !looksLocal) return `azureml:${word}@latest`
  throw new Failure(`there is no ${word}`, { hint: `expected ${dataForms}` })
}
