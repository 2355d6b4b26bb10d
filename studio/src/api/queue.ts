import { queryOptions } from '@tanstack/react-query'
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

/** What is at work or waits on one compute. */
export interface ComputeQueue {
  readonly compute: string
  /** How many processes it runs at once; undefined where it is as many as the machine has cores. */
  readonly places: number | undefined
  readonly isStopped: boolean
  readonly running: readonly Job[]
  /** Whoever is next first. */
  readonly waiting: readonly Job[]
}

/** A list longer than this is shown up to here, and says so. */
export const mostQueued = 1000
const active = "status in ('NotStarted','Queued','Preparing','Running','Finalizing','CancelRequested')"

/** What waits and what is at work, by compute: jobs and steps of pipelines, each of which takes a place of its own. */
export const queueQuery = (workspace: string) =>
  queryOptions({
    queryKey: keyOf({ types: ['workspaces/jobs', 'workspaces/computes'] }, 'queue', workspace),
    queryFn: async ({ signal }) => {
      const [jobs, computes] = await Promise.all([
        call<Page<Job>>(`${workspace}/jobs`, {
          signal,
          query: {
            $filter: `${active} and jobType ne 'Pipeline'`,
            $orderBy: 'createdtime asc',
            $top: String(mostQueued),
            // Of any job, and of none: steps are listed, too.
            parentJobName: '',
          },
        }),
        call<Page<Resource<Compute>>>(`${workspace}/computes`, { signal }),
      ])
      return queuesOf(jobs.value, computes.value)
    },
  })

/** Jobs by the compute that they wait for or run on; computes where nothing happens come last. */
export function queuesOf(
  jobs: readonly Job[],
  computes: readonly Resource<Compute>[],
): readonly ComputeQueue[] {
  const nameOf = ({ properties }: Job) => properties.computeId?.split('/').at(-1)?.toLowerCase() ?? 'local'
  const names = [
    ...new Set(['local', ...computes.map(({ name }) => name.toLowerCase()), ...jobs.map(nameOf)]),
  ]
  return names
    .map((name) => {
      const of = jobs.filter((job) => nameOf(job) === name)
      const declared = computes.find((one) => one.name.toLowerCase() === name)
      const isWaiting = ({ properties }: Job) => ['NotStarted', 'Queued'].includes(properties.status)
      return {
        compute: declared?.name ?? name,
        places: declared?.properties.properties?.scaleSettings?.maxNodeCount,
        isStopped: /^stopped$/i.test(
          declared?.properties.state ?? declared?.properties.properties?.state ?? '',
        ),
        running: of.filter((job) => !isWaiting(job)),
        waiting: of.filter(isWaiting),
      }
    })
    .toSorted((a, b) => b.waiting.length - a.waiting.length || b.running.length - a.running.length)
}

/** Why the first of those that wait waits. */
export function reasonOf({ compute, places, isStopped, running }: ComputeQueue): string {
  if (isStopped) return `${compute} is stopped: it takes nothing new until it is started.`
  if (places === 0) return `${compute} has no place at all: its maximum of nodes is 0.`
  const count =
    places === undefined
      ? 'all its places, one for each core,'
      : `its ${places} ${places === 1 ? 'place' : 'places'}`
  return running.length === 0
    ? 'It is about to start, or waits for what it was given.'
    : `${running
        .map(({ properties, name }) => properties.displayName ?? properties.stepName ?? name)
        .slice(0, 4)
        .join(
          ', ',
        )}${running.length > 4 ? ' and others' : ''} ${running.length === 1 ? 'takes' : 'take'} ${count} or what is left of them.`
}
