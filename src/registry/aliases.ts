import { z } from 'zod'
import { childId } from '../kernel/resources/arm-id.ts'
import { errors } from '../kernel/errors.ts'
import type { Action, ActionContext, Resource } from '../kernel/resources/resource.ts'
import type { Platform } from '../kernel/platform.ts'

/** A move of an alias from one version to another; null stands for none. */
export interface AliasChange {
  readonly alias: string
  readonly from: string | null
  readonly to: string | null
  readonly by: string
  /** ISO time. */
  readonly at: string
}

/** What the platform knows of a model beside its versions. */
export interface ModelStatus {
  /** Version that each alias means. */
  readonly aliases?: Readonly<Record<string, string>>
  /** Newest last. */
  readonly aliasHistory?: readonly AliasChange[]
}

/** Changes of aliases that are kept with a model; the audit log has those before. */
const historyLength = 1000

export const aliasesOf = (model: Resource): Readonly<Record<string, string>> =>
  (model.status as ModelStatus).aliases ?? {}

/** The status after the change, or undefined if it changes nothing. Pure. */
export function changeAlias(status: ModelStatus, change: Omit<AliasChange, 'from'>): ModelStatus | undefined {
  const { [change.alias]: from = null, ...others } = status.aliases ?? {}
  if (from === change.to) return undefined
  return {
    aliases: change.to === null ? others : { ...others, [change.alias]: change.to },
    aliasHistory: [...(status.aliasHistory ?? []), { ...change, from }].slice(-historyLength),
  }
}

/** Writes a change of an alias with its history, also against concurrent ones; with `from`, only if it means that now. */
export async function writeAlias(
  platform: Platform,
  modelKey: string,
  { from, ...change }: Omit<AliasChange, 'from' | 'at'> & { readonly from?: string | undefined },
): Promise<void> {
  for (;;) {
    const model = await platform.resources.find(modelKey)
    if (model === undefined || (from !== undefined && aliasesOf(model)[change.alias] !== from)) return
    const next = changeAlias(model.status, { ...change, at: platform.clock().toISOString() })
    if (next === undefined) return
    if ((await platform.resources.setStatus(model.key, { ...next }, { etag: model.etag })) !== undefined)
      return
  }
}

const aliasName = z
  .string()
  .min(1)
  .max(255)
  .regex(/^[\w-]+$/, 'expected letters, digits, _ and -')
  .refine((a) => a.toLowerCase() !== 'latest', "'latest' is reserved: it means the version made last")
  .refine((a) => !/^v\d+$/i.test(a), "'v' and a number is reserved for versions")

/** `POST {model}/setAlias { alias, version }`: lets an alias mean a version from now on. */
export const setAlias: Action = {
  operation: 'write',
  input: z.object({ alias: aliasName, version: z.coerce.string() }),
  async run(context: ActionContext) {
    const { platform, actor, resource, input } = context
    const { alias, version } = input as { alias: string; version: string }
    await platform.resources.get(childId(resource.id, 'versions', version))
    await writeAlias(platform, resource.key, { alias, to: version, by: actor.name })
    return { body: { alias, version } }
  },
}

/** `POST {model}/deleteAlias { alias, version? }`: the alias means nothing any more, or not that version. Idempotent. */
export const deleteAlias: Action = {
  operation: 'write',
  input: z.object({ alias: z.string(), version: z.coerce.string<string>().optional() }),
  async run({ platform, actor, resource, input }: ActionContext) {
    const { alias, version: from } = input as { alias: string; version?: string }
    await writeAlias(platform, resource.key, { alias, to: null, by: actor.name, from })
    return undefined
  },
}

/** The version that an alias, or `latest`, means. Throws notFound. */
export function versionOfAlias(model: Resource, alias: string): string {
  const version = aliasesOf(model)[alias]
  if (version !== undefined) return version
  throw errors.notFound(`Registered model alias ${alias} not found.`, { target: 'alias' })
}
