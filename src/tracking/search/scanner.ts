import { errors } from '../../kernel/errors.ts'

/** Reads a search text from left to right; every complaint says where it is and what was expected there. */
export class Scanner {
  readonly text: string
  /** `filter` or `order_by`, for messages. */
  readonly what: string
  position = 0

  constructor(text: string, what: string) {
    this.text = text
    this.what = what
  }

  /** True when only white space is left. */
  atEnd(): boolean {
    this.#skipSpace()
    return this.position >= this.text.length
  }

  /** The dotted name at this place: `metrics.acc`, `` tags.`mlflow.user` ``, `params."a b"`; key is '' for a bare word. */
  name(): { readonly prefix: string; readonly key: string } {
    this.#skipSpace()
    const quotedWord = this.#quoted('`"')
    if (quotedWord !== undefined) return { prefix: quotedWord, key: '' }
    const word = this.#match(/[^\s.=!<>'"`(),]+/y)
    if (word === undefined) throw this.error('expected a field such as metrics.accuracy')
    if (this.text[this.position] !== '.') return { prefix: word, key: '' }
    this.position++
    const key = this.#quoted('`"') ?? this.#match(/[^\s=!<>'"`(),]+/y)
    if (key === undefined) throw this.error(`expected a key after '${word}.'`)
    return { prefix: word, key }
  }

  /** The symbol or the words of an operator at this place, in upper case with single spaces; undefined if there is none. */
  operator(): string | undefined {
    this.#skipSpace()
    const found =
      this.#match(/>=|<=|!=|<>|==|=|>|</y) ??
      this.#match(/(?:not\s+in|in|like|ilike|is\s+not\s+null|is\s+null)(?![\w.])/iy)
    return found?.toUpperCase().replaceAll(/\s+/g, ' ')
  }

  /** The keyword, if it stands here: then it is consumed. */
  keyword(word: string): boolean {
    this.#skipSpace()
    return this.#match(new RegExp(`${word}(?![\\w.])`, 'iy')) !== undefined
  }

  symbol(character: string): boolean {
    this.#skipSpace()
    if (this.text[this.position] !== character) return false
    this.position++
    return true
  }

  /** A string in single or double quotes (a doubled quote stands for one), if one is here. */
  string(): string | undefined {
    this.#skipSpace()
    return this.#quoted(`'"`)
  }

  number(): number | undefined {
    this.#skipSpace()
    const found = this.#match(/[+-]?(?:\d+\.?\d*|\.\d+)(?:e[+-]?\d+)?(?![\w.])/iy)
    return found === undefined ? undefined : Number(found)
  }

  error(expected: string) {
    const found = this.text.slice(this.position, this.position + 24)
    const here = found === '' ? 'its end' : `'${found}'`
    return errors.badRequest(
      `Invalid clause in ${this.what} string '${this.text}' at position ${this.position}: ${expected}, found ${here}.`,
      { target: this.what },
    )
  }

  #quoted(quotes: string): string | undefined {
    const quote = this.text[this.position]
    if (quote === undefined || !quotes.includes(quote)) return undefined
    let value = ''
    for (let i = this.position + 1; i < this.text.length; i++) {
      if (this.text[i] !== quote) value += this.text[i]
      else if (this.text[i + 1] === quote) value += this.text[i++]
      else {
        this.position = i + 1
        return value
      }
    }
    throw this.error(`the quote ${quote} that opens here is never closed`)
  }

  #match(pattern: RegExp): string | undefined {
    pattern.lastIndex = this.position
    const found = pattern.exec(this.text)?.[0]
    if (found !== undefined) this.position += found.length
    return found
  }

  #skipSpace() {
    while (/\s/.test(this.text[this.position] ?? '')) this.position++
  }
}
