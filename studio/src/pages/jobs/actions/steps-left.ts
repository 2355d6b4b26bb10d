import type { Job } from '../../../api/jobs.ts'

interface LeftStep {
  readonly name: string
  /** In the words of jobs' states. */
  readonly state: string
  /** How it went before, within a sentence. */
  readonly word: string
}

const ways: Readonly<Record<string, Omit<LeftStep, 'name'>>> = {
  failed: { state: 'Failed', word: 'failed' },
  canceled: { state: 'Canceled', word: 'cancelled' },
}
const notRun = { state: 'NotStarted', word: 'not run' }

/** Of a pipeline that has ended: the steps that have completed, and those that are left, in its own order. */
export function stepsLeft({ properties: { jobs = {}, steps = {} } }: Job): {
  readonly taken: readonly { readonly name: string }[]
  readonly left: readonly LeftStep[]
} {
  // A pipeline that is a component has its steps there, and tells of those that began.
  const names = [...new Set([...Object.keys(jobs), ...Object.keys(steps)])]
  const isDone = (name: string) => steps[name]?.state === 'completed'
  return {
    taken: names.filter(isDone).map((name) => ({ name })),
    left: names
      .filter((name) => !isDone(name))
      .map((name) => ({ name, ...(ways[steps[name]?.state ?? ''] ?? notRun) })),
  }
}
