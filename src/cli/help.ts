import { commonFlags, spelling } from './define-command.ts'
import type { Command, Flags } from './define-command.ts'
import type { Entry } from './catalogue.ts'

/** `twinloop --help`: every noun and command, with the few lines that get a newcomer going. */
export function overview(entries: readonly Entry[]): string {
  const rows = (group: Entry['group']) =>
    columns(entries.filter((e) => e.group === group).map((e) => [e.name, e.summary]))
  return [
    "Twinloop: MLOps for tabular data, on your own machines, with Azure ML's files and commands and MLflow's API.",
    '',
    'Usage: twinloop COMMAND [--flags]',
    '',
    'Server',
    rows('server'),
    '',
    'Working with it (the nouns and verbs of az ml)',
    rows('noun'),
    '',
    'Files and scripts you have',
    rows('file'),
    '',
    'Examples',
    '  twinloop up',
    '  twinloop job create -f pipeline.yml --stream',
    '  eval "$(twinloop env)" && python train.py',
    '',
    'twinloop COMMAND --help tells more.',
    '',
  ].join('\n')
}

/** `twinloop job --help`. */
export function nounHelp(entry: Entry, commands: readonly Command[]): string {
  return [
    `twinloop ${entry.name}: ${entry.summary}`,
    '',
    columns(commands.map((c) => [c.verb, c.summary])),
    '',
    'Examples',
    ...commands.slice(0, 3).flatMap((c) => c.examples.slice(0, 1).map((e) => `  ${e}`)),
    '',
  ].join('\n')
}

/** `twinloop job create --help`. */
export function commandHelp(command: Command): string {
  const line = ['twinloop', command.noun, command.verb].filter(Boolean).join(' ')
  const required = Object.entries(command.flags)
    .filter(([, flag]) => flag.required === true)
    .map(([name, flag]) => ` ${spelling(name)} ${flag.placeholder ?? 'VALUE'}`)
  const common = Object.fromEntries(Object.entries(commonFlags).filter(([name]) => !(name in command.flags)))
  const words = command.words === undefined ? '' : ` ${command.words.placeholder}`
  return [
    `${line}: ${command.summary}`,
    '',
    `Usage: ${line}${words}${required.join('')} [--flags]`,
    ...(command.words === undefined
      ? []
      : ['', columns([[command.words.placeholder, command.words.summary]])]),
    ...(Object.keys(command.flags).length === 0 ? [] : ['', 'Flags', flagRows(command.flags)]),
    ...(command.raw === true ? [] : ['', 'Flags of every command', flagRows(common)]),
    '',
    'Examples',
    ...command.examples.map((e) => `  ${e}`),
    '',
  ].join('\n')
}

function flagRows(flags: Flags): string {
  return columns(
    Object.entries(flags).map(([name, flag]) => {
      const names = [
        spelling(name),
        ...(flag.aliases ?? []).map((a) => (a.length === 1 ? `-${a}` : `--${a}`)),
        ...(flag.short === undefined ? [] : [`-${flag.short}`]),
      ].join(' ')
      const value =
        flag.type === 'switch' ? '' : ` ${flag.placeholder ?? 'VALUE'}${flag.type === 'words' ? '…' : ''}`
      const choices = flag.choices === undefined ? '' : ` One of ${flag.choices.join(', ')}.`
      return [names + value, `${flag.summary}${choices}${flag.required === true ? ' Required.' : ''}`]
    }),
  )
}

/** Two columns; a left side that is too long has a line of its own. */
function columns(rows: readonly (readonly string[])[]): string {
  const width = Math.min(30, Math.max(...rows.map(([left]) => left?.length ?? 0)))
  return rows
    .map(([left = '', right = '']) =>
      left.length > width
        ? `  ${left}\n  ${' '.repeat(width)}  ${right}`
        : `  ${left.padEnd(width)}  ${right}`,
    )
    .join('\n')
}
