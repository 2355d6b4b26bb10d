import { errors } from '../errors.ts'
import { nearest } from '../nearest.ts'
import type { ListQuery, ResourceDefinition } from '../resources/resource.ts'
import { fieldNamed, readFilter, type FilterFields } from './filter.ts'

const defaultPage = 100
const largestPage = 1000
/** Azure lets a resource have 50. */
const mostTags = 50
/** Azure's names for what can be ordered by, in lower case. */
const orderFields = {
  createdat: 'createdAt',
  createdtime: 'createdAt',
  'systemdata/createdat': 'createdAt',
  modifiedat: 'modifiedAt',
  modifiedtime: 'modifiedAt',
  updatedtime: 'modifiedAt',
  'systemdata/lastmodifiedat': 'modifiedAt',
  name: 'name',
} as const
const views = {
  activeonly: 'active',
  archivedonly: 'archived',
  all: 'all',
  enabledonly: 'active',
  disabledonly: 'active',
} as const

/**
 * Azure's query parameters of a LIST: `$skip`, `$top` (or `count`), `$orderBy`, `listViewType`, `tags`, `properties`,
 * those that the kind of resource declares, and OData's `$filter`, `$search` and `$count`. Unknown parameters are ignored, as Azure does; a bad value is 400.
 */
export function listQuery(
  parameters: URLSearchParams,
  definition: ResourceDefinition,
): Omit<ListQuery, 'type' | 'parent' | 'scope'> & {
  readonly skip: number
  readonly top: number
  /** Whether the answer is to say how many there are in all. */
  readonly counted: boolean
} {
  // OData's `$count=true` is not Azure ML's `count=10`.
  const counted = parameters.get('$count')?.toLowerCase() === 'true'
  const given = new Map(
    [...parameters]
      .filter(([name]) => name !== '$count')
      .map(([name, value]) => [name.toLowerCase().replace(/^\$/, ''), value]),
  )
  const { listed } = definition
  const keepsTo = listed === undefined || given.has(listed.unless.toLowerCase()) ? {} : listed.where
  const where: Record<string, string> = { ...keepsTo }
  for (const [name, path] of Object.entries(definition.filters ?? {})) {
    const value = given.get(name.toLowerCase())
    if (value !== undefined && value !== '') where[path] = value
  }
  const only = /^(enabled|disabled)only$/i.exec(given.get('listviewtype') ?? '')?.[1]?.toLowerCase()
  if (definition.switched !== undefined && only !== undefined)
    where[definition.switched] = only === 'enabled' ? 'Enabled' : 'Disabled'
  for (const [name, value] of given)
    if (value.includes('\0'))
      throw errors.badRequest(`${name} has a NUL character, which nothing here has.`, { target: name })
  const tags = given.get('tags') ?? given.get('tag')
  const labels = given.get('properties')
  const fields = lowerCased({ ...definition.filters, ...definition.fields })
  const orderBy = order(given.get('orderby'), fields)
  const filter = given.get('filter')
  const words = (given.get('search') ?? '').split(/\s+/).filter((word) => word !== '')
  return {
    skip: whole(given.get('skip') ?? given.get('skiptoken'), '$skip', 0, Number.MAX_SAFE_INTEGER) ?? 0,
    top:
      whole(given.get('top') ?? given.get('count') ?? given.get('maxpagesize'), '$top', 1, largestPage) ??
      defaultPage,
    view: view(given.get('listviewtype')),
    where,
    counted,
    ...(tags === undefined ? {} : { tags: tagFilter(tags, 'tags') }),
    ...(labels === undefined ? {} : { labels: tagFilter(labels, 'properties') }),
    ...(filter === undefined || filter === '' ? {} : { conditions: readFilter(filter, fields) }),
    ...(words.length === 0 ? {} : { search: { words, paths: ['name', ...(definition.searched ?? [])] } }),
    ...(orderBy === undefined ? {} : { orderBy }),
  }
}

/** The same request, for the following page. */
export function nextLink(url: string, skip: number): string {
  const next = new URL(url)
  for (const name of new Set(next.searchParams.keys()))
    if (/^\$?skip/i.test(name)) next.searchParams.delete(name)
  next.searchParams.set('$skip', String(skip))
  return `${next.origin}${next.pathname}${next.search}`
}

function whole(text: string | undefined, name: string, least: number, most: number): number | undefined {
  if (text === undefined || text === '') return undefined
  const value = Number(text)
  if (!Number.isInteger(value) || value < least)
    throw errors.badRequest(`${name} is '${text}'; expected a whole number of at least ${least}.`, {
      target: name,
    })
  return Math.min(value, most)
}

function view(text: string | undefined): 'active' | 'archived' | 'all' {
  if (text === undefined || text === '') return 'active'
  // azure-ai-ml sends its enum's Python name to registries: `ListViewType.ACTIVE_ONLY`.
  const found = lookUp(views, text.replace(/^ListViewType\./, '').replaceAll('_', ''))
  if (found === undefined)
    throw errors.badRequest(`listViewType is '${text}'; expected ActiveOnly, ArchivedOnly or All.`, {
      target: 'listViewType',
    })
  return found
}

/** The value under a word that somebody sent, which may be the name of anything that every object has. */
const lookUp = <V>(values: Readonly<Record<string, V>>, word: string): V | undefined =>
  Object.hasOwn(values, word.toLowerCase()) ? values[word.toLowerCase()] : undefined

/** `key=value,key2` : tags that must be there, with that value where one is given. */
function tagFilter(text: string, target: string) {
  const parts = text.split(',')
  if (parts.length > mostTags)
    throw errors.badRequest(`${target} asks for ${parts.length} of them; at most ${mostTags} are possible.`, {
      target,
    })
  return Object.fromEntries(
    parts.map((part) => {
      const at = part.indexOf('=')
      return at < 0 ? [part.trim(), undefined] : [part.slice(0, at).trim(), part.slice(at + 1).trim()]
    }),
  )
}

const lowerCased = (fields: FilterFields): FilterFields =>
  Object.fromEntries(Object.entries(fields).map(([name, path]) => [name.toLowerCase(), path]))

function order(text: string | undefined, fields: FilterFields): ListQuery['orderBy'] | undefined {
  if (text === undefined || text === '') return undefined
  const [field = '', direction = 'asc'] = text.trim().split(/\s+/)
  const known = lookUp(orderFields, field) ?? fieldNamed(field, fields)
  if (known === undefined || !/^(?:asc|desc)$/i.test(direction)) {
    const names = ['createdtime', 'modifiedtime', 'name', ...Object.keys(fields)]
    const near = nearest(field, names)
    throw errors.badRequest(
      `$orderBy is '${text}'; expected ${names.slice(0, -1).join(', ')} or ${names.at(-1)}, then asc or desc.${near === undefined ? '' : ` Did you mean '${near}'?`}`,
      { target: '$orderBy' },
    )
  }
  return { field: known, descending: direction.toLowerCase() === 'desc' }
}
