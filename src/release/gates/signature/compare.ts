import { typeInWords, type Field, type FieldType, type Param, type Signature } from './signature.ts'

/** Kinds of differences that break somebody who calls the champion today, by what they are. */
export const breaking = {
  input_added: 'an input that every request must have',
  input_required: 'an input that was optional and is not any more',
  input_type: 'an input that takes less than it took',
  inputs_reordered: 'inputs in another order, which rows sent by position do not survive',
  output_removed: 'an output that is not there any more',
  output_optional: 'an output that may be missing now',
  output_type: 'an output that may be what it never was',
  param_removed: 'a parameter that is ignored now',
  param_type: 'a parameter that takes less than it took',
} as const

export type BreakingKind = keyof typeof breaking

/** What is different and does nobody harm who calls the champion today. */
type HarmlessKind =
  | 'input_added_optional'
  | 'input_removed'
  | 'input_optional'
  | 'input_widened'
  | 'output_added'
  | 'output_narrowed'
  | 'param_added'
  | 'param_default'
  | 'param_widened'

/** One difference of the candidate's signature from the champion's, as callers see it. */
export interface Difference {
  readonly kind: BreakingKind | HarmlessKind
  readonly breaks: boolean
  /** The input, output or parameter; `` for all of them. */
  readonly of: string
  readonly champion: string | null
  readonly candidate: string | null
  readonly says: string
}

/** To which types a value of a type can become without loss, as MLflow enforces a signature. */
const widening: Readonly<Record<string, readonly string[]>> = {
  integer: ['long', 'double'],
  float: ['double'],
  int8: ['int16', 'int32', 'int64', 'float64'],
  int16: ['int32', 'int64', 'float64'],
  int32: ['int64', 'float64'],
  uint8: ['uint16', 'uint32', 'uint64', 'int16', 'int32', 'int64', 'float64'],
  uint16: ['uint32', 'uint64', 'int32', 'int64', 'float64'],
  uint32: ['uint64', 'int64', 'float64'],
  float16: ['float32', 'float64'],
  float32: ['float64'],
}

/**
 * Every difference between what the champion takes and gives and what the candidate does, breaking ones first. Requests
 * that the champion takes are to be taken by the candidate, and answers of the candidate to be understood by whoever
 * understands the champion's.
 */
export function compareSignatures(champion: Signature, candidate: Signature): readonly Difference[] {
  const found = [
    ...compareInputs(champion.inputs, candidate.inputs),
    ...compareOutputs(champion.outputs, candidate.outputs),
    ...compareParams(champion.params, candidate.params),
  ]
  return found.toSorted((a, b) => Number(b.breaks) - Number(a.breaks))
}

const nameOf = (field: Field, i: number) => field.name ?? `#${i + 1}`
const byName = (fields: readonly Field[]) => new Map(fields.map((field, i) => [nameOf(field, i), field]))

function compareInputs(before: readonly Field[], after: readonly Field[]): readonly Difference[] {
  const [champion, candidate] = [byName(before), byName(after)]
  const found: Difference[] = []
  for (const [name, field] of candidate) {
    const was = champion.get(name)
    const type = typeInWords(field.type)
    if (was === undefined) {
      found.push(
        field.required
          ? breaks('input_added', name, null, type, `needs the new input ${name} (${type})`)
          : harmless('input_added_optional', name, null, type, `may have the new input ${name} (${type})`),
      )
      continue
    }
    const wasType = typeInWords(was.type)
    if (field.required && !was.required)
      found.push(breaks('input_required', name, 'optional', 'required', `needs ${name}, which was optional`))
    if (!field.required && was.required)
      found.push(harmless('input_optional', name, 'required', 'optional', `does not need ${name} any more`))
    const change = howChanged(was.type, field.type)
    if (change === 'widened')
      found.push(harmless('input_widened', name, wasType, type, `takes ${type} for ${name}, was ${wasType}`))
    if (change === 'other')
      found.push(
        breaks(
          'input_type',
          name,
          wasType,
          type,
          `takes ${type} for ${name}, was ${wasType}${inside(was.type, field.type)}`,
        ),
      )
  }
  for (const [name, was] of champion)
    if (!candidate.has(name))
      found.push(
        harmless(
          'input_removed',
          name,
          typeInWords(was.type),
          null,
          `does not take ${name} any more, and ignores it`,
        ),
      )
  const common = (names: Iterable<string>, other: ReadonlyMap<string, Field>) =>
    [...names].filter((name) => other.has(name)).join(', ')
  const [order, now] = [common(champion.keys(), candidate), common(candidate.keys(), champion)]
  if (order !== now)
    found.push(breaks('inputs_reordered', '', order, now, `takes its inputs in another order: ${now}`))
  return found
}

function compareOutputs(before: readonly Field[], after: readonly Field[]): readonly Difference[] {
  const [champion, candidate] = [byName(before), byName(after)]
  const found: Difference[] = []
  for (const [name, was] of champion) {
    const field = candidate.get(name)
    const wasType = typeInWords(was.type)
    if (field === undefined) {
      found.push(breaks('output_removed', name, wasType, null, `does not give ${name} any more`))
      continue
    }
    const type = typeInWords(field.type)
    if (was.required && !field.required)
      found.push(breaks('output_optional', name, 'required', 'optional', `may leave ${name} out`))
    // The other way round than for inputs: what is given now has to fit into what was given.
    const change = howChanged(field.type, was.type)
    if (change === 'widened')
      found.push(
        harmless('output_narrowed', name, wasType, type, `gives ${type} for ${name}, was ${wasType}`),
      )
    if (change === 'other')
      found.push(
        breaks(
          'output_type',
          name,
          wasType,
          type,
          `gives ${type} for ${name}, was ${wasType}${inside(field.type, was.type)}`,
        ),
      )
  }
  for (const [name, field] of candidate)
    if (!champion.has(name))
      found.push(harmless('output_added', name, null, typeInWords(field.type), `gives ${name}, too`))
  return found
}

function compareParams(before: readonly Param[], after: readonly Param[]): readonly Difference[] {
  const candidate = new Map(after.map((param) => [param.name, param]))
  const found: Difference[] = []
  for (const was of before) {
    const now = candidate.get(was.name)
    const wasType = paramType(was)
    if (now === undefined) {
      found.push(breaks('param_removed', was.name, wasType, null, `ignores the parameter ${was.name}`))
      continue
    }
    const type = paramType(now)
    const fits = was.type === now.type || (widening[was.type] ?? []).includes(now.type)
    if (was.isList !== now.isList || !fits)
      found.push(
        breaks(
          'param_type',
          was.name,
          wasType,
          type,
          `takes ${type} for the parameter ${was.name}, was ${wasType}`,
        ),
      )
    else if (was.type !== now.type)
      found.push(
        harmless('param_widened', was.name, wasType, type, `takes ${type} for the parameter ${was.name}`),
      )
    if (was.default !== now.default)
      found.push(
        harmless(
          'param_default',
          was.name,
          was.default,
          now.default,
          `takes ${now.default} where the parameter ${was.name} is not given, was ${was.default}`,
        ),
      )
  }
  const known = new Set(before.map(({ name }) => name))
  for (const now of after)
    if (!known.has(now.name))
      found.push(harmless('param_added', now.name, null, paramType(now), `has the new parameter ${now.name}`))
  return found
}

const paramType = ({ type, isList }: Param) => (isList ? `list of ${type}` : type)

/** Whether everything of type `from` is also of type `to`: the same, more than before, or not. */
function howChanged(from: FieldType, to: FieldType): 'same' | 'widened' | 'other' {
  if (to.kind === 'column' && to.type === 'any')
    return from.kind === 'column' && from.type === 'any' ? 'same' : 'widened'
  if (from.kind === 'column' && to.kind === 'column') return basic(from.type, to.type)
  if (from.kind === 'tensor' && to.kind === 'tensor') {
    const shape =
      from.shape.length !== to.shape.length
        ? 'other'
        : worst(
            from.shape.map((n, i) =>
              n === to.shape[i] ? 'same' : (to.shape[i] ?? 0) < 0 ? 'widened' : 'other',
            ),
          )
    return worst([basic(from.type, to.type), shape])
  }
  if (from.kind === 'array' && to.kind === 'array') return howChanged(from.items, to.items)
  if (from.kind === 'map' && to.kind === 'map') return howChanged(from.values, to.values)
  if (from.kind === 'object' && to.kind === 'object')
    return worst([
      ...to.fields.map((field) => {
        const was = from.fields.find(({ name }) => name === field.name)
        if (was === undefined) return field.required ? 'other' : 'widened'
        if (field.required && !was.required) return 'other'
        return worst([howChanged(was.type, field.type), field.required === was.required ? 'same' : 'widened'])
      }),
      // What an object must not have is refused, other than a column that nobody asks for.
      ...from.fields.map(({ name }) => (to.fields.some((field) => field.name === name) ? 'same' : 'other')),
    ])
  return 'other'
}

const basic = (from: string, to: string) =>
  from === to ? 'same' : (widening[from] ?? []).includes(to) ? 'widened' : 'other'

const worst = (changes: readonly ('same' | 'widened' | 'other')[]) =>
  changes.includes('other') ? 'other' : changes.includes('widened') ? 'widened' : 'same'

/** Of two objects, which of their fields differ, as their names alone may not tell. */
function inside(from: FieldType, to: FieldType): string {
  if (from.kind !== 'object' || to.kind !== 'object') return ''
  const names = new Set([...from.fields, ...to.fields].map(({ name }) => name))
  const differing = [...names].filter((name) => {
    const [was, now] = [from, to].map(({ fields }) => fields.find((field) => field.name === name))
    return (
      was === undefined ||
      now === undefined ||
      was.required !== now.required ||
      howChanged(was.type, now.type) !== 'same'
    )
  })
  return ` (different: ${differing.join(', ')})`
}

const breaks = (
  kind: BreakingKind,
  of: string,
  champion: string | null,
  candidate: string | null,
  says: string,
): Difference => ({ kind, breaks: true, of, champion, candidate, says })

const harmless = (
  kind: HarmlessKind,
  of: string,
  champion: string | null,
  candidate: string | null,
  says: string,
): Difference => ({ kind, breaks: false, of, champion, candidate, says })
