import { identifier, literal } from '../../../analytics/analytics.ts'
import { nearest } from '../../../kernel/nearest.ts'

/** Brackets in brackets at most. */
const deepest = 100

/** A mistake in an expression, and where in it: an offset in characters. */
export class ExpressionError extends Error {
  readonly offset: number

  constructor(message: string, offset: number) {
    super(message)
    this.name = 'ExpressionError'
    this.offset = offset
  }
}

interface Token {
  readonly kind: 'name' | 'number' | 'text' | 'sign' | 'end'
  readonly text: string
  readonly offset: number
}

const pattern =
  /(?<space>\s+)|(?<number>(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?)|(?<name>[\p{L}_][\p{L}\p{N}_]*)|(?<text>"(?:[^"\\]|\\.)*"|'(?:[^'\\]|\\.)*')|(?<sign>==|!=|<=|>=|&&|\|\||<>|[<>=()+\-*/%,.[\]&|~!])/uy

const signs: Readonly<Record<string, string>> = {
  '&': 'and',
  '&&': 'and',
  '|': 'or',
  '||': 'or',
  '~': 'not',
  '!': 'not',
  '=': '==',
  '<>': '!=',
}

/**
 * The SQL of a filter's expression, in MLTable's Python-like grammar: `col("x")` or a bare name, literals (numbers,
 * texts, True, False, None, `datetime(2020, 1, 31)`), `== != < <= > >=`, `in [..]`, `is None`, `and or not`, `+ - * / %`,
 * and the methods and functions `is_null`, `startswith`, `endswith`, `contains`. As in SQL a comparison with a
 * missing value keeps no row. Throws `ExpressionError` at the first mistake, and for a column that is not there.
 */
export function compileFilter(expression: string, columns: readonly string[]): string {
  const tokens = tokenize(expression)
  let at = 0
  const peek = () => tokens[at] as Token
  const next = () => tokens[at++] as Token
  const is = (...texts: readonly string[]) =>
    (peek().kind === 'sign' || peek().kind === 'name') && texts.includes(peek().text)
  const accept = (...texts: readonly string[]) => (is(...texts) ? next().text : undefined)
  const expect = (text: string) => {
    if (accept(text) === undefined) throw unexpected(peek(), `'${text}'`)
  }

  const or = (): string => {
    let left = and()
    while (accept('or') !== undefined) left = `(${left} or ${and()})`
    return left
  }
  const and = (): string => {
    let left = not()
    while (accept('and') !== undefined) left = `(${left} and ${not()})`
    return left
  }
  const not = (): string => {
    let isTurned = false
    while (accept('not') !== undefined) isTurned = !isTurned
    return isTurned ? `(not ${comparison()})` : comparison()
  }

  const comparison = (): string => {
    const left = sum()
    if (accept('is') !== undefined) {
      const negated = accept('not') === undefined ? '' : 'not '
      if (accept('None', 'null') === undefined) throw unexpected(peek(), 'None')
      return `(${left} is ${negated}null)`
    }
    const negated = is('not') && tokens[at + 1]?.text === 'in' ? next() : undefined
    if (accept('in') !== undefined)
      return `(${left} ${negated === undefined ? '' : 'not '}in (${list().join(', ')}))`
    const sign = accept('==', '!=', '<', '<=', '>', '>=')
    if (sign === undefined) return left
    return `(${left} ${sign === '==' ? '=' : sign} ${sum()})`
  }
  const list = (): readonly string[] => {
    const close = accept('[') === undefined ? ')' : ']'
    if (close === ')') expect('(')
    const items = [sum()]
    while (accept(',') !== undefined) items.push(sum())
    expect(close)
    return items
  }
  const sum = (): string => {
    let left = product()
    for (let sign = accept('+', '-'); sign !== undefined; sign = accept('+', '-'))
      left = `(${left} ${sign} ${product()})`
    return left
  }
  const product = (): string => {
    let left = sign()
    for (let s = accept('*', '/', '%'); s !== undefined; s = accept('*', '/', '%'))
      left = `(${left} ${s} ${sign()})`
    return left
  }
  const sign = (): string => (accept('-') === undefined ? (accept('+'), method()) : `(-${sign()})`)

  const method = (): string => {
    let value = atom()
    while (accept('.') !== undefined) {
      const name = next()
      value = call(name, [value, ...args()])
    }
    return value
  }
  const args = (): readonly string[] => {
    expect('(')
    if (accept(')') !== undefined) return []
    const items = [or()]
    while (accept(',') !== undefined) items.push(or())
    expect(')')
    return items
  }
  const atom = (): string => {
    const token = next()
    if (token.kind === 'number') return token.text
    if (token.kind === 'text') return literal(unquote(token.text))
    if (token.text === '(' && token.kind === 'sign') {
      const inner = or()
      expect(')')
      return inner
    }
    if (token.kind !== 'name') throw unexpected(token, 'a column, a value or a bracket')
    if (/^(?:true|false)$/i.test(token.text)) return token.text.toLowerCase()
    if (/^(?:none|null)$/i.test(token.text)) return 'null'
    if (['and', 'or', 'not', 'in', 'is'].includes(token.text)) throw unexpected(token, 'a column or a value')
    if (!is('(')) return column(token.text, token.offset)
    if (token.text !== 'col') return call(token, args())
    next()
    const named = next()
    if (named.kind !== 'text') throw unexpected(named, 'the name of a column in quotes')
    expect(')')
    return column(unquote(named.text), named.offset)
  }
  const column = (name: string, offset: number): string => {
    const found =
      columns.find((c) => c === name) ?? columns.find((c) => c.toLowerCase() === name.toLowerCase())
    if (found !== undefined) return identifier(found)
    const near = nearest(name, columns)
    throw new ExpressionError(
      `there is no column '${name}'${near === undefined ? `; there are ${columns.slice(0, 10).join(', ')}` : `; did you mean '${near}'?`}`,
      offset,
    )
  }

  const sql = or()
  if (peek().kind !== 'end') throw unexpected(peek(), 'and, or, a comparison or the end')
  return sql
}

const functions: Readonly<
  Record<string, { readonly takes: number; readonly sql: (...args: readonly string[]) => string }>
> = {
  is_null: { takes: 1, sql: (value) => `(${value} is null)` },
  is_not_null: { takes: 1, sql: (value) => `(${value} is not null)` },
  startswith: { takes: 2, sql: (value, start) => `starts_with(${value}, ${start})` },
  endswith: { takes: 2, sql: (value, end) => `ends_with(${value}, ${end})` },
  contains: { takes: 2, sql: (value, part) => `contains(${value}, ${part})` },
}

function call(name: Token, args: readonly string[]): string {
  if (name.text === 'datetime') {
    if (args.length < 3 || args.length > 6 || !args.every((arg) => /^\d+$/.test(arg)))
      throw new ExpressionError(
        'datetime takes year, month, day, and hour, minute, second at will',
        name.offset,
      )
    return `make_timestamp(${[...args, ...['0', '0', '0'].slice(args.length - 3)].join(', ')})`
  }
  const found = Object.hasOwn(functions, name.text) ? functions[name.text] : undefined
  const known = [...Object.keys(functions), 'col', 'datetime']
  if (found === undefined) {
    const near = nearest(name.text, known)
    throw new ExpressionError(
      `there is no function ${name.text}${near === undefined ? `; there are ${known.join(', ')}` : `; did you mean ${near}?`}`,
      name.offset,
    )
  }
  if (args.length === found.takes) return found.sql(...args)
  throw new ExpressionError(
    `${name.text} takes ${found.takes - 1} more value(s), not ${args.length - 1}`,
    name.offset,
  )
}

function tokenize(expression: string): readonly Token[] {
  const tokens: Token[] = []
  let at = 0
  let depth = 0
  while (at < expression.length) {
    pattern.lastIndex = at
    const { groups } = pattern.exec(expression) ?? {}
    if (groups === undefined) throw new ExpressionError(`'${expression[at]}' has no meaning here`, at)
    const [kind, text] = Object.entries(groups).find(([, value]) => value !== undefined) ?? ['space', '']
    if (kind !== 'space') tokens.push({ kind: kind as Token['kind'], text, offset: at })
    if ('(['.includes(text)) depth++
    if (')]'.includes(text)) depth--
    if (depth > deepest) throw new ExpressionError(`more than ${deepest} brackets are open here`, at)
    at += text.length
  }
  return [...tokens, { kind: 'end', text: '', offset: at }]
}

function unexpected(token: Token, expected: string): ExpressionError {
  const meant = Object.hasOwn(signs, token.text) ? signs[token.text] : undefined
  if (meant !== undefined) return new ExpressionError(`'${token.text}' is written ${meant}`, token.offset)
  const what = token.kind === 'end' ? 'the expression ends' : `'${token.text}' stands`
  return new ExpressionError(`${what} where ${expected} is expected`, token.offset)
}

const unquote = (text: string) => text.slice(1, -1).replaceAll(/\\(.)/g, '$1')
