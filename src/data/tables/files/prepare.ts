import { createReadStream, createWriteStream } from 'node:fs'
import { mkdir, open, stat, statfs } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { pipeline } from 'node:stream/promises'
import { createGunzip, createZstdDecompress } from 'node:zlib'
import { errors, UserError } from '../../../kernel/errors.ts'
import { binaryContent, noTable, textContent, type Content } from './content.ts'
import type { DataFile } from './data-file.ts'
import { encodingOf, mixedLines, type Encoding } from './encoding.ts'
import { recordEnds } from '../reading/csv-dialect.ts'

/** A file as SQL can read it: Parquet, or text in UTF-8. */
export interface PreparedFile extends DataFile {
  readonly content: Exclude<Content, 'gzip' | 'zstd'>
  /** The beginning of its text, without a byte order mark; '' for Parquet. */
  readonly head: string
  readonly notes: readonly string[]
}

export interface Preparation {
  /** Folder for what has to be unpacked or recoded; the caller removes it. */
  readonly folder: string
  /** The encoding that the user said; by default the bytes tell. */
  readonly encoding?: Encoding
  readonly signal?: AbortSignal
  /** Bytes that one file may unpack to; by default nine tenths of what is free on the disk. */
  readonly roomBytes?: number
}

const headBytes = 256 * 1024

/** Files up to this size are read as a whole to tell their encoding, which takes milliseconds. */
const wholeBytes = 64 * 1024 * 1024

/**
 * Makes a file readable: unpacks gzip and zstd, and recodes text into UTF-8, below the preparation's folder. Throws
 * badRequest for what is no table, or is broken.
 */
export async function prepare(file: DataFile, preparation: Preparation): Promise<PreparedFile> {
  const head = await readHead(file.path, headBytes)
  const binary = binaryContent(head, file.shown)
  if (binary === 'parquet') return { ...(await wholeParquet(file)), content: 'parquet', head: '', notes: [] }
  if (binary === undefined) return prepareText(file, file.shown, preparation)
  const unpacked = await unpack(file, binary, preparation)
  const name = file.shown.replace(/\.(?:gz|gzip|zst|zstd)$/i, '')
  const within = binaryContent(await readHead(unpacked.path, 16), name)
  if (within === 'parquet') return { ...unpacked, content: 'parquet', head: '', notes: [] }
  if (within !== undefined) throw noTable(file.shown, 'it is compressed twice')
  return prepareText(unpacked, name, preparation)
}

/** Parquet ends as it begins; of a file that was cut off, its end is missing. */
async function wholeParquet(file: DataFile): Promise<DataFile> {
  const end = await readBytes(file.path, Math.max(0, file.bytes - 4), 4)
  if (Buffer.from(end).toString('latin1') === 'PAR1' && file.bytes >= 12) return file
  throw errors.badRequest(
    `'${file.shown}' is broken: it begins as Parquet does, but its end (with the schema) is missing.`,
  )
}

async function prepareText(file: DataFile, name: string, preparation: Preparation): Promise<PreparedFile> {
  const isWhole = file.bytes <= wholeBytes
  const bytes = await readHead(file.path, isWhole ? file.bytes : headBytes)
  if (bytes.length === 0) throw errors.badRequest(`'${file.shown}' is empty: it has neither header nor rows.`)
  const found = encodingOf(bytes, isWhole)
  const encoding = preparation.encoding ?? found?.encoding
  if (encoding === undefined) throw noTable(file.shown, 'it is no text (it has zero bytes)')
  const mark = found?.encoding === encoding ? found.mark : 0
  const start = new TextDecoder(encoding).decode(bytes.subarray(0, headBytes))
  const content = textContent(start, name)
  const isGuess = preparation.encoding === undefined && encoding !== 'utf-8' && mark === 0
  const mixed = isGuess && encoding === 'windows-1252' ? mixedLines(bytes) : undefined
  if (mixed !== undefined)
    throw errors.badRequest(
      `'${file.shown}' is of two encodings: line ${mixed.utf8} is UTF-8 and line ${mixed.other} is not. Write it in one of them, or name one in an MLTable: read_delimited: { encoding: latin1 }.`,
    )
  const notes = isGuess ? [`${file.shown} is not UTF-8 and was read as ${encoding}`] : []
  // DuckDB passes over the mark in CSV, but not in JSON.
  const isMixed = content === 'csv' && recordEnds(start).size > 1
  if (isMixed) notes.push(`the lines of ${file.shown} end in different ways, and are read alike`)
  const isReady = encoding === 'utf-8' && !isMixed && (mark === 0 || content === 'csv')
  const ready = isReady ? file : await recode(file, encoding, preparation, isMixed)
  return { ...ready, content, head: start, notes }
}

async function unpack(file: DataFile, how: 'gzip' | 'zstd', preparation: Preparation): Promise<DataFile> {
  const path = await placeFor(file, preparation, how)
  const room = preparation.roomBytes ?? (await freeBytes(dirname(path))) * 0.9
  const unzip = how === 'gzip' ? createGunzip() : createZstdDecompress()
  try {
    const bounded = (chunks: AsyncIterable<Uint8Array>) => upTo(room, file.shown, chunks)
    await pipeline(createReadStream(file.path), unzip, bounded, createWriteStream(path), {
      signal: preparation.signal,
    })
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException
    if (!/^(?:Z_|ZSTD_|ERR_ZSTD)/.test(code ?? '')) throw error
    const unpacked = (await stat(path)).size
    const why = code === 'Z_BUF_ERROR' || /unexpected end|truncated|incomplete/i.test(message)
    throw errors.badRequest(
      why
        ? `'${file.shown}' is cut off: its ${how} stream ends too early, after ${unpacked} bytes of unpacked text.`
        : `'${file.shown}' is broken: its ${how} stream cannot be unpacked after ${unpacked} bytes (${message}).`,
    )
  }
  const { size } = await stat(path)
  return { path, shown: file.shown, bytes: size }
}

async function freeBytes(folder: string): Promise<number> {
  const { bavail, bsize } = await statfs(folder)
  return bavail * bsize
}

/** A small file may unpack to more than any disk holds, and others need the disk, too. */
async function* upTo(room: number, shown: string, chunks: AsyncIterable<Uint8Array>) {
  let bytes = 0
  for await (const chunk of chunks) {
    bytes += chunk.byteLength
    if (bytes > room)
      throw errors.diskFull(
        `'${shown}' unpacks to more than ${Math.floor(room / 1e6)} MB, for which the disk has no room.`,
      )
    yield chunk
  }
}

/** Writes text as UTF-8, and with `\n` for all ends of lines if they are mixed. */
async function recode(
  file: DataFile,
  encoding: Encoding,
  preparation: Preparation,
  isMixed: boolean,
): Promise<DataFile> {
  const path = await placeFor(file, preparation, 'utf-8')
  const decoder = new TextDecoder(encoding, { fatal: encoding === 'utf-8' })
  const decode = async function* (chunks: AsyncIterable<Uint8Array>) {
    let held = ''
    const alike = (text: string) => {
      if (!isMixed) return text
      // Half of a `\r\n` waits for the other.
      const whole = held + text
      held = whole.endsWith('\r') ? '\r' : ''
      return whole.slice(0, whole.length - held.length).replaceAll(/\r\n?/g, '\n')
    }
    for await (const chunk of chunks) yield alike(decoder.decode(chunk, { stream: true }))
    yield alike(decoder.decode()) + (held === '' ? '' : '\n')
  }
  try {
    await pipeline(createReadStream(file.path), decode, createWriteStream(path), {
      signal: preparation.signal,
    })
  } catch (error) {
    if (
      error instanceof UserError ||
      (error as NodeJS.ErrnoException).code !== 'ERR_ENCODING_INVALID_ENCODED_DATA'
    )
      throw error
    throw errors.badRequest(`'${file.shown}' is not ${encoding}.`, { cause: error })
  }
  return { path, shown: file.shown, bytes: (await stat(path)).size }
}

/** A place of the file's own that keeps its folders, by which DuckDB knows partitions. */
async function placeFor(file: DataFile, { folder }: Preparation, step: string): Promise<string> {
  const path = join(folder, step, safePath(file.shown))
  await mkdir(dirname(path), { recursive: true })
  return path
}

/** The path without what DuckDB takes for a pattern, and with no two becoming one. */
export const safePath = (shown: string): string =>
  shown
    .split('/')
    .map((segment) => segment.replaceAll(/[*?[\]{}%\\]/g, (c) => `%${c.charCodeAt(0).toString(16)}`))
    .join('/')

async function readHead(path: string, bytes: number): Promise<Uint8Array> {
  return readBytes(path, 0, bytes)
}

async function readBytes(path: string, start: number, length: number): Promise<Uint8Array> {
  const file = await open(path)
  try {
    const buffer = Buffer.alloc(length)
    let filled = 0
    while (filled < length) {
      const { bytesRead } = await file.read(buffer, filled, length - filled, start + filled)
      if (bytesRead === 0) break
      filled += bytesRead
    }
    return buffer.subarray(0, filled)
  } finally {
    await file.close()
  }
}
