import type { Problem } from '../yaml/problem.ts'
import { rangeAt, type Path, type Source } from '../yaml/source.ts'

/** One thing that a server refuses, as Azure Resource Manager tells it. */
export interface Refused {
  /** `properties.stages.0.name`. */
  readonly target?: string | undefined
  readonly message?: string | undefined
}

/** The steps of a target below `properties`. */
export const stepsOf = (target: string): Path =>
  target
    .split('.')
    .slice(1)
    .map((step) => (/^\d+$/.test(step) ? Number(step) : step))

/**
 * What a server refuses of a document as problems at their places in it. `pathOf` says where a target stands there; by
 * default the document has the server's own words.
 */
export const refusals = (
  source: Source,
  details: readonly Refused[],
  pathOf: (target: string) => Path = stepsOf,
): readonly Problem[] =>
  details
    .filter(({ target }) => target?.startsWith('properties.') === true)
    .map(({ target = '', message = '' }) => {
      const [, said = message, hint] = /^(.*?)(?:; (did you mean .*))?$/s.exec(message) ?? []
      return { source, range: rangeAt(source, pathOf(target)), severity: 'error', message: said, hint }
    })
