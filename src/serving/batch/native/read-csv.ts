import { createReadStream, createWriteStream } from 'node:fs'
import { open, rm } from 'node:fs/promises'
import { pipeline } from 'node:stream/promises'
import { identifier, literal } from '../../../analytics/analytics.ts'
import { Declined, type Item } from './item.ts'
import type { Relation } from './read-columns.ts'

/** What pandas takes for nothing. */
const nothing =
  '|#N/A|#N/A N/A|#NA|-1.#IND|-1.#QNAN|-NaN|-nan|1.#IND|1.#QNAN|<NA>|N/A|NA|NULL|NaN|None|n/a|nan|null'.split(
    '|',
  )

/**
 * A CSV file, or a part of one, as pandas reads it; all columns are text. A part is laid out beside as a file of its own,
 * which `release` removes. What pandas would read in a way of its own is declined.
 */
export async function csvRelation(
  item: Item,
  scratch: string,
): Promise<Relation & { release(): Promise<void> }> {
  const delimiter = /\.tsv$/i.test(item.path) ? '\t' : ','
  const names = namesOf(await firstLine(item.path), delimiter)
  const path = item.end === undefined ? item.path : await layOut(item, scratch)
  const columns = names.map((name) => ({ name, type: 'VARCHAR' }))
  const options = [
    `header = true, auto_detect = false, delim = ${literal(delimiter)}, quote = '"', escape = '"'`,
    `columns = {${names.map((name) => `${literal(name)}: 'VARCHAR'`).join(', ')}}`,
    `nullstr = [${nothing.map(literal).join(', ')}], allow_quoted_nulls = true`,
  ]
  return {
    from: `read_csv(${literal(path)}, ${options.join(', ')})`,
    columns,
    number({ name }, { type }) {
      const text = identifier(name)
      if (type === 'boolean')
        return `case when ${text} in ('True', 'TRUE', 'true') then 1.0::double when ${text} in ('False', 'FALSE', 'false') then 0.0::double else 'infinity'::double end`
      // DuckDB takes 1_000 for a number, and pandas does not.
      const number = `case when contains(${text}, '_') then null else try_cast(${text} as double) end`
      return `coalesce(${number}, case when ${text} is null then 'nan'::double else 'infinity'::double end)`
    },
    release: async () => (path === item.path ? undefined : rm(path, { force: true })),
  }
}

async function layOut({ path, header = 0, start = 0, end = 0 }: Item, scratch: string): Promise<string> {
  const part = `${scratch}.csv`
  await pipeline(createReadStream(path, { end: header - 1 }), createWriteStream(part))
  await pipeline(createReadStream(path, { start, end: end - 1 }), createWriteStream(part, { flags: 'a' }))
  return part
}

/** Names that are longer than this together are no header. */
const longestHeader = 1024 * 1024

async function firstLine(path: string): Promise<string> {
  const file = await open(path)
  try {
    const { buffer, bytesRead } = await file.read(Buffer.alloc(longestHeader), 0, longestHeader, 0)
    const text = buffer.toString('utf8', 0, bytesRead)
    const [line = ''] = text.split('\n', 1)
    return line.replace(/^\ufeff/, '').replace(/\r$/, '')
  } finally {
    await file.close()
  }
}

function namesOf(line: string, delimiter: string): readonly string[] {
  const field = new RegExp(`(?:"((?:[^"]|"")*)"|([^"${delimiter}]*))(${delimiter}|$)`, 'y')
  const names: string[] = []
  for (let more = line !== ''; more;) {
    const found = field.exec(line)
    if (found === null) throw new Declined('its header cannot be read for sure')
    const [, quoted, plain = '', end] = found
    names.push(quoted?.replaceAll('""', '"') ?? plain)
    more = end === delimiter
  }
  const known = names.map((name, index) => (name === '' ? `Unnamed: ${index}` : name))
  // Pandas gives the second of two another name, and DuckDB does not tell names apart by their case.
  const different = new Set(known.map((name) => name.toLowerCase()))
  if (different.size < known.length || known.length === 0)
    throw new Declined('its header has no names, or one twice')
  return known
}
