import { parseArguments, checkArguments } from './arguments.ts'
import { absent, catalogue } from './catalogue.ts'
import type { Entry } from './catalogue.ts'
import type { Client } from './client/client.ts'
import type { Command, Ended, Invocation } from './define-command.ts'
import { Failure, messageOf, usage } from './failure.ts'
import { paint } from './io.ts'
import type { Io } from './io.ts'

/**
 * Runs one command line (without `node` and the script). Returns the exit code: 0 done, 1 the user's or the server's
 * error, 2 the command line is wrong, 130 interrupted. Never throws.
 */
export async function run(argv: readonly string[], io: Io): Promise<number> {
  try {
    return await dispatch(argv, io)
  } catch (error) {
    const debug = argv.includes('--debug')
    if (error instanceof Failure) {
      io.stderr(`${paint(io, 'red', 'error')} ${error.message}\n`)
      if (error.hint !== undefined) io.stderr(`  ${paint(io, 'dim', error.hint)}\n`)
      if (debug) io.stderr(`${error.stack ?? ''}\n`)
      return error.exitCode
    }
    const { tellable } = await import('../kernel/errors.ts')
    const known = tellable(error)
    if (known !== undefined) {
      io.stderr(`${paint(io, 'red', 'error')} ${known.message}\n${debug ? `${known.stack ?? ''}\n` : ''}`)
      return 1
    }
    io.stderr(`${paint(io, 'red', 'bug')} ${messageOf(error)}\n`)
    io.stderr(
      `${debug && error instanceof Error ? error.stack : '  --debug shows where; please report it'}\n`,
    )
    return 1
  }
}

async function dispatch(argv: readonly string[], io: Io): Promise<number> {
  const [name = '--help', ...rest] = argv
  if (name === '--version' || name === '-v') {
    const { version } = await import('../kernel/version.ts')
    io.stdout(`${await version()}\n`)
    return 0
  }
  if (name === '--help' || name === '-h' || name === 'help') {
    const { overview } = await import('./help.ts')
    io.stdout(overview(catalogue))
    return 0
  }
  const entry = catalogue.find((e) => e.name === name)
  if (absent[name] !== undefined)
    throw usage(
      `this version of Twinloop has no ${absent[name]}: it does not answer ${name} ${rest[0] ?? ''}`.trimEnd(),
      'twinloop --help lists what it has',
    )
  if (entry === undefined)
    throw await unknownName(
      name,
      catalogue.map((e) => e.name),
      'a command',
      'twinloop --help',
    )
  const commands = await entry.load()
  const only = commands.length === 1 && commands[0]?.noun === '' ? commands[0] : undefined
  if (only !== undefined) return execute(only, rest, io)
  return dispatchVerb(entry, commands, rest, io)
}

async function dispatchVerb(entry: Entry, commands: readonly Command[], argv: readonly string[], io: Io) {
  const [verb = '--help', ...rest] = argv
  if (verb === '--help' || verb === '-h') {
    const { nounHelp } = await import('./help.ts')
    io.stdout(nounHelp(entry, commands))
    return 0
  }
  const command = commands.find((c) => c.verb === verb)
  if (command !== undefined) return execute(command, rest, io)
  const line = `twinloop ${entry.name}`
  throw await unknownName(
    verb,
    commands.map((c) => c.verb),
    `a verb of ${entry.name}`,
    `${line} --help`,
  )
}

async function execute(command: Command, argv: readonly string[], io: Io): Promise<number> {
  const parsed =
    command.raw === true ? parseArguments(command, ['--', ...argv]) : parseArguments(command, argv)
  const flags = parsed.flags as Invocation['flags']
  if (flags.help || (command.raw === true && /^(--help|-h)$/.test(parsed.words[0] ?? '--help'))) {
    const { commandHelp } = await import('./help.ts')
    io.stdout(commandHelp(command))
    return 0
  }
  checkArguments(command, parsed)
  const { readSettings } = await import('./settings.ts')
  const settings = await readSettings(io.env)
  const quiet = flags.onlyShowErrors ? { ...io, stderr: onlyErrors(io) } : io
  let client: Promise<Client> | undefined
  const result = await command.run({
    flags,
    words: parsed.words,
    io: quiet,
    settings,
    client: () =>
      (client ??= import('./client/connect.ts').then((m) => m.connect(io, settings, flags, flags.debug))),
  })
  if (isEnded(result)) return result.exitCode
  if (result === undefined) return 0
  const { render } = await import('./output/print.ts')
  const output = flags.output ?? settings.defaults.output ?? 'json'
  const columns = command.table === undefined ? {} : { columns: command.table }
  io.stdout(await render(result, { query: flags.query, output, ...columns }))
  return 0
}

const isEnded = (result: unknown): result is Ended =>
  typeof result === 'object' && result !== null && Object.keys(result).join() === 'exitCode'

// Warnings begin with that word (perhaps coloured); everything else on standard error is progress or an error.
const onlyErrors = (io: Io) => (text: string) => {
  if (!text.includes('warning')) io.stderr(text)
}

async function unknownName(
  name: string,
  names: readonly string[],
  what: string,
  help: string,
): Promise<Failure> {
  const { nearest } = await import('../kernel/nearest.ts')
  const near = nearest(name, names)
  return usage(
    `${name} is not ${what}`,
    near === undefined ? `${help} lists them` : `did you mean ${near}? ${help} lists them`,
  )
}
