import { call } from './call.ts'
import type { Job } from './jobs.ts'
import { keyOf } from './queries.ts'
import type { Page } from './resource.ts'
import type { ListOrder, ServerSource, Snapshot } from './server-source.ts'

/** Which jobs are looked at, besides the words in their names. */
export interface JobFilter {
  readonly status: string
  readonly type: string
  readonly experiment: string
  /** Of one schedule. */
  readonly schedule?: string
  readonly archived?: boolean
}

interface Counted extends Page<Job> {
  readonly '@odata.count'?: number
}

/** What the server calls the columns that jobs can be ordered by. */
const fields: Readonly<Record<string, string>> = {
  name: 'displayName',
  status: 'status',
  type: 'jobType',
  experiment: 'experimentName',
  started: 'createdtime',
  by: 'systemData/createdBy',
}

const quoted = (text: string) => `'${text.replaceAll("'", "''")}'`

/** A filter and an order as the server's own list has them. */
export function jobQuery(words: string, filter: JobFilter): Readonly<Record<string, string | undefined>> {
  const conditions = [
    ...(filter.status === '' ? [] : [`status in (${filter.status.split(',').map(quoted).join(',')})`]),
    ...(filter.type === '' ? [] : [`jobType eq ${quoted(filter.type)}`]),
    ...(filter.experiment === '' ? [] : [`experimentName eq ${quoted(filter.experiment)}`]),
  ]
  return {
    $filter: conditions.length === 0 ? undefined : conditions.join(' and '),
    $search: words === '' ? undefined : words,
    properties: filter.schedule === undefined ? undefined : `azureml.scheduleName=${filter.schedule}`,
    listViewType: filter.archived === true ? 'ArchivedOnly' : undefined,
  }
}

/** Jobs of a workspace that stay on the server. */
export function jobsSource(
  workspace: string,
  words: string,
  order: ListOrder,
  filter: JobFilter,
): ServerSource<Job> {
  const path = `${workspace}/jobs`
  const query = jobQuery(words, filter)
  const orderBy = `${fields[order.column] ?? 'createdtime'} ${order.descending ? 'desc' : 'asc'}`
  const key = JSON.stringify([path, query, orderBy])
  const pageSize = 60
  const both = (...conditions: readonly (string | undefined)[]) =>
    conditions.filter((one) => one !== undefined).join(' and ')
  const until = ({ until: time }: Snapshot) =>
    time === undefined ? undefined : `systemData/createdAt le ${time}`
  return {
    key,
    pageSize,
    snapshot: () => ({
      queryKey: ['jobs', 'snapshot', key],
      queryFn: async ({ signal }) => {
        const found = await call<Counted>(path, {
          signal,
          query: { ...query, $orderBy: 'createdtime desc', $top: '1', $count: 'true' },
        })
        return { total: found['@odata.count'] ?? 0, until: found.value[0]?.systemData.createdAt }
      },
    }),
    page: (snapshot, page) => ({
      queryKey: keyOf({ types: ['workspaces/jobs'] }, 'page', key, snapshot.until, page),
      queryFn: async ({ signal }) =>
        (
          await call<Counted>(path, {
            signal,
            query: {
              ...query,
              $filter: both(query['$filter'], until(snapshot)),
              $orderBy: orderBy,
              $top: String(pageSize),
              $skip: String(page * pageSize),
            },
          })
        ).value,
    }),
    news: (snapshot) => ({
      queryKey: keyOf({ types: ['workspaces/jobs'] }, 'news', key, snapshot.until),
      queryFn: async ({ signal }) => {
        const since = snapshot.until === undefined ? undefined : `systemData/createdAt gt ${snapshot.until}`
        const filters = both(query['$filter'], since)
        const found = await call<Counted>(path, {
          signal,
          query: { ...query, $filter: filters === '' ? undefined : filters, $top: '1', $count: 'true' },
        })
        return found['@odata.count'] ?? 0
      },
    }),
  }
}
