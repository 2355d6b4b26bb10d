import { z } from 'zod'
import { errors } from '../../kernel/errors.ts'
import { oneOf, textMap } from '../../kernel/resources/schema.ts'

const percent = z.number().int().min(0).max(100)

/** Canonical properties of an online endpoint. */
export const endpointSchema = z.looseObject({
  authMode: oneOf(['Key', 'AMLToken', 'AADToken']),
  traffic: z.record(z.string(), percent).nullish(),
  mirrorTraffic: z.record(z.string(), percent).nullish(),
  publicNetworkAccess: oneOf(['Enabled', 'Disabled']).nullish(),
  compute: z.string().nullish(),
  description: z.string().nullish(),
  properties: textMap.nullish(),
  keys: z.looseObject({ primaryKey: z.string().nullish(), secondaryKey: z.string().nullish() }).nullish(),
})

export type EndpointProperties = z.infer<typeof endpointSchema>

/**
 * Key in an endpoint's `properties`: the name of a request header. Requests with the same value in it go to the same
 * deployment, as long as the traffic stays as it is; requests without it are split as ever.
 */
export const stickyHeader = 'stickyHeader'

/** Throws a validation error if the sticky header cannot be the name of one. */
export function checkStickyHeader(
  properties: Readonly<Record<string, string | null>> | null | undefined,
): void {
  const name = properties?.[stickyHeader]
  if (!name || (/^[!#$%&'*+.^_`|~0-9a-z-]{1,100}$/i.test(name) && name.toLowerCase() !== 'authorization'))
    return
  throw errors.validation(
    `${stickyHeader} is the name of the request header that tells callers apart, such as x-customer-id; '${name}' is none.`,
    { target: `properties.properties.${stickyHeader}` },
  )
}
