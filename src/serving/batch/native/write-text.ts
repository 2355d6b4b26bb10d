import { createWriteStream } from 'node:fs'
import { once } from 'node:events'
import { rename, rm } from 'node:fs/promises'
import { finished } from 'node:stream/promises'
import type { Column } from '../../../analytics/analytics.ts'
import type { ColumnValue, ParquetWriter } from '../../../analytics/columns/columns.ts'
import { floatText, stringText } from '../../gateway/instances/native/python-json.ts'
import { Declined } from './item.ts'

/** How a column's values are written, as Python's pandas and json write them. */
type Writer = (value: ColumnValue) => string

const whole = /^U?(?:TINY|SMALL|BIG)?INT$|^U?INTEGER$/

/**
 * Writes rows as CSV without a header or as JSON Lines, to a file that is there, whole, when it is closed. Declines
 * columns that Python would write in a way of its own.
 */
export function textWriter(
  path: string,
  columns: readonly Column[],
  format: 'csv' | 'jsonl',
): Omit<ParquetWriter, 'append'> & { append(columns: readonly (readonly ColumnValue[])[]): Promise<void> } {
  const temporary = `${path}.new`
  const writers = columns.map((column) => (format === 'csv' ? csvWriter(column) : jsonWriter(column)))
  const keys = columns.map(({ name }, index) => `${index === 0 ? '{' : ', '}${stringText(name)}: `)
  const file = createWriteStream(temporary)
  return {
    async append(values) {
      const count = values[0]?.length ?? 0
      let text = ''
      for (let row = 0; row < count; row++) {
        for (const [index, write] of writers.entries()) {
          text += format === 'csv' ? (index === 0 ? '' : ',') : keys[index]
          text += write(values[index]?.[row] ?? null)
        }
        text += format === 'csv' ? '\n' : '}\n'
      }
      if (!file.write(text)) await once(file, 'drain')
    },
    async close() {
      file.end()
      await finished(file)
      await rename(temporary, path)
    },
    async abandon() {
      file.destroy()
      await rm(temporary, { force: true })
    },
  }
}

function csvWriter({ name, type }: Column): Writer {
  if (type === 'VARCHAR') return (value) => (value === null ? '' : quoted(value as string))
  if (type === 'DOUBLE' || type === 'FLOAT')
    return (value) => (value === null ? '' : floatText(value as number).replace('null', ''))
  if (type === 'BOOLEAN') return notNull(name, (value) => (value === true ? 'True' : 'False'))
  if (whole.test(type)) return notNull(name, String)
  throw new Declined(`column ${name} is ${type}, which Python writes`)
}

function jsonWriter({ name, type }: Column): Writer {
  if (type === 'VARCHAR') return (value) => (value === null ? 'null' : stringText(value as string))
  if (type === 'DOUBLE' || type === 'FLOAT')
    return (value) => (value === null ? 'null' : floatText(value as number))
  if (type === 'BOOLEAN') return notNull(name, String)
  if (whole.test(type)) return notNull(name, String)
  throw new Declined(`column ${name} is ${type}, which Python writes`)
}

/** Pandas has no whole numbers among which some are missing, and makes fractions of all. */
const notNull =
  (name: string, write: (value: NonNullable<ColumnValue>) => string) => (value: ColumnValue) => {
    if (value === null) throw new Declined(`column ${name} lacks values, for which Python has its own ways`)
    return write(value)
  }

const quoted = (text: string) => (/[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text)
