import type { Context } from 'hono'
import { machineLearning } from '../resources/arm-id.ts'
import type { Catalogue } from '../resources/catalogue.ts'
import { errors } from '../errors.ts'
import { nearest } from '../nearest.ts'

/** Api-versions of which clients choose one; any other is understood as well. */
const apiVersions = ['2025-12-01', '2024-10-01', '2023-10-01', '2022-10-01']

/**
 * `/subscriptions/{s}/providers[/{namespace}[/register]]`: which kinds of resources there are, as Azure's tools ask
 * before they use one. Every provider of the catalogue is registered from the start, so registering changes nothing.
 */
export function providers(
  context: Context,
  catalogue: Catalogue,
  path: string,
  namespace?: string,
): Response {
  const subscription = path.split('/').slice(0, 3).join('/')
  const all = Map.groupBy(catalogue.definitions, (d) => d.provider ?? machineLearning)
  const describe = (name: string) => ({
    id: `${subscription}/providers/${name}`,
    namespace: name,
    registrationPolicy: 'RegistrationFree',
    registrationState: 'Registered',
    resourceTypes: (all.get(name) ?? []).map(({ type }) => ({
      resourceType: type,
      locations: [],
      apiVersions,
    })),
  })
  if (namespace === undefined) return context.json({ value: [...all.keys()].map(describe) })
  const known = [...all.keys()].find((name) => name.toLowerCase() === namespace.toLowerCase())
  if (known !== undefined) return context.json(describe(known))
  const near = nearest(namespace, [...all.keys()])
  throw errors.noSuchRoute(
    `There is no resource provider '${namespace}' here.${near === undefined ? '' : ` Did you mean '${near}'?`}`,
  )
}
