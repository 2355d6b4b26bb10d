import * as fc from 'fast-check'
import type { Condition, Field, Ordering } from '../filter.ts'

/** A run as the search's definition sees it: the oracle that SQL is held against. */
export interface Subject {
  readonly runId: string
  readonly name: string
  readonly startTime: number
  readonly metrics: Readonly<Record<string, number>>
  readonly params: Readonly<Record<string, string>>
  readonly contexts: readonly string[]
}

/** Names and parameters that are easily confused. */
export const words = ['', 'a', 'A', 'ab', 'a%', 'a_b', 'ünï', `${'x'.repeat(70)}1`, `${'x'.repeat(70)}2`]

const fields = {
  runId: { kind: 'attribute', key: 'run_id', type: 'string' },
  name: { kind: 'attribute', key: 'run_name', type: 'string' },
  start: { kind: 'attribute', key: 'start_time', type: 'number' },
  metric: { kind: 'metric', key: 'm', type: 'number' },
  param: { kind: 'param', key: 'p', type: 'string' },
  context: { kind: 'dataset', key: 'context', type: 'string' },
} as const satisfies Record<string, Field>

const anyNumber = fc.record({
  field: fc.constantFrom<Field>(fields.start, fields.metric),
  comparator: fc.constantFrom('=', '!=', '<', '<=', '>', '>='),
  value: fc.integer({ min: 0, max: 6 }),
})
const anyText = fc.record({
  field: fc.constantFrom<Field>(fields.name, fields.param, fields.context),
  comparator: fc.constantFrom('=', '!=', 'LIKE'),
  value: fc.constantFrom(...words, '%', '_', 'a%b', 'training'),
})
const anyIlike = fc.record({
  field: fc.constantFrom<Field>(fields.name, fields.param),
  comparator: fc.constant('ILIKE'),
  value: fc.constantFrom('A', 'aB', 'a%', '_B'),
})
const anyList = fc.record({
  field: fc.constant<Field>(fields.runId),
  comparator: fc.constantFrom('IN', 'NOT IN'),
  value: fc.uniqueArray(fc.constantFrom('r00', 'r01', 'r23', 'none'), { minLength: 1 }),
})
const anyNull = fc.record({
  field: fc.constant<Field>(fields.param),
  comparator: fc.constantFrom('IS NULL', 'IS NOT NULL'),
  value: fc.constant(null),
})
/** Conditions of every kind of field, with values that runs have and others. */
export const anyCondition = fc.oneof(
  anyNumber,
  anyText,
  anyIlike,
  anyList,
  anyNull,
) as fc.Arbitrary<Condition>
export const anyOrdering: fc.Arbitrary<Ordering> = fc.record({
  field: fc.constantFrom<Field>(fields.start, fields.metric, fields.param, fields.name),
  descending: fc.boolean(),
})

function valuesOf(subject: Subject, { kind, key }: Field): readonly (string | number)[] {
  if (kind === 'metric') return subject.metrics[key] === undefined ? [] : [subject.metrics[key]]
  if (kind === 'param') return subject.params[key] === undefined ? [] : [subject.params[key]]
  if (kind === 'dataset') return subject.contexts
  return [{ run_id: subject.runId, run_name: subject.name, start_time: subject.startTime }[key] ?? '']
}

/** Whether a run is as a condition wants it. */
export function satisfies(subject: Subject, { field, comparator, value }: Condition): boolean {
  const found = valuesOf(subject, field)
  if (comparator === 'IS NULL') return found.length === 0
  const like = (text: string, pattern: string) =>
    new RegExp(
      `^${pattern
        .replaceAll(/[\\^$.*+?()[\]{}|]/g, String.raw`\$&`)
        .replaceAll('%', '.*')
        .replaceAll('_', '.')}$`,
      'su',
    ).test(text)
  return found.some((v) => {
    const holds: Record<string, boolean> = {
      '=': v === value,
      '!=': v !== value,
      '<': Number(v) < Number(value),
      '<=': Number(v) <= Number(value),
      '>': Number(v) > Number(value),
      '>=': Number(v) >= Number(value),
      LIKE: like(String(v), String(value)),
      ILIKE: like(String(v).toLowerCase(), String(value).toLowerCase()),
      IN: Array.isArray(value) && value.includes(String(v)),
      'NOT IN': Array.isArray(value) && !value.includes(String(v)),
      'IS NOT NULL': true,
    }
    return holds[comparator] ?? false
  })
}

/** Whether `a` may stand before `b`: missing last, NaN before it, then the latest start, then the id. */
export function ordered(
  orderings: readonly Ordering[],
  a: Subject | undefined,
  b: Subject | undefined,
): boolean {
  if (a === undefined || b === undefined) return false
  const place = (v: string | number | undefined) => (v === undefined ? 2 : Number.isNaN(v) ? 1 : 0)
  for (const { field, descending } of orderings) {
    const [x] = valuesOf(a, field)
    const [y] = valuesOf(b, field)
    if (place(x) !== place(y)) return place(x) < place(y)
    if (x === undefined || y === undefined || place(x) === 1 || x === y) continue
    const less =
      typeof x === 'string' ? Buffer.compare(Buffer.from(x), Buffer.from(String(y))) < 0 : x < Number(y)
    return less !== descending
  }
  return a.startTime === b.startTime ? a.runId < b.runId : a.startTime > b.startTime
}
