import { kindOf, kinds } from './kinds.ts'
import type { Kind } from './kinds.ts'
import type { Problem } from './problem.ts'
import { applySets } from './set.ts'
import { readShape } from './shape.ts'
import type { Infer, Shape } from './shape.ts'
import { nodeAt, syntaxProblems } from './source.ts'
import type { Source } from './source.ts'

export interface Loaded<T> {
  readonly source: Source
  readonly kind: Kind
  readonly value: T
  /** What is wrong with its shape: what was read there is not to be relied on. */
  readonly errors: readonly Problem[]
}

/**
 * Checks a document. `expected` says which kinds it may be (default: any); if it is told to be one, its `$schema` is not
 * needed. Its problems are added to `problems`. Returns undefined when nothing could be read.
 */
export async function loadSource<K extends Kind>(
  source: Source,
  problems: Problem[],
  expected?: readonly K[],
  sets: readonly string[] = [],
): Promise<Loaded<Infer<(typeof kinds)[K]>> | undefined> {
  const found: Problem[] = [...syntaxProblems(source)]
  if (found.length === 0) applySets(source.document, sets)
  const kind =
    found.length > 0 ? undefined : expected?.length === 1 ? expected[0] : kindAmong(source, found, expected)
  const shape = kind === undefined ? undefined : (kinds[kind] as Shape<Infer<(typeof kinds)[K]>>)
  await shape?.load?.(source)
  const value = shape === undefined ? undefined : readShape(shape, source, found)
  problems.push(...found)
  if (kind === undefined || value === undefined) return undefined
  return { source, kind, value, errors: found.filter((p) => p.severity === 'error') }
}

/** A job and a component may look the same; where one of them is meant is known. */
const twins: Partial<Record<Kind, Kind>> = {
  commandJob: 'commandComponent',
  commandComponent: 'commandJob',
  pipelineJob: 'pipelineComponent',
  pipelineComponent: 'pipelineJob',
}

function kindAmong(
  source: Source,
  problems: Problem[],
  expected: readonly Kind[] | undefined,
): Kind | undefined {
  const kind = kindOf(source, problems)
  if (kind === undefined || expected === undefined || expected.includes(kind)) return kind
  const twin = twins[kind]
  if (twin !== undefined && expected.includes(twin) && !saysItsKind(source)) return twin
  problems.push({
    source,
    range: [0, 1],
    severity: 'error',
    message: `${source.file} is ${kinds[kind].says}, where ${expected.map((k) => kinds[k].says).join(' or ')} is wanted`,
  })
  return undefined
}

const saysItsKind = (source: Source) => nodeAt(source, ['$schema']) !== undefined
