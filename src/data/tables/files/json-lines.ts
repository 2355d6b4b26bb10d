import { createReadStream, createWriteStream } from 'node:fs'
import { mkdir, stat } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { createInterface } from 'node:readline'
import { pipeline } from 'node:stream/promises'
import { isJsonObject } from './content.ts'
import type { Preparation, PreparedFile } from './prepare.ts'

/** The file without the lines that are no JSON objects; a note says how many these were, and which was the first. */
export async function dropInvalidLines(file: PreparedFile, preparation: Preparation): Promise<PreparedFile> {
  const path = join(preparation.folder, 'valid', file.shown)
  await mkdir(dirname(path), { recursive: true })
  let line = 0
  let dropped = 0
  let first = 0
  const valid = async function* (lines: AsyncIterable<string>) {
    for await (const text of lines) {
      line++
      if (text.trim() === '') continue
      if (isJsonObject(text)) yield `${text}\n`
      else if (dropped++ === 0) first = line
    }
  }
  const lines = createInterface({ input: createReadStream(file.path), crlfDelay: Infinity })
  await pipeline(lines, valid, createWriteStream(path), { signal: preparation.signal })
  if (dropped === 0) return file
  const note = `${file.shown}: ${dropped} ${dropped === 1 ? 'line that is' : 'lines that are'} no JSON dropped, the first of them line ${first}`
  return { ...file, path, bytes: (await stat(path)).size, notes: [...file.notes, note] }
}
