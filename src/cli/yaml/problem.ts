import { Failure } from '../failure.ts'
import { paint } from '../io.ts'
import type { Io } from '../io.ts'
import type { Range, Source } from './source.ts'

/** Something wrong in a file, and where. Warnings do not stop anything. */
export interface Problem {
  readonly source: Source
  /** Undefined for what is in no file but was said by `--set`. */
  readonly range: Range | undefined
  readonly severity: 'error' | 'warning'
  /** e.g. `settings.default_compte is not a setting of a pipeline job`. */
  readonly message: string
  /** Shown beside the carets: `did you mean default_compute?`. */
  readonly hint?: string | undefined
}

/** Every problem of the files, as one failure. */
export class Problems extends Failure {
  readonly problems: readonly Problem[]

  constructor(problems: readonly Problem[], text: string) {
    super(text)
    this.name = 'Problems'
    this.problems = problems
  }
}

/** Prints warnings; throws all errors together, each at its place, if there is any. */
export function settle(problems: readonly Problem[], io: Io, outcome = 'nothing was created'): void {
  const warnings = problems.filter((p) => p.severity === 'warning')
  const errors = problems.filter((p) => p.severity === 'error')
  for (const warning of warnings) io.stderr(`${describe(warning, io)}\n`)
  if (errors.length === 0) return
  const count = errors.length === 1 ? '1 problem' : `${errors.length} problems`
  throw new Problems(errors, `${count}, ${outcome}\n\n${errors.map((p) => describe(p, io)).join('\n')}`)
}

/** `file:line:col  message`, then the line with two before it, carets under what is meant, and the hint. */
export function describe(problem: Problem, io: Pick<Io, 'colour'>): string {
  const { source, range } = problem
  const colour = (style: 'bold' | 'red' | 'yellow' | 'dim', text: string) => paint(io as Io, style, text)
  const warned = problem.severity === 'warning'
  const label = warned ? 'warning: ' : ''
  if (range === undefined) {
    const place = colour('bold', `${source.file} with --set`)
    return [
      `${place}  ${label}${problem.message}`,
      ...(problem.hint === undefined ? [] : [`   ${problem.hint}`]),
    ].join('\n')
  }
  const at = source.lines.linePos(range[0])
  const line = Math.max(at.line, 1)
  const column = Math.max(at.col, 1)
  const lines = source.text.split(/\r?\n/)
  const shown = lines[line - 1] ?? ''
  const width = String(line).length
  const first = Math.max(1, line - 2)
  const gutter = (number: string) => colour('dim', `   ${number.padStart(width)} │ `)
  const context = lines.slice(first - 1, line).map((text, i) => gutter(String(first + i)) + text)
  const length = Math.max(1, Math.min(range[1] - range[0], shown.length - column + 1))
  const carets = `${' '.repeat(column - 1)}${colour(warned ? 'yellow' : 'red', '^'.repeat(length))}`
  const hint = problem.hint === undefined ? '' : ` ${problem.hint}`
  const place = colour('bold', `${source.file}:${line}:${column}`)
  return [`${place}  ${label}${problem.message}`, ...context, `${gutter('')}${carets}${hint}`].join('\n')
}
