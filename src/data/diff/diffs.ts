import { z } from 'zod'
import type { Actor } from '../../kernel/access/access.ts'
import { errors, UserError } from '../../kernel/errors.ts'
import type { Platform } from '../../kernel/platform.ts'
import { parseArmId, scopeId } from '../../kernel/resources/arm-id.ts'
import type { ResourceDefinition } from '../../kernel/resources/resource.ts'
import { stableJson } from '../../kernel/resources/row.ts'
import type { Lost } from '../stores/lost.ts'
import { parseReference } from '../locations.ts'
import { resolve } from '../resolve.ts'
import type { Both, DataDiff } from './diff.ts'

const column = z.string().min(1)

const schema = z.looseObject({
  /** Data before and after, as references in any form. */
  from: z.string().min(1),
  to: z.string().min(1),
  keys: z.array(column).max(32).nullish(),
  target: column.nullish(),
})

export type DiffProperties = z.infer<typeof schema>

/** What is known of a comparison. */
export interface DiffStatus {
  readonly provisioningState: 'Creating' | 'Succeeded' | 'Failed'
  /** The references, with labels resolved to the versions that they meant. */
  readonly pinned: Both<string>
  readonly progress?: { readonly columns: number; readonly of: number }
  readonly result?: DataDiff
  readonly error?: { readonly code: string; readonly message: string; readonly target?: string }
  /** A store could not be reached, and is tried again. */
  readonly lost?: Lost | null
}

/** A comparison of two versions of data, or of data at any two places. Made once, however long it takes; kept 30 days. */
export const dataDiffs: ResourceDefinition<DiffProperties> = {
  type: 'dataDiffs',
  provider: 'Twinloop',
  summary: 'How two versions of data differ: columns, distributions, and rows by their keys.',
  schema,
  longRunning: true,
  async prepare({ id, scope, body, before, actor }, platform) {
    if (parseArmId(id).extends === undefined || scopeId(id) !== parseArmId(id).extends)
      throw errors.badRequest(`A comparison belongs to a workspace; '${id}' is not directly in one.`)
    const { from, to } = body.properties
    const pinned = {
      from: await pin(platform, actor, scope, from, 'properties.from'),
      to: await pin(platform, actor, scope, to, 'properties.to'),
    }
    const { provisioningState, pinned: was, lost } = (before?.status ?? {}) as Partial<DiffStatus>
    const again =
      provisioningState === 'Failed' ||
      Boolean(lost) ||
      (before !== undefined && stableJson(was) !== stableJson(pinned))
    const isNews =
      again || before === undefined || stableJson(before.properties) !== stableJson(body.properties)
    return {
      ...(again ? { again } : {}),
      ...(isNews
        ? {
            status: {
              provisioningState: 'Creating',
              pinned,
              result: null,
              error: null,
              progress: null,
              lost: null,
            },
          }
        : {}),
    }
  },
}

/** What a reference means now, if the actor may read that. What is not there is the field's mistake. */
async function pin(
  platform: Platform,
  actor: Actor,
  scope: string,
  text: string,
  target: string,
): Promise<string> {
  try {
    const reference = parseReference(text)
    const { asset } = await resolve(platform, scope, reference)
    const type = asset?.type ?? 'workspaces/datastores'
    const operation = `Microsoft.MachineLearningServices/${type}/read`
    await platform.access.require(actor, operation, asset?.id ?? scope)
    if (asset === undefined) return text
    const [, name = '', version = ''] = parseArmId(asset.id).names
    return reference.kind === 'asset' && type === 'workspaces/data/versions'
      ? `azureml:${name}:${version}`
      : text
  } catch (error) {
    if (!(error instanceof UserError) || error.kind.status === 403) throw error
    throw errors.validation(error.message, { target, cause: error })
  }
}
