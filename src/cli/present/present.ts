import type { Json } from '../client/client.ts'

/** A resource as the REST API answers it. */
export interface Body extends Json {
  readonly id?: string
  readonly name?: string
  readonly location?: string
  readonly tags?: Readonly<Record<string, string>>
  readonly identity?: Json
  readonly sku?: Json
  readonly properties?: Json
  readonly systemData?: Json
}

/** Maps whose keys are the user's own: their spelling is kept. */
const ownKeys = new Set([
  'tags',
  'properties',
  'inputs',
  'outputs',
  'jobs',
  'environmentVariables',
  'traffic',
  'mirrorTraffic',
  'flavors',
  'services',
  'collections',
  'componentSpec',
  'settings',
])

/** `displayName` as `display_name`, all the way down except the keys of users' own maps. */
export function snakeKeys(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(snakeKeys)
  if (typeof value !== 'object' || value === null) return value
  return Object.fromEntries(
    Object.entries(value)
      .filter(([, inner]) => inner !== null && inner !== undefined)
      .map(([key, inner]) => [
        snake(key),
        ownKeys.has(key) && typeof inner === 'object' && !Array.isArray(inner)
          ? Object.fromEntries(Object.entries(inner as Json).map(([k, v]) => [k, snakeKeys(v)]))
          : snakeKeys(inner),
      ]),
  )
}

export const snake = (name: string) =>
  name.replaceAll(/[A-Z]/g, (c, i) => (i === 0 ? '' : '_') + c.toLowerCase())

/** `AMLToken`, `Key`, `AmlCompute` as YAML spells them: `aml_token`, `key`, `amlcompute` (with no underscore). */
export const lower = (text: unknown) => (typeof text === 'string' ? text.toLowerCase() : text)

/** What every presented resource begins and ends with. `prefix`: assets and jobs have `azureml:` before their id. */
export function frame(body: Body, fields: Json, options: { prefix?: boolean } = {}): Json {
  const id = body.id ?? ''
  return {
    name: body.name,
    ...clean(fields),
    ...(body.tags === undefined && fields['tags'] === undefined ? {} : { tags: body.tags ?? fields['tags'] }),
    ...(body.systemData === undefined ? {} : { creation_context: snakeKeys(body.systemData) }),
    id: options.prefix === true && id.startsWith('/') ? `azureml:${id}` : id,
    resourceGroup: /\/resourceGroups\/([^/]+)/i.exec(id)?.[1] ?? null,
  }
}

/** A field as text; nothing, and what is no plain value, is empty. */
export function textOf(value: unknown): string {
  return typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean'
    ? String(value)
    : ''
}

/** Without undefined and null. */
export function clean(fields: Json): Json {
  return Object.fromEntries(Object.entries(fields).filter(([, v]) => v !== undefined && v !== null))
}

/** Name of the asset that a version's id is of, and the version. */
export function nameAndVersion(body: Body): { name: string; version: string | undefined } {
  const match = /\/([^/]+)\/versions\/([^/]+)$/i.exec(body.id ?? '')
  return match === null
    ? { name: body.name ?? '', version: undefined }
    : { name: match[1] ?? '', version: match[2] }
}

/** `azureml:/subscriptions/…` for the id of a resource; other references as they are. */
export const reference = (id: unknown) =>
  typeof id === 'string' && id.startsWith('/') ? `azureml:${id}` : id
