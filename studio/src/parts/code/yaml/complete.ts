import type { Described, Field } from '../../../../../src/cli/yaml/describe.ts'
import type { Cursor } from './cursor.ts'

/** One thing that may be typed at a cursor. */
export interface Option {
  readonly label: string
  readonly detail: string
  readonly info: string | undefined
  readonly kind: 'field' | 'value'
  readonly isRequired: boolean
  /** What is put in place of what was typed; the cursor goes to its end. */
  readonly text: string
  /** Whether more is asked at once, since what was put in begins something. */
  readonly goesOn: boolean
}

/** What may be typed at a cursor, by what may stand there; required fields first. */
export function optionsAt(
  cursor: Cursor,
  described: readonly Described[],
  textAfter: string,
): readonly Option[] {
  const keys = cursor.part === 'key' ? keysOf(cursor, described, textAfter) : []
  const values = (cursor.part === 'value' || cursor.canBeValue ? valuesOf(described) : []).map((value) => {
    // A word that may also begin a map: a gate with its defaults, or with parameters.
    const field = keys.find(({ label }) => label === value.label)
    return field === undefined ? value : { ...value, detail: 'as it is', info: field.info }
  })
  return [...keys, ...values]
}

function keysOf(cursor: Cursor, described: readonly Described[], textAfter: string): readonly Option[] {
  const fields = new Map(described.flatMap((one) => [...one.fields]))
  return [...fields]
    .filter(([name]) => !cursor.present.includes(name))
    .map(([name, field]): Option => {
      const is = field.is(undefined)
      const { text, goesOn } = /^\s*:/.test(textAfter)
        ? { text: name, goesOn: false }
        : begun(name, is, cursor)
      return {
        label: name,
        detail: field.isRequired ? 'required' : saysOf(is),
        info: infoOf(field, is),
        kind: 'field',
        isRequired: field.isRequired,
        text,
        goesOn,
      }
    })
    .toSorted((a, b) => Number(b.isRequired) - Number(a.isRequired))
}

/** A field with what its value begins with: a new line for a block, a dash for a list. */
function begun(name: string, is: readonly Described[], { indent }: Cursor) {
  const kinds = new Set(is.map(({ kind }) => kind))
  const isBlock = kinds.size > 0 && [...kinds].every((kind) => kind === 'object' || kind === 'map')
  const isList = kinds.size > 0 && [...kinds].every((kind) => kind === 'list')
  if (indent === undefined || (!isBlock && !isList)) return { text: `${name}: `, goesOn: true }
  const deeper = `\n${' '.repeat(indent + 2)}`
  return { text: `${name}:${deeper}${isList ? '- ' : ''}`, goesOn: true }
}

const valuesOf = (described: readonly Described[]): readonly Option[] =>
  described.flatMap((one): readonly Option[] => {
    const values = one.kind === 'boolean' ? ['true', 'false'] : (one.values ?? [])
    const standard = one.default
    const known = values.map((value) => option(value, value === String(standard) ? 'default' : '', one.about))
    if (known.length > 0 || (typeof standard !== 'string' && typeof standard !== 'number')) return known
    return [option(String(standard), 'default', one.about)]
  })

const option = (label: string, detail: string, info: string | undefined): Option => ({
  label,
  detail,
  info,
  kind: 'value',
  isRequired: false,
  text: label,
  goesOn: false,
})

/** What a field is and takes, for the box beside the list and for who rests on it. */
export const infoOf = (field: Field, is = field.is(undefined)): string =>
  [field.about, `${field.isRequired ? 'Required: ' : ''}${saysOf(is)}.`]
    .filter((one) => one !== undefined && one !== '.')
    .join('\n')

const saysOf = (is: readonly Described[]): string => {
  const standard = is.find((one) => one.default !== undefined)?.default
  const says = [...new Set(is.map((one) => one.says))].join(', or ')
  return typeof standard === 'string' || typeof standard === 'number' || typeof standard === 'boolean'
    ? `${says}; default ${standard}`
    : says
}
