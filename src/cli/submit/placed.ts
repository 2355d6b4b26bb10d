import { RemoteFailure } from '../client/remote-failure.ts'
import type { Io } from '../io.ts'
import type { Source } from '../yaml/source.ts'

/** The error with which a server refuses what stands in a file, as the problems that it names, each shown at its place in the file. */
export async function placed(source: Source, io: Io, error: unknown): Promise<unknown> {
  if (!(error instanceof RemoteFailure)) return error
  const found = error.details.filter(({ target }) => target?.startsWith('properties.') === true)
  if (found.length === 0) return error
  const { rangeAt } = await import('../yaml/source.ts')
  const { settle } = await import('../yaml/problem.ts')
  const problems = found.map(({ target = '', message = '' }) => {
    const path = target
      .split('.')
      .slice(1)
      .map((step) => (/^\d+$/.test(step) ? Number(step) : step))
    const [, said = message, hint] = /^(.*?)(?:; (did you mean .*))?$/s.exec(message) ?? []
    return { source, range: rangeAt(source, path), severity: 'error' as const, message: said, hint }
  })
  try {
    settle(problems, io)
  } catch (problem) {
    return problem
  }
  return error
}
