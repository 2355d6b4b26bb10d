import type { Activity } from '../../api/admin/activity.ts'

const columns: readonly (readonly [header: string, value: (one: Activity) => string])[] = [
  ['time', ({ eventTimestamp }) => eventTimestamp],
  ['caller', ({ caller }) => caller],
  ['principal', ({ claims }) => claims.oid],
  ['did', ({ properties }) => properties.detail],
  ['operation', ({ operationName }) => operationName.value],
  ['resource', ({ resourceId }) => resourceId],
  ['request', ({ correlationId }) => correlationId],
]

/**
 * The log as RFC 4180 has tables, in UTC. A field that a spreadsheet would take for a formula gets an apostrophe before it.
 */
export const asCsv = (rows: readonly Activity[]): string =>
  [columns.map(([header]) => header), ...rows.map((row) => columns.map(([, value]) => value(row)))]
    .map((line) => line.map(field).join(','))
    .join('\r\n')

function field(text: string): string {
  const safe = /^[=+\-@\t\r]/.test(text) ? `'${text}` : text
  return /[",\r\n]/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe
}

/** Has the browser save a text as a file. */
export function save(name: string, text: string): void {
  const url = URL.createObjectURL(new Blob([text], { type: 'text/csv;charset=utf-8' }))
  const link = Object.assign(document.createElement('a'), { href: url, download: name })
  link.click()
  URL.revokeObjectURL(url)
}
