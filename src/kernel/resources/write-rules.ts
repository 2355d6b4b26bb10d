import { z } from 'zod'
import { errors } from '../errors.ts'
import type { Json, Resource, ResourceDefinition, WriteOptions } from './resource.ts'
import { stableJson } from './row.ts'
import { textMap } from './schema.ts'

/** Top-level fields that a client may set; everything else beside `properties` is the platform's. */
export const envelopeSchema = z
  .object({
    tags: textMap.nullish(),
    location: z.string().nullish(),
    kind: z.string().nullish(),
    identity: z.record(z.string(), z.unknown()).nullish(),
    sku: z.record(z.string(), z.unknown()).nullish(),
  })
  .transform((envelope) =>
    Object.fromEntries(Object.entries(envelope).filter(([, v]) => v !== null && v !== undefined)),
  )

/** `If-Match` and `If-None-Match`, as RFC 9110 has them. Throws preconditionFailed or conflict. */
export function checkPreconditions(what: string, before: Resource | undefined, options: WriteOptions): void {
  const { ifMatch, ifNoneMatch } = options
  if (ifMatch !== undefined && before === undefined)
    throw errors.preconditionFailed(`${what} does not exist, and If-Match asks that it does.`)
  if (ifMatch !== undefined && ifMatch !== '*' && unquoted(ifMatch) !== before?.etag)
    throw errors.preconditionFailed(
      `${what} was changed since it was read: its etag is "${before?.etag}", not ${ifMatch}.`,
    )
  if (ifNoneMatch === '*' && before !== undefined)
    throw errors.preconditionFailed(`${what} exists already, and If-None-Match asks that it does not.`)
}

const unquoted = (etag: string) => etag.replace(/^W\//, '').replaceAll('"', '')

/** Throws immutable if a property that may not change has another value than before. */
export function checkImmutable(
  what: string,
  definition: ResourceDefinition,
  before: Json,
  after: unknown,
): void {
  for (const name of definition.immutable ?? []) {
    const [old, next] = [before[name], (after as Json)[name]]
    if (old === undefined || old === null || next === undefined || next === null) continue
    if (stableJson(old) !== stableJson(next))
      throw errors.immutable(
        `${what} is there already, and its ${name} cannot change (it is ${JSON.stringify(old)}, not ${JSON.stringify(next)}). ` +
          'Make a new version, or use another name.',
        { target: `properties.${name}` },
      )
  }
}

/**
 * What a client asks for: its body without what it read of the platform's findings. Clients send back what they
 * got, so a property that only `status` has is dropped rather than refused.
 */
export function withoutReadOnly(properties: unknown, before: Resource | undefined): unknown {
  if (typeof properties !== 'object' || properties === null) return properties
  const own = before?.properties ?? {}
  return Object.fromEntries(
    Object.entries(properties).filter(
      ([name]) => before === undefined || !(name in before.status) || name in own,
    ),
  )
}
