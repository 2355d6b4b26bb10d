import { z } from 'zod'
import { nearest } from '../../../kernel/nearest.ts'
import { below, complain, isMap, isText, shown, spelled } from '../../../kernel/grammar/place.ts'
import type { Place } from '../../../kernel/grammar/place.ts'
import type { Gate } from '../../gates/gate.ts'
import type { PlannedGate } from '../plan.ts'
import { nameOf } from '../../../kernel/grammar/fields.ts'

const example = '[data_quality, load: { rate: 200, p99_ms: 50 }]'

/** The gates of a stage: bare words, or `{ name of the gate: its parameters }`, with `name:` beside where it needs another. */
export function readGates(
  place: Place,
  value: unknown,
  kinds: readonly Gate<never>[],
): readonly PlannedGate[] {
  if (value === undefined || value === null) return []
  if (!Array.isArray(value)) {
    complain(place, `: ${shown(value)} is not a list of gates`, { hint: example })
    return []
  }
  const seen = new Map<string, number>()
  return value.flatMap((item, i) => {
    const gate = readGate(below(place, i), item, kinds)
    if (gate === undefined) return []
    const before = seen.get(gate.name)
    if (before !== undefined)
      complain(below(place, i), ` is a second '${gate.name}' beside ${spelled([...place.path, before])}`, {
        hint: 'tell them apart by name: beside it',
      })
    seen.set(gate.name, i)
    return [gate]
  })
}

function readGate(place: Place, item: unknown, kinds: readonly Gate<never>[]): PlannedGate | undefined {
  if (isText(item)) return planned({ key: item, at: place, part: 'value' }, {}, item, kinds)
  if (!isMap(item)) return complain(place, `: ${shown(item)} is not a gate`, { hint: example })
  const { name, ...rest } = item
  const [key, ...others] = Object.keys(rest)
  if (key === undefined) return complain(place, ' names no gate', { hint: example })
  if (others.length > 0)
    return complain(below(place, others[0] ?? ''), ' stands beside another gate', {
      part: 'key',
      hint: 'each gate is an item of its own, with a dash; its parameters stand below its name',
    })
  const called = name === undefined ? key : nameOf('a gate')(below(place, 'name'), name)
  if (called === undefined) return undefined
  return planned({ key, at: below(place, key), part: 'key' }, rest[key] ?? {}, called, kinds)
}

function planned(
  said: { readonly key: string; readonly at: Place; readonly part: 'key' | 'value' },
  parameters: unknown,
  name: string,
  kinds: readonly Gate<never>[],
): PlannedGate | undefined {
  const gate = kinds.find((kind) => kind.name === said.key)
  if (gate === undefined) {
    const names = kinds.map((kind) => kind.name)
    const near = nearest(said.key, names)
    return complain(said.at, `: there is no gate '${said.key}'`, {
      part: said.part,
      hint: near === undefined ? `there are ${names.join(', ')}` : `did you mean ${near}?`,
    })
  }
  const found = gate.parameters.safeParse(parameters, { reportInput: true })
  if (found.success) return { name, gate: gate.name, parameters: found.data }
  for (const issue of found.error.issues) blame(said.at, issue, gate.parameters, said.key)
  return undefined
}

/** Tells of what a schema found wrong, of a gate or what else is called so, in this grammar's words. */
export function blame(place: Place, issue: z.core.$ZodIssue, schema: z.ZodType, gate: string): void {
  const steps = issue.path.map((step) => (typeof step === 'number' ? step : String(step)))
  if (issue.code === 'unrecognized_keys') {
    const known = keysAt(schema, steps)
    for (const key of issue.keys) {
      const near = nearest(key, known)
      complain(below(place, ...steps, key), ` is not a parameter of ${gate}`, {
        part: 'key',
        hint:
          near === undefined
            ? known.length === 0
              ? undefined
              : `one of ${known.join(', ')}`
            : `did you mean ${near}?`,
      })
    }
    return
  }
  const isMissing = issue.code === 'invalid_type' && issue.input === undefined
  const last = steps.at(-1)
  if (isMissing && last !== undefined)
    complain(below(place, ...steps.slice(0, -1)), `: ${gate} needs ${String(last)}`)
  else complain(below(place, ...steps), `: ${issue.message}`)
}

/** The keys that a schema knows at a path, as far as it can be looked into. */
function keysAt(schema: z.core.$ZodType, path: readonly (string | number)[]): readonly string[] {
  const inner = unwrapped(schema)
  const [step, ...rest] = path
  if (inner instanceof z.ZodObject) {
    const shape = inner.shape as Readonly<Record<string, z.core.$ZodType>>
    if (step === undefined) return Object.keys(shape)
    const next = shape[String(step)]
    return next === undefined ? [] : keysAt(next, rest)
  }
  if (inner instanceof z.ZodRecord && step !== undefined) return keysAt(inner.valueType, rest)
  if (inner instanceof z.ZodArray && step !== undefined) return keysAt(inner.element, rest)
  if (inner instanceof z.ZodUnion)
    return [...new Set(inner.options.flatMap((option) => keysAt(option, path)))]
  return []
}

function unwrapped(schema: z.core.$ZodType): z.core.$ZodType {
  if (
    schema instanceof z.ZodOptional ||
    schema instanceof z.ZodNullable ||
    schema instanceof z.ZodDefault ||
    schema instanceof z.ZodPrefault
  )
    return unwrapped(schema.unwrap())
  return schema instanceof z.ZodPipe ? unwrapped(schema.in) : schema
}
