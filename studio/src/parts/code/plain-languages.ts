import { StreamLanguage, type StreamParser, type StringStream } from '@codemirror/language'

/** What little has to be known of a language to colour its words, texts, numbers and comments. */
interface Words {
  readonly keywords: RegExp
  readonly comment: RegExp
  /** Texts of more than one line, by what begins and ends them. */
  readonly blocks: readonly string[]
  readonly decorator?: RegExp
}

const python: Words = {
  keywords:
    /^(?:False|None|True|and|as|assert|async|await|break|class|continue|def|del|elif|else|except|finally|for|from|global|if|import|in|is|lambda|match|nonlocal|not|or|pass|raise|return|self|try|while|with|yield)$/,
  comment: /^#.*/,
  blocks: ['"""', "'''"],
  decorator: /^@[\w.]+/,
}
const shell: Words = {
  keywords:
    /^(?:if|then|elif|else|fi|for|in|do|done|while|until|case|esac|function|return|export|local|set|exit|source|echo|cd)$/,
  comment: /^#.*/,
  blocks: [],
}
const sql: Words = {
  keywords:
    /^(?:select|from|where|group|by|order|having|join|left|right|inner|outer|on|as|and|or|not|null|is|in|case|when|then|else|end|with|union|all|distinct|limit|insert|into|update|delete|create|table|view|over|partition)$/i,
  comment: /^--.*/,
  blocks: [],
}
const r: Words = {
  keywords: /^(?:if|else|repeat|while|function|for|in|next|break|TRUE|FALSE|NULL|NA|Inf|NaN|library|return)$/,
  comment: /^#.*/,
  blocks: [],
}
const settings: Words = { keywords: /^(?:true|false)$/, comment: /^[#;].*/, blocks: ['"""', "'''"] }

/** By the end of a file's name. */
const byEnding: Readonly<Record<string, Words>> = {
  py: python,
  pyi: python,
  sh: shell,
  bash: shell,
  sql,
  r,
  toml: settings,
  ini: settings,
  cfg: settings,
}

interface State {
  /** What ends the text that the line begins in. */
  block: string
}

const parserOf = (words: Words): StreamParser<State> => ({
  startState: () => ({ block: '' }),
  token(stream, state) {
    if (state.block !== '') return restOf(stream, state)
    if (stream.eatSpace()) return null
    if (stream.match(words.comment)) return 'comment'
    const block = words.blocks.find((mark) => stream.match(mark))
    if (block !== undefined) {
      state.block = block
      return restOf(stream, state)
    }
    if (stream.match(/^(?:[rbfu]{0,2})(?:"(?:[^"\\]|\\.)*"?|'(?:[^'\\]|\\.)*'?)/i)) return 'string'
    if (stream.match(/^\d[\d_]*(?:\.[\d_]*)?(?:e[+-]?\d+)?/i)) return 'number'
    if (words.decorator !== undefined && stream.match(words.decorator)) return 'meta'
    const word = stream.match(/^[A-Za-z_]\w*/) as RegExpMatchArray | null
    if (word !== null) return words.keywords.test(word[0]) ? 'keyword' : null
    stream.next()
    return null
  },
})

function restOf(stream: StringStream, state: State): string {
  const at = stream.string.indexOf(state.block, stream.pos)
  if (at < 0) stream.skipToEnd()
  else {
    stream.pos = at + state.block.length
    state.block = ''
  }
  return 'string'
}

const made = new Map<Words, StreamLanguage<State>>()

/** The colours of a file's language by its name, where it is one of the few that jobs are written in. */
export function plainLanguageOf(name: string): StreamLanguage<State> | undefined {
  const words = byEnding[name.split('.').at(-1)?.toLowerCase() ?? '']
  if (words === undefined) return undefined
  const language = made.get(words) ?? StreamLanguage.define(parserOf(words))
  made.set(words, language)
  return language
}
