/**
 * Numbers as Python's json.dumps writes them, so that whoever reads an answer finds the same types in it: a float that
 * is whole keeps its `.0`. What is not finite is null.
 */
export function floatText(value: number): string {
  if (!Number.isFinite(value)) return 'null'
  if (Object.is(value, -0)) return '-0.0'
  const size = Math.abs(value)
  if (size !== 0 && (size < 1e-4 || size >= 1e16)) {
    // Python's exponents have two digits at least: 1e-05.
    return value.toExponential().replace(/e([+-])(\d)$/, 'e$10$2')
  }
  return Number.isInteger(value) ? `${value}.0` : String(value)
}

/** A string as json.dumps writes it: beyond ASCII by escapes. */
export function stringText(value: string): string {
  return JSON.stringify(value).replaceAll(
    /[\u007f-\uffff]/g,
    (unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`,
  )
}
