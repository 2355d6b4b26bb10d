import type { SignatureField } from '../../../api/model-file.ts'

/** A value on both sides; undefined where one has none. */
export interface Pair {
  readonly name: string
  readonly before: string | undefined
  readonly after: string | undefined
}

type Words = Readonly<Record<string, string>>

/** Names of both with their values, those first that differ, else by name. */
export function paired(before: Words, after: Words): readonly Pair[] {
  const names = [...new Set([...Object.keys(before), ...Object.keys(after)])].sort()
  const pairs = names.map((name) => ({ name, before: before[name], after: after[name] }))
  return pairs.toSorted((a, b) => Number(isSame(a)) - Number(isSame(b)))
}

export const isSame = ({ before, after }: Pair) => before === after

/** What callers of a model would notice: fields that came, went, or are of another type. */
export function signatureChanges(
  before: readonly SignatureField[],
  after: readonly SignatureField[],
): readonly { readonly name: string; readonly what: string }[] {
  const worded = ({ type, required }: SignatureField) => `${type}${required ? '' : ', may be missing'}`
  const was = new Map(before.map((field) => [field.name, field]))
  const is = new Map(after.map((field) => [field.name, field]))
  const changed = after.flatMap((field) => {
    const old = was.get(field.name)
    if (old === undefined) return [{ name: field.name, what: `new: ${worded(field)}` }]
    return worded(old) === worded(field)
      ? []
      : [{ name: field.name, what: `${worded(old)} → ${worded(field)}` }]
  })
  const gone = before
    .filter(({ name }) => !is.has(name))
    .map((field) => ({ name: field.name, what: `gone: ${worded(field)}` }))
  const kept = (fields: readonly SignatureField[], other: ReadonlyMap<string, unknown>) =>
    fields.map(({ name }) => name).filter((name) => other.has(name))
  const isReordered = kept(before, is).join('\n') !== kept(after, was).join('\n')
  return [
    ...changed,
    ...gone,
    ...(isReordered ? [{ name: 'order', what: 'rows sent by position are read otherwise' }] : []),
  ]
}

/** Whether a greater value of a metric is better, as its name says; undefined where it does not say. */
export function isGreaterBetter(metric: string): boolean | undefined {
  if (/auc|accuracy|f1|precision|recall|r2|score$|average_precision|mcc|kappa|gini|ks$/i.test(metric))
    return !/brier|loss|error/i.test(metric)
  if (/loss|error|brier|rmse|mse|mae|mape|deviance|time|seconds|latency/i.test(metric)) return false
  return undefined
}
