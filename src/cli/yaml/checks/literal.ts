import { literalTypes } from '../shapes/values.ts'
import type { DeclaredInput } from '../shapes/values.ts'

export const isLiteralType = (type: string | undefined): boolean =>
  (literalTypes as readonly (string | undefined)[]).includes(type)

/** What is wrong with a literal for a declared input, or undefined if nothing is. */
export function checkLiteral(declared: DeclaredInput, value: string): string | undefined {
  const { type, min, max } = declared
  if (type === 'boolean' && !/^(true|false|0|1|yes|no)$/i.test(value)) return `"${value}" is not a boolean`
  if (type === 'number' || type === 'integer') {
    const number = Number(value)
    if (value.trim() === '' || !Number.isFinite(number)) return `"${value}" is not a number`
    if (type === 'integer' && !Number.isInteger(number)) return `${value} is not a whole number`
    if (min !== undefined && number < min) return `${value} is below the least allowed, ${min}`
    if (max !== undefined && number > max) return `${value} is above the most allowed, ${max}`
  }
  const allowed = Array.isArray(declared.enum) ? declared.enum.map(String) : []
  if (allowed.length > 0 && !allowed.includes(value)) return `"${value}" is not one of ${allowed.join(', ')}`
  return undefined
}
