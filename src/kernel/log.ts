/** Structured log: one JSON object a line on stderr. Values named like secrets are never written. */
export interface Log {
  debug(message: string, fields?: Fields): void
  info(message: string, fields?: Fields): void
  warn(message: string, fields?: Fields): void
  error(message: string, fields?: Fields): void
  with(fields: Fields): Log
}

type Fields = Readonly<Record<string, unknown>>

const levels = { debug: 10, info: 20, warn: 30, error: 40 } as const
export type Level = keyof typeof levels

const secretName = /token|secret|password|authorization|signature|accountkey|primarykey/i

export function createLog(options: {
  readonly level: Level
  readonly write?: (line: string) => void
  readonly clock?: () => Date
  readonly fields?: Fields
}): Log {
  const {
    level,
    write = (line) => process.stderr.write(line),
    clock = () => new Date(),
    fields = {},
  } = options
  const at =
    (name: Level) =>
    (message: string, more: Fields = {}) => {
      if (levels[name] < levels[level]) return
      const entry = { time: clock().toISOString(), level: name, message, ...fields, ...more }
      write(`${JSON.stringify(entry, redact)}\n`)
    }
  return {
    debug: at('debug'),
    info: at('info'),
    warn: at('warn'),
    error: at('error'),
    with: (more) => createLog({ ...options, fields: { ...fields, ...more } }),
  }
}

function redact(name: string, value: unknown) {
  if (value instanceof Error)
    return { name: value.name, message: value.message, stack: value.stack, cause: value.cause }
  return secretName.test(name) && typeof value === 'string' ? '(secret)' : value
}
