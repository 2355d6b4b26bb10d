import assert from 'node:assert/strict'

/*
 * Rows that a few lines make in TypeScript and in Python alike, so that literal figures of Python's libraries can stand
 * beside ours: `[round((sin(i*1.7)+1)*0.35 + 0.25*y + 0.02, 2) for i, y in enumerate(labels)]` and its like.
 */
export const n = 60
const each = <T>(of: (i: number) => T) => Array.from({ length: n }, (_, i) => of(i))
/** Python's `round(x, places)`, away from exact halves. */
const rounded = (x: number, places: number) => Number(x.toFixed(places))

export const labels = each((i) => Number((i * 37) % 11 < 4))
export const probabilities = labels.map((y, i) =>
  rounded((Math.sin(i * 1.7) + 1) * 0.35 + 0.25 * y + 0.02, 2),
)
export const predictions = probabilities.map((p) => Number(p >= 0.5))
export const weights = each((i) => 1 + (i % 4) * 0.5)
export const labels3 = each((i) => (i % 5 === 0 ? 2 : (i * 7) % 3))
export const predictions3 = each((i) => (i % 4 === 0 ? (i / 4) % 3 : (i * 7) % 3))
export const numbers = each((i) => rounded(Math.sin(i * 0.9) * 10 + i * 0.2, 3))
export const forecasts = numbers.map((y, i) => rounded(y + Math.cos(i * 2.3) * 1.5, 3))

export function near(actual: number, expected: number, tolerance = 1e-12): void {
  assert.ok(
    Object.is(actual, expected) || Math.abs(actual - expected) <= tolerance * Math.max(1, Math.abs(expected)),
    `${actual}, not ${expected}`,
  )
}

export function allNear(actual: readonly number[], expected: readonly number[], tolerance?: number): void {
  assert.equal(actual.length, expected.length)
  for (const [i, value] of expected.entries()) near(actual[i] ?? Number.NaN, value, tolerance)
}
