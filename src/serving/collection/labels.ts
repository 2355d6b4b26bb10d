import { randomUUID } from 'node:crypto'
import { z } from 'zod'
import { containerOf } from '../../data/containers.ts'
import { datastoreUri } from '../../data/locations.ts'
import { errors } from '../../kernel/errors.ts'
import { childId } from '../../kernel/resources/arm-id.ts'
import type { Platform } from '../../kernel/platform.ts'
import type { Action, Resource } from '../../kernel/resources/resource.ts'
import { rolledPath } from './events.ts'

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

/** Folder of an endpoint's labels: they are of requests, whatever deployment has answered. */
export const labelsPath = (endpoint: string): string => `modelDataCollector/${endpoint}/${groundTruth}`

/**
 * `POST {endpoint}/labels { labels: [{ correlationId, row, values: { late: true } }] }`: says what turned out to be
 * true, by the ids of requests and the number of a row in each. May come late, again and in any order: of two labels
 * of a row the one that was sent last counts. Answers `{ accepted }`; all are kept or none.
 */
export const sendLabels: Action = {
  operation: 'labels/write',
  input: z.object({ labels: z.array(label).min(1).max(most) }),
  async run({ platform, resource, input }) {
    const { labels } = input as unknown as { labels: readonly z.infer<typeof label>[] }
    checkColumns(labels)
    const now = platform.clock()
    const workspace = await platform.resources.get(resource.scope)
    const lines = labels.map(({ correlationId, row, values, time }) =>
      JSON.stringify({
        specversion: '1.0',
        id: randomUUID(),
        source: resource.id,
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
        path: `${labelsPath(resource.name)}/${rolledPath(now, 'Hour')}/${name}`,
      },
      Buffer.from(`${lines.join('\n')}\n`),
      { contentType: 'application/jsonl' },
    )
    await ensureAsset(platform, workspace, resource)
    return { body: { accepted: labels.length } }
  },
}

/** One kind of truth in one request: a column that only some of the labels have is a mistake in its name. */
function checkColumns(labels: readonly z.infer<typeof label>[]): void {
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
