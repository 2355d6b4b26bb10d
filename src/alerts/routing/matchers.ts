import type { Labels } from '../rules/machine.ts'

/** A condition on one label, as Alertmanager writes it: `severity="page"`, `endpoint=~"flight.*"`, `team!=""`. */
export interface Matcher {
  readonly label: string
  readonly operator: '=' | '!=' | '=~' | '!~'
  readonly value: string
}

const shape = /^\s*([a-zA-Z_][\w]*)\s*(=~|!~|!=|=)\s*(?:"((?:[^"\\]|\\.)*)"|([^"]*?))\s*$/

/**
 * Reads a matcher; the quotes may be left out. Throws a RangeError, saying what was expected, for text that is none and
 * for an expression that cannot be one. An expression has to match the whole value.
 */
export function parseMatcher(text: string): Matcher {
  const [, label, operator, quoted, bare] = shape.exec(text) ?? []
  if (label === undefined || operator === undefined)
    throw new RangeError(`'${text}' is no matcher; expected label="value" with =, !=, =~ or !~.`)
  const value = quoted === undefined ? (bare ?? '') : quoted.replace(/\\(.)/g, '$1')
  const matcher = { label, operator, value } as Matcher
  if (operator === '=~' || operator === '!~')
    try {
      expression(value)
    } catch (error) {
      throw new RangeError(`'${value}' in '${text}' is no regular expression: ${(error as Error).message}`)
    }
  return matcher
}

/** Whether labels are as all matchers want; a label that is not there is ''. */
export const matchesAll = (labels: Labels, matchers: readonly Matcher[]): boolean =>
  matchers.every(({ label, operator, value }) => {
    const found = labels[label] ?? ''
    if (operator === '=') return found === value
    if (operator === '!=') return found !== value
    return expression(value).test(found) === (operator === '=~')
  })

const expression = (text: string) => new RegExp(`^(?:${text})$`, 'u')
