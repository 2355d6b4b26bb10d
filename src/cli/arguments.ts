import { nearest } from '../kernel/nearest.ts'
import { commonFlags, spelling } from './define-command.ts'
import type { Command, Flag } from './define-command.ts'
import { usage } from './failure.ts'

export interface Arguments {
  readonly flags: Readonly<Record<string, boolean | number | string | readonly string[] | undefined>>
  readonly words: readonly string[]
}

/**
 * Reads a command's flags as az does: `--flag value`, `--flag=value`, `-f value`, several values after one `words`
 * flag, unambiguous beginnings of long names. Throws a usage failure that names the nearest flag.
 */
export function parseArguments(command: Command, argv: readonly string[]): Arguments {
  const flags: Record<string, boolean | number | string | string[] | undefined> = {}
  const all: Readonly<Record<string, Flag>> = { ...commonFlags, ...command.flags }
  for (const [name, flag] of Object.entries(all))
    flags[name] = flag.type === 'switch' ? false : flag.type === 'words' ? [] : undefined
  const words: string[] = []
  for (let i = 0; i < argv.length; i++) {
    const word = argv[i] ?? ''
    if (word === '--') {
      words.push(...argv.slice(i + 1))
      break
    }
    if (!isFlag(word)) {
      words.push(word)
      continue
    }
    const equals = word.startsWith('--') ? word.indexOf('=') : -1
    const typed = equals < 0 ? word : word.slice(0, equals)
    const inline = equals < 0 ? undefined : word.slice(equals + 1)
    const name = findFlag(command, all, typed)
    const flag = all[name]
    if (flag === undefined) continue
    if (flag.type === 'switch') {
      if (inline !== undefined && !/^(true|false)$/i.test(inline)) throw usage(`${typed} takes no value`)
      flags[name] = inline?.toLowerCase() !== 'false'
      continue
    }
    const values: string[] = inline === undefined ? [] : [inline]
    const most = flag.type === 'words' ? Infinity : 1
    while (values.length < most && i + 1 < argv.length && !isFlag(argv[i + 1] ?? ''))
      values.push(argv[++i] ?? '')
    if (values.length === 0) throw usage(`${typed} needs a value: ${typed} ${flag.placeholder ?? 'VALUE'}`)
    flags[name] =
      flag.type === 'words'
        ? [...(flags[name] as string[]), ...values]
        : readValue(typed, flag, values[0] ?? '')
  }
  return { flags, words }
}

/** Says what is missing or too much; not done for `--help`. */
export function checkArguments(command: Command, parsed: Arguments): void {
  const missing = Object.entries(command.flags)
    .filter(([name, flag]) => flag.required === true && isUnset(parsed.flags[name]))
    .map(([name, flag]) => spelling(name) + (flag.short === undefined ? '' : `/-${flag.short}`))
  const line = ['twinloop', command.noun, command.verb].filter(Boolean).join(' ')
  if (missing.length > 0)
    throw usage(`${line} needs ${missing.join(' and ')}`, `${line} --help shows an example`)
  if (command.words === undefined && parsed.words.length > 0)
    throw usage(`${line} takes no words, only flags; what is "${parsed.words[0]}"?`, `${line} --help`)
  if (command.words?.required === true && parsed.words.length === 0)
    throw usage(`${line} needs ${command.words.placeholder}`, `${line} --help`)
}

// A lone dash and negative numbers are values.
const isFlag = (word: string) => word.startsWith('-') && word.length > 1 && !/^-\d/.test(word)
const isUnset = (value: unknown) => value === undefined || (Array.isArray(value) && value.length === 0)

function findFlag(command: Command, all: Readonly<Record<string, Flag>>, typed: string): string {
  const spellings = new Map<string, string>()
  for (const [name, flag] of Object.entries(all)) {
    spellings.set(spelling(name), name)
    if (flag.short !== undefined) spellings.set(`-${flag.short}`, name)
    for (const alias of flag.aliases ?? [])
      spellings.set(alias.length === 1 ? `-${alias}` : `--${alias}`, name)
  }
  const exact = spellings.get(typed) ?? spellings.get(typed.replaceAll('_', '-').toLowerCase())
  if (exact !== undefined) return exact
  const beginnings = new Set(
    typed.startsWith('--')
      ? [...spellings].filter(([text]) => text.startsWith(typed)).map(([, name]) => name)
      : [],
  )
  if (beginnings.size === 1) return [...beginnings][0] ?? ''
  if (beginnings.size > 1)
    throw usage(`${typed} could be ${[...beginnings].map((name) => spelling(name)).join(' or ')}`)
  const near = nearest(typed, spellings.keys())
  const line = ['twinloop', command.noun, command.verb].filter(Boolean).join(' ')
  throw usage(
    `${typed} is not a flag of ${line}`,
    near === undefined ? `${line} --help lists its flags` : `did you mean ${near}?`,
  )
}

function readValue(typed: string, flag: Flag, text: string): string | number {
  if (flag.type === 'integer') {
    if (!/^-?\d+$/.test(text)) throw usage(`${typed} takes a whole number, not "${text}"`)
    return Number(text)
  }
  if (flag.choices === undefined) return text
  const choice = flag.choices.find((c) => c.toLowerCase() === text.toLowerCase())
  if (choice !== undefined) return choice
  const near = nearest(text, flag.choices)
  throw usage(
    `${typed} takes ${flag.choices.join(', ')}; not "${text}"`,
    near === undefined ? undefined : `did you mean ${near}?`,
  )
}
