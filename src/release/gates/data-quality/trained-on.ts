import { childId, parseArmId } from '../../../kernel/resources/arm-id.ts'
import type { Json } from '../../../kernel/resources/resource.ts'
import type { GateContext } from '../gate.ts'

/** A version of a data asset in the stage's workspace. */
export interface StageData {
  readonly data: string
  readonly label: string
  readonly asset: string
}

/**
 * The data assets that the candidate was trained on, each by its latest version in the stage's workspace: what training
 * would read there today. Assets that the workspace does not have are left out.
 */
export async function trainedOn({
  platform,
  workspaceId,
  candidate,
}: GateContext): Promise<readonly StageData[]> {
  const { publishedFrom, lineage } = candidate.resource.status as {
    readonly publishedFrom?: Json
    readonly lineage?: Json
  }
  const sources = (publishedFrom?.['data'] ?? lineage?.['data'] ?? []) as readonly { readonly id: string }[]
  const found: StageData[] = []
  for (const asset of new Set(sources.flatMap(({ id }) => dataAsset(id)))) {
    const parent = childId(workspaceId, 'data', asset)
    const [latest] = await platform.resources.list({ type: 'workspaces/data/versions', parent, top: 1 })
    if (latest !== undefined) found.push({ data: latest.id, label: `${asset}:${latest.name}`, asset })
  }
  return found
}

/** Name of the asset, of an id of a version of data in some workspace. */
function dataAsset(id: string): readonly string[] {
  if (!/\/data\/[^/]+\/versions\/[^/]+$/i.test(id) || !id.startsWith('/')) return []
  return parseArmId(id).names.slice(1, 2)
}
