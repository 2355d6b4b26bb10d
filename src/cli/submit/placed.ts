import { RemoteFailure } from '../client/remote-failure.ts'
import type { Io } from '../io.ts'
import type { Source } from '../yaml/source.ts'

/** The error with which a server refuses what stands in a file, as the problems that it names, each shown at its place in the file. */
export async function placed(source: Source, io: Io, error: unknown): Promise<unknown> {
  if (!(error instanceof RemoteFailure)) return error
  const { refusals } = await import('./refusals.ts')
  const problems = refusals(source, error.details)
  if (problems.length === 0) return error
  const { settle } = await import('../yaml/problem.ts')
  try {
    settle(problems, io)
  } catch (problem) {
    return problem
  }
  return error
}
