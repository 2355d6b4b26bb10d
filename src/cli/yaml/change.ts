import { usage } from '../failure.ts'

/** A change asked for by `--set a.b=c`. */
export interface Change {
  readonly path: readonly (string | number)[]
  readonly value: string
}

/** Reads `a.b[0].c=value`; a dot or bracket that belongs to a key is escaped as `\.`. */
export function parseChange(text: string): Change {
  const equals = text.indexOf('=')
  if (equals < 1) throw usage(`--set ${text}: use --set path.to.field=value`)
  const path = text
    .slice(0, equals)
    .split(/(?<!\\)\.|(?=\[\d+\])/)
    .map((step) => (/^\[\d+\]$/.test(step) ? Number(step.slice(1, -1)) : step.replaceAll('\\.', '.')))
  return { path, value: text.slice(equals + 1) }
}
