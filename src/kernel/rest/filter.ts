import { errors } from '../errors.ts'
import { nearest } from '../nearest.ts'
import type { ListCondition } from '../resources/resource.ts'

/** What can be asked of in a filter: names in lower case, with the path that each compares. */
export type FilterFields = Readonly<Record<string, string>>

/** Fields of every resource. */
const common: FilterFields = {
  name: 'name',
  'systemdata/createdat': 'createdAt',
  'systemdata/createdby': 'createdBy',
  'systemdata/lastmodifiedat': 'modifiedAt',
}
const times = ['createdAt', 'modifiedAt']
/** More conditions than this nobody writes by hand. */
const mostConditions = 32

const token = /\s*(?:(?<text>'(?:[^']|'')*')|(?<sign>[(),])|(?<word>[\w@.:+\-/]+))/y
type Token = { readonly kind: 'text' | 'sign' | 'word'; readonly value: string }

/** Fields that a kind declares by name, with those of every resource; `properties/x` means `x`. */
export function fieldNamed(name: string, fields: FilterFields): string | undefined {
  const word = name.toLowerCase().replace(/^properties\//, '')
  const all: FilterFields = { ...common, ...fields }
  return Object.hasOwn(all, word) ? all[word] : undefined
}

/**
 * OData's `$filter` as far as lists of resources need it: conditions joined by `and`. A condition is
 * `field eq|ne|gt|ge|lt|le value`, `field in ('a','b')`, `contains(field,'text')` or `startswith(field,'text')`. Throws
 * badRequest naming what was not understood.
 */
export function readFilter(text: string, fields: FilterFields): readonly ListCondition[] {
  const tokens = tokensOf(text)
  let at = 0
  const next = () => tokens[at++]
  const wrong = (expected: string): never => {
    const seen = tokens[at - 1]?.value ?? 'the end'
    throw errors.badRequest(`$filter has ${seen} where ${expected} is expected: '${text}'.`, {
      target: '$filter',
    })
  }
  const sign = (value: string) => (next()?.value === value ? undefined : wrong(`'${value}'`))
  const field = (name: Token | undefined) => {
    if (name?.kind !== 'word') return wrong('the name of a field')
    const path = fieldNamed(name.value, fields)
    if (path !== undefined) return path
    const known = [...Object.keys(fields), ...Object.keys(common)]
    const near = nearest(name.value, known)
    throw errors.badRequest(
      `$filter asks for '${name.value}', which this list cannot be filtered by${near === undefined ? '' : `; did you mean '${near}'?`} There are ${known.join(', ')}.`,
      { target: '$filter' },
    )
  }
  const value = (path: string) => valueOf(next(), path) ?? wrong('a value')
  const condition = (): ListCondition => {
    const first = next()
    const called = first?.value.toLowerCase()
    if ((called === 'contains' || called === 'startswith') && tokens[at]?.value === '(') {
      sign('(')
      const path = field(next())
      sign(',')
      const wanted = next()
      if (wanted?.kind !== 'text') return wrong("a text in '…'")
      sign(')')
      return { path, comparator: called, value: unquoted(wanted.value) }
    }
    const path = field(first)
    const word = next()?.value.toLowerCase()
    if (word === 'in') {
      sign('(')
      const values = [value(path)]
      while (tokens[at]?.value === ',') {
        sign(',')
        values.push(value(path))
      }
      sign(')')
      return { path, comparator: 'in', value: values }
    }
    const comparator = comparators.find((known) => known === word)
    if (comparator === undefined) return wrong(`one of ${comparators.join(', ')}, in`)
    return { path, comparator, value: value(path) }
  }
  const found = [condition()]
  while (at < tokens.length) {
    if (next()?.value.toLowerCase() !== 'and') return wrong("'and'")
    found.push(condition())
  }
  if (found.length > mostConditions)
    throw errors.badRequest(
      `$filter has ${found.length} conditions; at most ${mostConditions} are possible.`,
      {
        target: '$filter',
      },
    )
  return found
}

const comparators = ['eq', 'ne', 'gt', 'ge', 'lt', 'le'] as const

function tokensOf(text: string): readonly Token[] {
  const tokens: Token[] = []
  token.lastIndex = 0
  const source = text.trimEnd()
  while (token.lastIndex < source.length) {
    const before = token.lastIndex
    const { text: quoted, sign, word } = token.exec(source)?.groups ?? {}
    if (quoted !== undefined) tokens.push({ kind: 'text', value: quoted })
    else if (sign !== undefined) tokens.push({ kind: 'sign', value: sign })
    else if (word !== undefined) tokens.push({ kind: 'word', value: word })
    else
      throw errors.badRequest(`$filter cannot be read from '${source.slice(before)}' on.`, {
        target: '$filter',
      })
  }
  return tokens
}

/** `'it''s'` as it is meant. */
const unquoted = (text: string) => text.slice(1, -1).replaceAll("''", "'")

/** A text, number, boolean or time; times of the platform's own columns in milliseconds. */
function valueOf(found: Token | undefined, path: string): string | number | undefined {
  if (found === undefined || found.kind === 'sign') return undefined
  const text = found.kind === 'text' ? unquoted(found.value) : found.value
  if (!times.includes(path)) return text
  const time = /^\d{4}-\d\d-\d\d/.test(text) ? Date.parse(text) : Number.NaN
  return Number.isNaN(time) ? undefined : time
}
