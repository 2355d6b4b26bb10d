import { nearest } from '../../../kernel/nearest.ts'
import { below, complain, isMap, isText, shown, spelled } from '../../../kernel/grammar/place.ts'
import type { Place } from '../../../kernel/grammar/place.ts'
import type { Json } from '../../../kernel/resources/resource.ts'
import type { Gate } from '../../gates/gate.ts'
import type { PlannedGate } from '../plan.ts'
import { nameOf } from '../../../kernel/grammar/fields.ts'
import { readBy } from '../../../kernel/grammar/schema.ts'

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
  const around = saidBy(value)
  return value.flatMap((item, i) => {
    const gate = readGate(below(place, i), item, { kinds, around })
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

interface Reading {
  readonly kinds: readonly Gate<never>[]
  /** What the gates of the stage say of each parameter, the first that says it. */
  readonly around: Json
}

/** Each parameter as the first gate of a stage has it that says it: gates that look at the same data say so once. */
const saidBy = (items: readonly unknown[]): Json =>
  Object.assign(
    {},
    ...items
      .filter(isMap)
      .flatMap(({ name: _, ...gates }) => Object.values(gates).filter(isMap))
      .toReversed(),
  ) as Json

function readGate(place: Place, item: unknown, reading: Reading): PlannedGate | undefined {
  if (isText(item)) return planned({ key: item, at: place, part: 'value' }, {}, item, reading)
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
  return planned({ key, at: below(place, key), part: 'key' }, rest[key] ?? {}, called, reading)
}

function planned(
  said: { readonly key: string; readonly at: Place; readonly part: 'key' | 'value' },
  parameters: unknown,
  name: string,
  { kinds, around }: Reading,
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
  const inherited = (gate.inherits ?? []).filter((key) => key in around)
  const whole = isMap(parameters)
    ? { ...Object.fromEntries(inherited.map((key) => [key, around[key]])), ...parameters }
    : parameters
  const read = readBy(said.at, whole, gate.parameters, said.key)
  return read === undefined ? undefined : { name, gate: gate.name, parameters: read }
}
