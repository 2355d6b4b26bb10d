const [quote, comma, newline] = [0x22, 0x2c, 0x0a]

/**
 * Writes rows of CSV as `SourcePart` has them: null is an empty field, every other value is quoted. The bytes it answers
 * with are good until it is called again.
 */
export function csvRows(): (values: readonly (Buffer | null)[]) => Buffer {
  let row = Buffer.allocUnsafe(64 * 1024)
  return (values) => {
    // Each byte may be a quote, and each value has two quotes and what follows it.
    const most = values.reduce((sum, value) => sum + 3 + 2 * (value?.length ?? 0), 1)
    if (most > row.length) row = Buffer.allocUnsafe(most * 2)
    let at = 0
    for (const [i, value] of values.entries()) {
      if (i > 0) row[at++] = comma
      if (value === null) continue
      row[at++] = quote
      at = copyQuoted(value, row, at)
      row[at++] = quote
    }
    row[at++] = newline
    return row.subarray(0, at)
  }
}

/** Copies a value with its quotes doubled, and answers where it ends. */
function copyQuoted(value: Buffer, row: Buffer, start: number): number {
  let at = start
  let from = 0
  for (;;) {
    const found = value.indexOf(quote, from)
    const to = found < 0 ? value.length : found + 1
    at += value.copy(row, at, from, to)
    if (found < 0) return at
    row[at++] = quote
    from = to
  }
}
