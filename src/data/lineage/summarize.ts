import { z } from 'zod'
import { UserError } from '../../kernel/errors.ts'
import { keyOf, parseArmId } from '../../kernel/resources/arm-id.ts'
import type { Action, Json, Resource } from '../../kernel/resources/resource.ts'
import { countConsumers } from '../../store/lineage-consumers.ts'
import { parseReference } from '../locations.ts'

/** Names that one question may have. */
const mostNames = 1000
/** Versions, and schedules, that are looked at. */
const most = 100_000

interface Facts {
  readonly rows?: number
  readonly bytes?: number
  readonly columns?: readonly unknown[]
}
type Version = Resource<Json, { readonly facts?: Facts; readonly contract?: string }>

/**
 * `POST {workspace}/summarizeData { names? }`: what one wants to know of data assets beside each other, of those that are
 * named or of all. Answers `{ value: [{ name, versions, bytes, latest, usedBy }] }`: `latest` has the version, rows,
 * columns, bytes, createdAt and contract of the version that was made last, `bytes` is what all of its versions take as
 * far as that is known, and `usedBy` counts jobs that read it, versions of models that came of it, endpoints that those
 * serve now, and monitors whose definition names it.
 */
export const summarizeData: Action = {
  operation: 'data/versions/read',
  asks: true,
  input: z.object({ names: z.array(z.string().min(1)).max(mostNames).optional() }),
  async run({ platform, resource: workspace, input }) {
    const { names } = input as { names?: readonly string[] }
    const wanted = names === undefined ? undefined : new Set(names.map((name) => name.toLowerCase()))
    const all = await platform.resources.list<Json, Version['status']>({
      type: 'workspaces/data/versions',
      scope: workspace.key,
      view: 'all',
      top: most,
    })
    const assets = Map.groupBy(all, ({ id }) => parseArmId(id).names[1] ?? '')
    const asked = [...assets].filter(([name]) => wanted?.has(name.toLowerCase()) ?? true)
    const consumers = await countConsumers(
      platform.store.db,
      workspace.key,
      new Map(asked.map(([name, versions]) => [name, versions.map(({ key }) => key)])),
    )
    const monitors = await monitorsByData(platform.resources, workspace)
    const value = asked.map(([name, versions]) => ({
      name,
      versions: versions.length,
      bytes: sumOf(versions.map(({ status }) => status.facts?.bytes)),
      latest: presentLatest(versions),
      usedBy: {
        ...(consumers.get(name) ?? { jobs: 0, models: 0, endpoints: 0 }),
        monitors: monitors.get(name.toLowerCase())?.size ?? 0,
      },
    }))
    return { body: { value } }
  },
}

/** Null where nothing is known of any: what lies elsewhere, say. */
const sumOf = (numbers: readonly (number | undefined)[]): number | null => {
  const known = numbers.filter((one) => one !== undefined)
  return known.length === 0 ? null : known.reduce((sum, one) => sum + one, 0)
}

function presentLatest(versions: readonly Version[]) {
  const latest = versions.reduce((a, b) => (b.createdAt > a.createdAt ? b : a))
  const { facts, contract } = latest.status
  return {
    version: latest.name,
    rows: facts?.rows ?? null,
    columns: facts?.columns?.length ?? null,
    bytes: facts?.bytes ?? null,
    createdAt: latest.createdAt.toISOString(),
    contract: contract ?? null,
  }
}

/** Names of the monitors that speak of data assets, by the assets' names in lower case. */
async function monitorsByData(
  resources: {
    readonly list: (query: { type: string; scope: string; top: number }) => Promise<readonly Resource[]>
  },
  workspace: Resource,
): Promise<ReadonlyMap<string, ReadonlySet<string>>> {
  const found = new Map<string, Set<string>>()
  const schedules = await resources.list({ type: 'workspaces/schedules', scope: workspace.key, top: most })
  for (const { name, properties } of schedules) {
    const { action } = properties as { action?: { actionType?: string } }
    if (action?.actionType !== 'CreateMonitor') continue
    for (const text of textsIn(action)) {
      const data = dataNamed(workspace.id, text)?.toLowerCase()
      if (data !== undefined) found.set(data, (found.get(data) ?? new Set()).add(name))
    }
  }
  return found
}

const textsIn = (value: unknown): readonly string[] =>
  typeof value === 'string'
    ? [value]
    : typeof value === 'object' && value !== null
      ? Object.values(value).flatMap(textsIn)
      : []

/** The data asset of the workspace that a text refers to; undefined for what refers to none. */
function dataNamed(workspaceId: string, text: string): string | undefined {
  if (!/^(?:azureml:|\/subscriptions\/)/i.test(text)) return undefined
  try {
    const reference = parseReference(text)
    if (reference.kind === 'asset')
      return (reference.type ?? 'data') === 'data' && reference.registry === undefined
        ? reference.name
        : undefined
    const isOwn =
      reference.kind === 'resource' && keyOf(reference.id).startsWith(`${keyOf(workspaceId)}/data/`)
    return isOwn ? parseArmId(reference.id).names[1] : undefined
  } catch (error) {
    if (error instanceof UserError) return undefined
    throw error
  }
}
