import { randomUUID } from 'node:crypto'
import { z } from 'zod'
import { identifier, type Cell } from '../../../analytics/analytics.ts'
import { containerOf } from '../../../data/containers.ts'
import { datastoreUri } from '../../../data/locations.ts'
import { withTables } from '../../../data/tables/with-tables.ts'
import { errors } from '../../../kernel/errors.ts'
import { nearest } from '../../../kernel/nearest.ts'
import { childId } from '../../../kernel/resources/arm-id.ts'
import type { Platform } from '../../../kernel/platform.ts'
import type { Action, Resource } from '../../../kernel/resources/resource.ts'
import { rolledPath } from '../events.ts'

/** Name of the collection of what turned out to be true. */
export const groundTruth = 'ground_truth'

const scalar = z.union([z.string(), z.number(), z.boolean(), z.null()])
const label = z.object({
  /** x-request-id of the answer that it is the truth about. */
  correlationId: z.string().min(1).max(256),
  /** Which row of that request. */
  row: z.number().int().min(0).default(0),
  /** The truth, in columns. */
  values: z.record(z.string().min(1), scalar).refine((values) => Object.keys(values).length > 0, {
    error: 'expected at least one column',
  }),
  /** When it was seen; now, if it is not said. */
  time: z.iso.datetime({ offset: true }).optional(),
})

const most = 100_000

/** Labels that lie in data: a table with the ids of requests, and the truth in its other columns. */
const fromData = z.object({
  reference: z.string().min(1),
  correlationColumn: z.string().default('correlationid'),
  /** Column with the number of the row in its request; the first row of each, where there is none. */
  rowColumn: z.string().nullish(),
  /** Columns with the truth; all others, if they are not said. */
  columns: z.array(z.string()).min(1).nullish(),
})

/** Lines that one file of labels gets at most. */
const linesInFile = 50_000

/** Told when labels of an endpoint have come. */
export const labelsReceived = 'Twinloop.LabelsReceived'

/** Folder of an endpoint's labels: they are of requests, whatever deployment has answered. */
export const labelsPath = (endpoint: string): string => `modelDataCollector/${endpoint}/${groundTruth}`

/**
 * `POST {endpoint}/labels { labels: [{ correlationId, row, values: { late: true } }] }` or `{ data: { reference,
 * correlationColumn, rowColumn, columns } }`: says what turned out to be true, by the ids of requests and the number of
 * a row in each. May come late, again and in any order: of two labels of a row the one that was sent last counts.
 * Answers `{ accepted }`. Labels in the body are kept all or none; those of data may be sent again after a failure.
 */
export const sendLabels: Action = {
  operation: 'labels/write',
  input: z
    .object({ labels: z.array(label).min(1).max(most).optional(), data: fromData.optional() })
    .refine(({ labels, data }) => (labels === undefined) !== (data === undefined), {
      error: 'expected either labels or data',
    }),
  async run({ platform, resource, input }) {
    const { labels, data } = input as { labels?: readonly Label[]; data?: z.infer<typeof fromData> }
    if (labels !== undefined) checkColumns(labels)
    const workspace = await platform.resources.get(resource.scope)
    const accepted =
      data === undefined
        ? await keep(platform, workspace, resource, labels ?? [], { id: randomUUID(), from: 0 })
        : await keepFromData(platform, workspace, resource, data)
    await ensureAsset(platform, workspace, resource)
    await platform.events.emit(platform.store.db, [
      {
        type: labelsReceived,
        subject: `onlineEndpoints/${resource.name}`,
        source: workspace.id,
        data: { endpointId: resource.id, endpoint: resource.name, accepted },
      },
    ])
    return { body: { accepted } }
  },
}

type Label = z.infer<typeof label>

/** Labels that were sent together, and how many of them came before these. */
interface Sent {
  readonly id: string
  readonly from: number
}

/** Writes labels as one file; answers how many. */
async function keep(
  platform: Platform,
  workspace: Resource,
  endpoint: Resource,
  labels: readonly Label[],
  sent: Sent,
): Promise<number> {
  const now = platform.clock()
  const lines = labels.map(({ correlationId, row, values, time }, i) =>
    JSON.stringify({
      specversion: '1.0',
      // In their order, which decides between those that came at the same time.
      id: `${sent.id}-${String(sent.from + i).padStart(12, '0')}`,
      source: endpoint.id,
      type: `azureml.inference.${groundTruth}`,
      datacontenttype: 'application/json',
      time: time ?? now.toISOString(),
      receivedtime: now.toISOString(),
      correlationid: correlationId,
      row,
      data: [values],
    }),
  )
  const name = `${String(now.getTime()).padStart(15, '0')}-${randomUUID()}.jsonl`
  await platform.artifacts.put(
    {
      container: containerOf(workspace, 'blobstore'),
      path: `${labelsPath(endpoint.name)}/${rolledPath(now, 'Hour')}/${name}`,
    },
    Buffer.from(`${lines.join('\n')}\n`),
    { contentType: 'application/jsonl' },
  )
  return labels.length
}

/** Reads the labels of a table of any size, in parts. */
const keepFromData = (
  platform: Platform,
  workspace: Resource,
  endpoint: Resource,
  { reference, correlationColumn, rowColumn, columns }: z.infer<typeof fromData>,
): Promise<number> =>
  withTables(platform, workspace.id, { data: reference }, async (session) => {
    const known = (await session.all('from data limit 0')).columns.map(({ name }) => name)
    const keys = [correlationColumn, ...(rowColumn ? [rowColumn] : [])]
    const truths = columns ?? known.filter((name) => !keys.includes(name))
    for (const name of [...keys, ...truths]) checkColumn(name, known)
    if (truths.length === 0)
      throw errors.validation(`'${reference}' has no column beside ${keys.join(' and ')}.`, {
        target: 'data.columns',
      })
    const row = rowColumn ? `${identifier(rowColumn)}::bigint` : '0'
    const sql = `select ${identifier(correlationColumn)}::varchar, ${row}, ${truths.map(identifier).join(', ')} from data where ${identifier(correlationColumn)} is not null`
    const id = randomUUID()
    let accepted = 0
    let waiting: Label[] = []
    for await (const rows of await session.stream(sql)) {
      for (const [id, number, ...values] of rows)
        waiting.push({
          correlationId: id as string,
          row: Number(number ?? 0),
          values: Object.fromEntries(truths.map((name, i) => [name, plain(values[i])])),
        })
      if (waiting.length < linesInFile) continue
      accepted += await keep(platform, workspace, endpoint, waiting, { id, from: accepted })
      waiting = []
    }
    if (waiting.length === 0) return accepted
    return accepted + (await keep(platform, workspace, endpoint, waiting, { id, from: accepted }))
  })

/** NaN, which JSON has not, is a missing label. */
const plain = (cell: Cell | undefined): string | number | boolean | null =>
  cell === undefined || cell === null || typeof cell === 'object' || Number.isNaN(cell) ? null : cell

function checkColumn(name: string, known: readonly string[]): void {
  if (known.includes(name)) return
  const near = nearest(name, known)
  throw errors.validation(
    `The labels have no column '${name}'; they have ${known.join(', ')}.${near === undefined ? '' : ` Did you mean '${near}'?`}`,
    { target: 'data' },
  )
}

/** One kind of truth in one request: a column that only some of the labels have is a mistake in its name. */
function checkColumns(labels: readonly Label[]): void {
  const columns = Object.keys(labels[0]?.values ?? {}).toSorted()
  const odd = labels.findIndex(({ values }) => String(Object.keys(values).toSorted()) !== String(columns))
  if (odd < 0) return
  const has = Object.keys(labels[odd]?.values ?? {}).join(', ')
  throw errors.validation(`labels.${odd} has the columns ${has}; the first has ${columns.join(', ')}.`, {
    target: `labels.${odd}.values`,
  })
}

async function ensureAsset(platform: Platform, workspace: Resource, endpoint: Resource): Promise<void> {
  const id = childId(workspace.id, 'data', `${endpoint.name}-${groundTruth}`, 'versions', '1')
  if ((await platform.resources.find(id)) !== undefined) return
  const properties = {
    dataType: 'uri_folder',
    dataUri: datastoreUri('workspaceblobstore', `${labelsPath(endpoint.name)}/`),
    description: 'What turned out to be true about the requests of an endpoint.',
  }
  await platform.resources.put(platform.identity('serving'), id, { properties })
}
