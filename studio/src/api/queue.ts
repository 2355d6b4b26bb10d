import { keepPreviousData, queryOptions } from '@tanstack/react-query'
import { call } from './call.ts'
import type { Job } from './jobs.ts'
import { keyOf } from './queries.ts'
import type { Page, Resource } from './resource.ts'

interface Compute {
  readonly computeType?: string
  readonly state?: string
  readonly properties?: {
    readonly scaleSettings?: { readonly maxNodeCount?: number }
    readonly state?: string
  }
}

/** A compute as somewhere that jobs wait for. */
export interface QueuedCompute {
  readonly name: string
  /** The condition of a list of jobs that has those of this compute. */
  readonly filter: string
  /** How many processes it runs at once; undefined where it is as many as the machine has cores. */
  readonly places: number | undefined
  readonly isStopped: boolean
}

/** Jobs of one compute that wait or are at work: how many there are, and the first of them, who came first first. */
export interface QueueLine {
  readonly total: number
  readonly jobs: readonly Job[]
}

/** As many as one page of a list can have. */
export const mostQueued = 1000

const quoted = (text: string) => `'${text.replaceAll("'", "''")}'`

/** The computes of a workspace, this machine first. */
export const queuedComputesQuery = (workspace: string) =>
  queryOptions({
    queryKey: keyOf({ types: ['workspaces/computes'] }, 'queued', workspace),
    queryFn: async ({ signal }) =>
      queuedComputes((await call<Page<Resource<Compute>>>(`${workspace}/computes`, { signal })).value),
  })

export const queuedComputes = (computes: readonly Resource<Compute>[]): readonly QueuedCompute[] => [
  { name: 'local', filter: `target eq 'local'`, places: undefined, isStopped: false },
  ...computes.map(({ id, name, properties }) => ({
    name,
    filter: `target eq ${quoted(id.toLowerCase())}`,
    places: properties.properties?.scaleSettings?.maxNodeCount,
    isStopped: /^stopped$/i.test(properties.state ?? properties.properties?.state ?? ''),
  })),
]

const states = {
  waiting: `status in ('NotStarted','Queued')`,
  working: `status in ('Preparing','Running','Finalizing','CancelRequested')`,
} as const

/** The server counts, and hands out the first: jobs and steps of pipelines, each of which takes a place of its own. */
export const lineQuery = (workspace: string, which: keyof typeof states, filter: string, top: number) =>
  queryOptions({
    queryKey: keyOf({ types: ['workspaces/jobs'] }, 'line', workspace, which, filter, top),
    queryFn: async ({ signal }): Promise<QueueLine> => {
      const found = await call<Page<Job> & { readonly '@odata.count'?: number }>(`${workspace}/jobs`, {
        signal,
        query: lineParameters(which, filter, top),
      })
      return { total: found['@odata.count'] ?? found.value.length, jobs: found.value }
    },
    placeholderData: keepPreviousData,
  })

/** What is asked of the list of jobs. */
export const lineParameters = (which: keyof typeof states, filter: string, top: number) => ({
  $filter: `${states[which]} and jobType ne 'Pipeline' and ${filter}`,
  $orderBy: 'createdtime asc',
  $top: String(top),
  $count: 'true',
  // Of any job, and of none: steps are listed, too.
  parentJobName: '',
})

/** Why the first of those that wait waits. */
export function reasonOf({ name, places, isStopped }: QueuedCompute, working: QueueLine): string {
  if (isStopped) return `${name} is stopped: it takes nothing new until it is started.`
  if (places === 0) return `${name} has no place at all: its maximum of nodes is 0.`
  const count =
    places === undefined
      ? 'all its places, one for each core,'
      : `its ${places} ${places === 1 ? 'place' : 'places'}`
  return working.total === 0
    ? 'It is about to start, or waits for what it was given.'
    : `${working.jobs
        .map(({ properties, name: job }) => properties.displayName ?? properties.stepName ?? job)
        .slice(0, 4)
        .join(
          ', ',
        )}${working.total > 4 ? ' and others' : ''} ${working.total === 1 ? 'takes' : 'take'} ${count} or what is left of them.`
}
