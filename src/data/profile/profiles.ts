import { z } from 'zod'
import { childId, parentId, parseArmId } from '../../kernel/resources/arm-id.ts'
import { errors } from '../../kernel/errors.ts'
import { nearest } from '../../kernel/nearest.ts'
import type { Platform } from '../../kernel/platform.ts'
import type { Json, Resource, ResourceDefinition } from '../../kernel/resources/resource.ts'
import type { Lost } from '../stores/lost.ts'
import { parseReference } from '../locations.ts'
import { resolve } from '../resolve.ts'
import { readProfile } from './stored.ts'

const schema = z.looseObject({
  /** Column that is to be predicted. */
  target: z.string().min(1).nullish(),
  /** Version of the same asset (`2`), or any version of data (`azureml:flights:2`, an id), to be held against. */
  against: z.string().min(1).nullish(),
  /** Columns to be looked at; all by default. */
  columns: z.array(z.string().min(1)).min(1).nullish(),
  /** Rows from which associations between columns are taken; all if there are no more. */
  sample: z.number().int().min(100).max(1_000_000).nullish(),
})

export type ProfileProperties = z.infer<typeof schema>

/** What became of a profile; the profile itself is `GET {id}/result`, as a page `GET {id}/report`. */
export interface ProfileStatus extends Json {
  readonly provisioningState: 'Running' | 'Succeeded' | 'Failed' | 'Deleting'
  readonly progress?: { readonly columnsDone: number; readonly columns: number }
  readonly error?: { readonly code: string; readonly message: string }
  /** The store could not be reached, and is tried again. */
  readonly lost?: Lost | null
  readonly rows?: number
  readonly columnCount?: number
  readonly warningCount?: number
  readonly seconds?: number
  readonly createdAt?: string
}

const versions = 'workspaces/data/versions'

/**
 * A look at all of a data version, made once for the options it has: a version's bytes never change. PUT of what is
 * there already does nothing, PUT with other options or of one that failed makes it again.
 */
export const profiles: ResourceDefinition<ProfileProperties> = {
  type: 'profiles',
  provider: 'Twinloop',
  summary:
    'What is known of a version of data: types, figures, distributions, associations, drift, warnings.',
  schema,
  longRunning: true,
  reconciledDelete: true,
  async prepare({ id, body, before, actor }, platform) {
    if (parseArmId(parentId(id)).type.toLowerCase() !== versions)
      throw errors.badRequest(`Only versions of data have profiles, and '${parentId(id)}' is none.`)
    const { against } = body.properties
    const properties =
      against === null || against === undefined
        ? body.properties
        : { ...body.properties, against: (await versionMeant(platform, parentId(id), against)).id }
    // A profile tells values: whoever asks for one may read them.
    for (const read of [parentId(id), properties.against])
      if (typeof read === 'string')
        await platform.access.require(actor, `Microsoft.MachineLearningServices/${versions}/read`, read)
    const state = before?.status['provisioningState']
    // Asked for again while it waits for its store: it is tried now.
    const isAsked = state === 'Failed' || Boolean(before?.status['lost'])
    if (isAsked || before === undefined) return { properties, status: running, again: true }
    return sameOptions(before.properties, properties) ? { properties } : { properties, status: running }
  },
  actions: {
    result: {
      operation: 'read',
      run: async ({ platform, resource }) => ({
        body: JSON.parse(await readProfile(platform, resource)) as Json,
      }),
    },
  },
}

const running = {
  provisioningState: 'Running',
  progress: null,
  error: null,
  lost: null,
  rows: null,
  columnCount: null,
  warningCount: null,
  seconds: null,
  createdAt: null,
}

/** True if both ask for the same document. */
export const sameOptions = (a: ProfileProperties, b: ProfileProperties): boolean =>
  optionsKey(a) === optionsKey(b)

const optionsKey = ({ target, against, columns, sample }: ProfileProperties) =>
  JSON.stringify([target ?? null, against?.toLowerCase() ?? null, columns ?? null, sample ?? null])

/** The version of data that `against` names: a bare word is a version of the same asset. */
async function versionMeant(platform: Platform, versionId: string, against: string): Promise<Resource> {
  const workspace = versionId.split('/').slice(0, 9).join('/')
  if (!/[:/@]/.test(against)) {
    const found = await platform.resources.find(childId(parentId(versionId), 'versions', against))
    if (found !== undefined) return found
    const siblings = await platform.resources.list({ type: versions, parent: parentId(versionId), top: 100 })
    const near = nearest(
      against,
      siblings.map(({ name }) => name),
    )
    const [, asset = ''] = parseArmId(versionId).names
    throw errors.notFound(
      `'${asset}' has no version '${against}' to compare with.${near === undefined ? '' : ` Did you mean '${near}'?`}`,
      { target: 'properties.against' },
    )
  }
  if (parseReference(against).kind === 'asset') {
    const { asset } = await resolve(platform, workspace, against)
    if (asset?.type === versions) return asset
  }
  throw errors.validation(
    `'${against}' is no version of data to compare with: expected a version of the same asset, or azureml:{name}:{version}.`,
    { target: 'properties.against' },
  )
}
