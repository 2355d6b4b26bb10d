import type { ResourceRow } from '../../store/kernel-tables.ts'
import { findRow, insertRow, replaceRow } from '../../store/resource-rows.ts'
import type { Actor } from '../access/access.ts'
import { requireSharedReads } from '../access/shared-references.ts'
import { errors } from '../errors.ts'
import type { Platform } from '../platform.ts'
import { keyOf, parseArmId, scopeId } from './arm-id.ts'
import { operationOf, parentOf, type Catalogue } from './catalogue.ts'
import type { Ledger } from './ledger.ts'
import type {
  Envelope,
  Resource,
  ResourceBody,
  ResourceDefinition,
  WriteOptions,
  Writing,
  Written,
} from './resource.ts'
import { fromRow, mergeStatus, newEtag, stableJson } from './row.ts'
import { parseOrThrow } from './schema.ts'
import { openSecrets, sealSecrets } from './secret-properties.ts'
import { checkImmutable, checkPreconditions, envelopeSchema, withoutReadOnly } from './write-rules.ts'

export interface Request {
  readonly actor: Actor
  /** Canonical id. */
  readonly id: string
  readonly definition: ResourceDefinition
  readonly body: ResourceBody
  readonly before: Resource | undefined
  readonly options: WriteOptions
}

/** Does one write, or returns undefined if another one came between its reading and its writing. */
export type Write = (request: Request) => Promise<Written | undefined>

export function createWrite(parts: {
  readonly catalogue: Catalogue
  readonly ledger: Ledger
  readonly clock: () => Date
  readonly platform: () => Platform
  /** Sees that the parent is there. */
  readonly requireParent: (writing: Writing, definition: ResourceDefinition) => Promise<void>
}): Write {
  const { catalogue, ledger, clock } = parts

  /** Everything that can refuse the write, before anything is written. */
  async function check({ actor, id, definition, body, before, options }: Request) {
    const what = `${definition.type} '${parseArmId(id).names.join('/')}'`
    checkPreconditions(what, before, options)
    if (before?.deleting === true)
      throw errors.conflict(`${what} is being deleted; try again when it has gone.`, { retryAfter: 1 })
    const given = withoutReadOnly(body.properties, before)
    const properties = parseOrThrow(definition.schema, given, what, 'properties')
    const envelope = parseOrThrow(envelopeSchema, { ...before?.envelope, ...body }, what) as Envelope
    const writing: Writing = {
      id: before?.id ?? id,
      name: before?.name ?? parseArmId(id).names.at(-1) ?? '',
      scope: keyOf(scopeId(id) ?? ''),
      body: { ...envelope, properties },
      before,
      actor,
    }
    if (before === undefined) catalogue.checkName(writing.name, definition)
    await requireSharedReads(parts.platform(), actor, properties, before?.properties)
    if (definition.parent !== 'created') await parts.requireParent(writing, definition)
    const prepared = await definition.prepare?.(writing, parts.platform())
    // Only now: `prepare` may have put another spelling of the same into its canonical form.
    if (before !== undefined)
      checkImmutable(what, definition, before.properties, prepared?.properties ?? properties)
    // A refused version leaves no container behind.
    if (definition.parent === 'created') await parts.requireParent(writing, definition)
    return { writing, prepared, properties, envelope }
  }

  return async (request) => {
    const { actor, definition, before, options } = request
    const { writing, prepared, properties, envelope } = await check(request)
    const { open, sealed } = openSecrets(definition, prepared?.properties ?? properties)
    const wanted = { properties: open, envelope: prepared?.envelope ?? envelope }
    const unchanged =
      before !== undefined &&
      prepared?.again !== true &&
      sealed.size === 0 &&
      stableJson(wanted) === stableJson({ properties: before.properties, envelope: before.envelope })
    if (unchanged) return { resource: before, created: false, changed: false }

    const { along } = options
    const status = mergeStatus(before?.status ?? {}, { ...prepared?.status, ...along?.status })
    const row = rowOf(writing, definition, { ...wanted, status }, clock().getTime())
    const done = await ledger.commit(definition.type, async (tx) => {
      if (before === undefined) {
        if ((await findRow(tx, row.key)) !== undefined) return false
        await insertRow(tx, row)
      } else if (!(await replaceRow(tx, row, before.etag))) return false
      await sealSecrets(parts.platform().secrets, row.key, sealed, tx)
      await prepared?.also?.(tx)
      await along?.also?.(tx)
      await ledger.audit(tx, {
        actor,
        operation: operationOf(definition, 'write'),
        key: row.key,
        requestId: options.requestId ?? '',
        detail: before === undefined ? 'created' : 'replaced',
      })
      await ledger.follow(tx, row, 'Write', prepared?.events)
      return true
    })
    return done ? { resource: fromRow(row), created: before === undefined, changed: true } : undefined
  }
}

function rowOf(
  { id, name, scope, before, actor }: Writing,
  { type }: ResourceDefinition,
  content: Pick<Resource, 'properties' | 'envelope' | 'status'>,
  now: number,
): ResourceRow {
  return {
    key: keyOf(id),
    id,
    type,
    name,
    parent: keyOf(parentOf(id)),
    scope,
    envelope: JSON.stringify(content.envelope),
    properties: JSON.stringify(content.properties),
    status: JSON.stringify(content.status),
    etag: newEtag(),
    generation: (before?.generation ?? 0) + 1,
    archived: content.properties['isArchived'] === true ? 1 : 0,
    deleting: 0,
    created_at: before?.createdAt.getTime() ?? now,
    created_by: before?.createdBy ?? actor.name,
    created_by_type: before?.createdByType ?? actor.kind,
    modified_at: now,
    modified_by: actor.name,
    modified_by_type: actor.kind,
  }
}
