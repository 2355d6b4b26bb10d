/** What V8 has of the JSON.parse source text access proposal, which TypeScript does not know yet. */
const exact = JSON as unknown as {
  rawJSON(text: string): object
  isRawJSON(value: unknown): boolean
  parse(text: string, revive: (key: string, value: unknown, at: { source?: string }) => unknown): unknown
}

/**
 * Reads JSON so that `JSON.stringify` writes its whole numbers as they were, also those that a double does not hold:
 * these are values of their own, which `isExactNumber` knows. Throws a SyntaxError as `JSON.parse` does.
 */
export function parseExactly(text: string): unknown {
  if (!/\d{16}/.test(text)) return JSON.parse(text) as unknown
  return exact.parse(text, (_, value, { source }) =>
    typeof value === 'number' && source !== undefined ? exactly(source, value) : value,
  )
}

/** A whole number as it is written, where the double beside it is another. */
export const exactly = (text: string, number: number): unknown =>
  /^-?\d+$/.test(text) && !Number.isSafeInteger(number) ? exact.rawJSON(text) : number

export const isExactNumber = (value: unknown): boolean => exact.isRawJSON(value)
