import { readSync, writeSync } from 'node:fs'
import { DatabaseSync, type StatementSync } from 'node:sqlite'
import { pathToFileURL } from 'node:url'
import { csvRows } from '../csv-row.ts'
import { needsKinds } from './types.ts'
import { frameHead, frames, type DescribedColumn, type Failed, type Order } from './messages.ts'

/**
 * The process that reads one SQLite database: `node reader.ts FILE [copy]`. SQLite answers while the caller waits, so here
 * nothing else is waited for: orders are read from standard input one by one, and whoever reads the answers slowly holds
 * the rows back by the pipe alone. It ends when its input does.
 */
const [, , file = '', isCopy = ''] = process.argv
const [input, output] = [0, 1]

/** How long another program may hold the database locked. */
const lockMs = 60_000
const chunkBytes = 64 * 1024

const chunk = Buffer.allocUnsafe(chunkBytes)
let filled = 0

function flush(): void {
  writeAll(chunk.subarray(0, filled))
  filled = 0
}
function writeAll(bytes: Buffer): void {
  for (let at = 0; at < bytes.length;) at += writeSync(output, bytes, at)
}

/** Small frames go together. */
function send(kind: number, content: Buffer): void {
  if (filled + frameHead + content.length > chunk.length) flush()
  filled = chunk.writeUInt32LE(content.length, chunk.writeUInt8(kind, filled))
  if (filled + content.length > chunk.length) {
    flush()
    writeAll(content)
  } else filled += content.copy(chunk, filled)
}

const json = (value: unknown) => Buffer.from(JSON.stringify(value))

type Value = null | number | bigint | string | Uint8Array

/** Every digit of a number, bytes in hexadecimal. */
function textOf(value: Value): string | null {
  if (value === null) return null
  if (value instanceof Uint8Array) return Buffer.from(value).toString('hex')
  return typeof value === 'number' && !Number.isFinite(value) ? (value > 0 ? 'inf' : '-inf') : String(value)
}

let database: DatabaseSync | undefined
function open(): DatabaseSync {
  // Nobody writes to a copy, so nothing need be locked, nor written beside it.
  const place = isCopy === '' ? file : new URL(`${pathToFileURL(file).href}?immutable=1`)
  const opened = new DatabaseSync(place, { readOnly: true, timeout: lockMs, allowExtension: false })
  opened.exec('pragma query_only = on')
  opened.exec('begin')
  return opened
}

function prepare(sql: string): StatementSync {
  database ??= open()
  const statement = database.prepare(sql)
  statement.setReadBigInts(true)
  statement.setReturnArrays(true)
  return statement
}

/** Looks at the question by itself and as a relation: only a single `select` is both. */
function describe(question: string): readonly DescribedColumn[] {
  const columns = prepare(question).columns()
  if (columns.length === 0) return []
  const names = columns.map((_, i) => `c${i}`)
  const untyped = names.filter((_, i) => needsKinds(columns[i]?.type ?? null))
  const found = prepare(
    `with q (${names.join(', ')}) as (${question}\n) select ${untyped.length === 0 ? '1' : untyped.map((name) => `group_concat(distinct typeof(${name}))`).join(', ')} from q${untyped.length === 0 ? ' limit 0' : ''}`,
  ).get() as unknown as readonly (string | null)[] | undefined
  return columns.map(({ name, type }, i) => ({
    name,
    declared: type,
    kinds: (found?.[untyped.indexOf(`c${i}`)] ?? '')
      .split(',')
      .filter((kind) => kind !== 'null' && kind !== ''),
  }))
}

function answer(order: Order): void {
  switch (order.do) {
    case 'describe':
      return send(frames.answer, json(describe(order.question)))
    case 'row': {
      const row = (prepare(order.sql).get() ?? []) as unknown as readonly Value[]
      return send(frames.answer, json(row.map(textOf)))
    }
    case 'rows': {
      const encode = csvRows()
      for (const row of prepare(order.sql).iterate() as unknown as Iterable<readonly Value[]>)
        send(
          frames.row,
          encode(
            row.map((value) => {
              const text = textOf(value)
              return text === null ? null : Buffer.from(text)
            }),
          ),
        )
      return send(frames.answer, json(null))
    }
  }
}

function run(line: string): void {
  try {
    answer(JSON.parse(line) as Order)
  } catch (error) {
    const { errcode = 0, message } = error as Error & { errcode?: number }
    send(frames.failure, json({ code: errcode, message } satisfies Failed))
  }
  flush()
}

let read = ''
const bytes = Buffer.alloc(chunkBytes)
const decoder = new TextDecoder()
for (;;) {
  const count = readSync(input, bytes)
  if (count === 0) break
  read += decoder.decode(bytes.subarray(0, count), { stream: true })
  const lines = read.split('\n')
  read = lines.pop() ?? ''
  for (const line of lines) run(line)
}
