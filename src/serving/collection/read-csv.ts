import { exactly } from './exact-json.ts'

/**
 * The records of a CSV text (RFC 4180: quoted fields may hold commas, line ends and doubled quotes), the header first.
 * Empty lines are passed over; undefined where a quote is not closed.
 */
export function csvRecords(text: string): readonly (readonly string[])[] | undefined {
  const records: string[][] = []
  const field = /(?:"([^"]*(?:""[^"]*)*)"|([^",\r\n]*))(,|\r?\n|$)/y
  let record: string[] = []
  for (let end = false; !end;) {
    const at = field.lastIndex
    const found = field.exec(text)
    if (found === null) return undefined
    const [, quoted, plain = '', after] = found
    record.push(quoted === undefined ? plain : quoted.replaceAll('""', '"'))
    end = field.lastIndex >= text.length && after !== ','
    if (after === ',') continue
    if (record.length > 1 || field.lastIndex - at > (after?.length ?? 0)) records.push(record)
    record = []
  }
  return records
}

/** A field of a column that is no text as the number or boolean that it is; an empty one is missing. */
export function csvValue(field: string, isText: boolean): unknown {
  if (field === '') return null
  if (isText) return field
  if (/^(?:true|false)$/i.test(field)) return field.toLowerCase() === 'true'
  const number = Number(field)
  return field.trim() === '' || Number.isNaN(number) ? field : exactly(field.trim(), number)
}
