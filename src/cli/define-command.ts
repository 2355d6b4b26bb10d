import type { Client } from './client/client.ts'
import type { Settings } from './settings.ts'
import type { Io } from './io.ts'

/**
 * A flag as data. `text` and `integer` take one value, `switch` none, `words` one or more (`--set a=1 b=2`, and may be
 * repeated).
 */
export interface Flag {
  readonly type: 'text' | 'integer' | 'switch' | 'words'
  readonly summary: string
  /** Without its dash: `f` for `-f`. */
  readonly short?: string
  /** Other spellings, without dashes: `endpoint` for `--endpoint`. */
  readonly aliases?: readonly string[]
  /** What stands for the value in help, e.g. `FILE`. */
  readonly placeholder?: string
  readonly required?: boolean
  /** The values it takes, in any case. */
  readonly choices?: readonly string[]
}

/** Flags by camelCase name: `endpointName` is `--endpoint-name`. */
export type Flags = Readonly<Record<string, Flag>>

type Value<F extends Flag> = F['type'] extends 'switch'
  ? boolean
  : F['type'] extends 'words'
    ? readonly string[]
    : F['type'] extends 'integer'
      ? F extends { required: true }
        ? number
        : number | undefined
      : F extends { required: true }
        ? string
        : string | undefined

export type Values<F extends Flags> = { readonly [K in keyof F]: Value<F[K]> }

/** What a command's `run` is given. */
export interface Invocation<F extends Flags = Flags> {
  readonly flags: Values<F & typeof commonFlags>
  /** The words that are no flags. */
  readonly words: readonly string[]
  readonly io: Io
  readonly settings: Settings
  /** Connects to the server, on first use; says how to start one if there is none. */
  readonly client: () => Promise<Client>
}

/** Printed instead of a result, with an exit code of its own. */
export interface Ended {
  readonly exitCode: number
}

/**
 * A command as data: help, parsing, completion and documentation derive from it. `run` returns what is to be printed
 * (through `--query` and `--output`), or undefined for nothing.
 */
export interface Command<F extends Flags = Flags> {
  /** `job` in `job create`; empty for commands such as `up`. */
  readonly noun: string
  readonly verb: string
  readonly summary: string
  readonly flags: F
  /** What the words are that follow, if it takes any: `FILE…`. */
  readonly words?: { readonly placeholder: string; readonly summary: string; readonly required?: boolean }
  /** Hands over everything after the verb unparsed, as words. */
  readonly raw?: boolean
  /** Whole command lines that work as they stand. */
  readonly examples: readonly string[]
  /** Columns of `--output table`, as JMESPath by heading; default: the result's plain fields. */
  readonly table?: Readonly<Record<string, string>>
  run(invocation: Invocation<F>): Promise<unknown>
}

/** Flags that every command takes. */
export const commonFlags = {
  output: {
    type: 'text',
    short: 'o',
    placeholder: 'FORMAT',
    choices: ['json', 'jsonc', 'yaml', 'yamlc', 'table', 'tsv', 'none'],
    summary: 'How the result is printed. Default json.',
  },
  query: {
    type: 'text',
    placeholder: 'JMESPATH',
    summary: 'Part of the result to print, as a JMESPath expression.',
  },
  resourceGroup: { type: 'text', short: 'g', placeholder: 'NAME', summary: 'Resource group.' },
  workspaceName: {
    type: 'text',
    short: 'w',
    aliases: ['workspace'],
    placeholder: 'NAME',
    summary: 'Workspace.',
  },
  subscription: { type: 'text', placeholder: 'ID', summary: 'Subscription.' },
  help: { type: 'switch', short: 'h', summary: 'Shows this help.' },
  debug: { type: 'switch', summary: 'Prints every request, and stacks of errors.' },
  verbose: { type: 'switch', summary: 'Accepted for az; the same as without.' },
  onlyShowErrors: { type: 'switch', summary: 'No warnings.' },
} as const satisfies Flags

/** Keeps the types of a command's flags while fitting it into lists of commands. */
export function defineCommand<const F extends Flags>(command: Command<F>): Command {
  return command
}

/** `endpointName` as typed on a command line: `--endpoint-name`. */
export function spelling(name: string): string {
  return `--${name.replaceAll(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`)}`
}
