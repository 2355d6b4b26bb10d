import { queryOptions } from '@tanstack/react-query'
import { call } from './call.ts'
import { keyOf } from './queries.ts'
import type { Run } from './runs.ts'
import type { ListOrder, ServerSource } from './server-source.ts'
import type { Workspace } from './workspaces.ts'

/** How often runs are asked for again that other programs log: they tell of nothing by events. */
const everyMs = 15_000
const pageSize = 50

/** Which runs of which experiments, in MLflow's own words. */
export interface RunFilter {
  readonly experiments: readonly string[]
  /** What stands in their names. */
  readonly words: string
  /** MLflow's filter, as somebody wrote it. */
  readonly filter: string
  /** Children of this run only. */
  readonly parent: string
  /** Only runs that are no children. */
  readonly isTop: boolean
}

/** Of no experiment yet, and every one. */
const everyRun: RunFilter = { experiments: [], words: '', filter: '', parent: '', isTop: false }

const quoted = (text: string) => `'${text.replaceAll("'", '')}'`

/** The filter as `runs/search` takes it; '' for all runs. */
export const runFilter = ({ words, filter, parent, isTop }: RunFilter, ...more: readonly string[]): string =>
  [
    ...(filter.trim() === '' ? [] : [filter.trim()]),
    ...(words === '' ? [] : [`attributes.run_name ILIKE ${quoted(`%${words}%`)}`]),
    ...(parent === '' ? [] : [`tags.\`mlflow.parentRunId\` = ${quoted(parent)}`]),
    ...(isTop && parent === '' ? ['tags.`mlflow.parentRunId` IS NULL'] : []),
    ...more,
  ].join(' and ')

const attributes: Readonly<Record<string, string>> = {
  name: 'attributes.run_name',
  status: 'attributes.status',
  started: 'attributes.start_time',
  by: 'attributes.user_id',
}
const kinds: Readonly<Record<string, string>> = { metric: 'metrics', param: 'params', tag: 'tags' }

/** A column (`started`, `metric.roc_auc`) as `order_by` names it. */
export function runOrder({ column, descending }: ListOrder): string {
  const [kind = '', ...rest] = column.split('.')
  const key = rest.join('.')
  const quote = key.includes('`') ? '"' : '`'
  const field = attributes[column] ?? `${kinds[kind] ?? 'metrics'}.${quote}${key}${quote}`
  return `${field} ${descending ? 'DESC' : 'ASC'}`
}

/** Runs that are nested below one, and how many of them are in which state. */
export interface NestedRuns {
  readonly runs: number
  readonly statuses: Readonly<Record<string, number>>
}
/** A run in a list, with what is nested below it. */
export interface ListedRun extends Run {
  readonly nested?: NestedRuns | undefined
}

interface Found {
  readonly runs?: readonly Run[]
  readonly next_page_token?: string
}

const search = (workspace: Workspace, body: object, signal: AbortSignal) =>
  call<Found>(`${workspace.mlflow}/api/2.0/mlflow/runs/search`, { method: 'POST', signal, body })

/** MLflow's token for what follows so many runs. */
const tokenOf = (offset: number) => (offset === 0 ? {} : { page_token: btoa(JSON.stringify({ offset })) })

interface Summary {
  readonly count: number
  readonly newest: string | null
}

const summarize = <T extends Summary = Summary>(workspace: Workspace, body: object, signal: AbortSignal) =>
  call<T>(`${workspace.id}/summarizeRuns`, { method: 'POST', signal, body })

/** How many runs are nested below each of some, by their ids; those without any are left out. */
async function nestedBelow(
  workspace: Workspace,
  experiments: readonly string[],
  ids: readonly string[],
  signal: AbortSignal,
): Promise<ReadonlyMap<string, NestedRuns>> {
  if (ids.length === 0) return new Map()
  const asked = { experimentIds: experiments, nestedBelow: ids }
  const { nested } = await summarize<Summary & { nested: readonly (NestedRuns & { runId: string })[] }>(
    workspace,
    asked,
    signal,
  )
  return new Map(nested.map(({ runId, ...of }) => [runId, of]))
}

/** What is nested below one run; undefined if nothing is. */
export const nestedQuery = (workspace: Workspace, experiment: string, runId: string) =>
  queryOptions({
    queryKey: keyOf({ types: ['workspaces/jobs'] }, 'nested runs', workspace.id, runId),
    queryFn: async ({ signal }) =>
      (await nestedBelow(workspace, [experiment], [runId], signal)).get(runId) ?? null,
    refetchInterval: everyMs,
  })

/** Runs that stay on the server. */
export function runsSource(
  workspace: Workspace,
  order: ListOrder,
  filter: RunFilter,
): ServerSource<ListedRun> {
  const orderBy = runOrder(order)
  const key = JSON.stringify([workspace.id, filter, orderBy])
  const { experiments } = filter
  const upTo = (until: string | undefined) =>
    until === undefined ? [] : [`attributes.start_time <= ${Date.parse(until)}`]
  return {
    key,
    pageSize,
    snapshot: () => ({
      queryKey: ['mlflow', workspace.id, 'snapshot', key],
      queryFn: async ({ signal }) => {
        const found = await summarize(
          workspace,
          { experimentIds: experiments, filter: runFilter(filter) },
          signal,
        )
        return { total: found.count, until: found.newest ?? undefined }
      },
    }),
    page: ({ until }, page) => ({
      queryKey: keyOf({ types: ['workspaces/jobs'] }, 'runs', key, until, page),
      queryFn: async ({ signal }) => {
        const body = {
          experiment_ids: experiments,
          filter: runFilter(filter, ...upTo(until)),
          order_by: [orderBy],
          max_results: pageSize,
          ...tokenOf(page * pageSize),
        }
        const { runs = [] } = await search(workspace, body, signal)
        const ids = runs.map(({ info }) => info.run_id)
        const nested = await nestedBelow(workspace, experiments, ids, signal)
        return runs.map((run) => ({ ...run, nested: nested.get(run.info.run_id) }))
      },
      refetchInterval: everyMs,
    }),
    news: ({ until }) => ({
      queryKey: keyOf({ types: ['workspaces/jobs'] }, 'new runs', key, until),
      queryFn: async ({ signal }) => {
        const since = until === undefined ? [] : [`attributes.start_time > ${Date.parse(until)}`]
        const asked = { experimentIds: experiments, filter: runFilter(filter, ...since) }
        return (await summarize(workspace, asked, signal)).count
      },
      refetchInterval: everyMs,
    }),
  }
}

/** A name under which runs logged something; `varies`: they differ in it. */
export interface LoggedName {
  readonly name: string
  readonly runs: number
  readonly varies: boolean
}
export interface Names {
  readonly count: number
  /** How many of the newest runs were looked at. */
  readonly looksAt: number
  readonly metrics: readonly LoggedName[]
  readonly params: readonly LoggedName[]
  readonly tags: readonly LoggedName[]
}

/** What the runs of an experiment logged, by name; with `parent` only those nested below that run. */
export const namesQuery = (workspace: Workspace, experiment: string, parent = '') =>
  queryOptions({
    queryKey: ['mlflow', workspace.id, 'names', experiment, parent],
    queryFn: ({ signal }) =>
      summarize<Names & Summary>(
        workspace,
        { experimentIds: [experiment], names: true, filter: runFilter({ ...everyRun, parent }) },
        signal,
      ),
    staleTime: everyMs,
  })

/** Charts of more runs than this can be neither drawn nor read. */
export const mostCharted = 1000

/** The newest runs that fit, whole, for charts of them, with how many there are. */
export const chartedQuery = (workspace: Workspace, filter: RunFilter) =>
  queryOptions({
    queryKey: keyOf({ types: ['workspaces/jobs'] }, 'charted runs', workspace.id, filter),
    queryFn: async ({ signal }) => {
      const asked = { experimentIds: filter.experiments, filter: runFilter(filter) }
      const body = {
        experiment_ids: filter.experiments,
        filter: runFilter(filter),
        order_by: ['attributes.start_time DESC'],
        max_results: mostCharted,
      }
      const [{ count }, { runs = [] }] = await Promise.all([
        summarize(workspace, asked, signal),
        search(workspace, body, signal),
      ])
      return { runs, count }
    },
  })

/** Runs by their ids, in that order; those that are gone are left out. */
export const runsByIdQuery = (workspace: Workspace, ids: readonly string[]) =>
  queryOptions({
    queryKey: ['mlflow', workspace.id, 'runs by id', ids],
    queryFn: async ({ signal }) => {
      const found = await Promise.allSettled(
        ids.map((id) =>
          call<{ run: Run }>(`${workspace.mlflow}/api/2.0/mlflow/runs/get`, {
            signal,
            query: { run_id: id },
          }),
        ),
      )
      return {
        runs: found.flatMap((one) => (one.status === 'fulfilled' ? [one.value.run] : [])),
        missing: ids.filter((_, i) => found[i]?.status === 'rejected'),
      }
    },
    refetchInterval: everyMs,
  })
