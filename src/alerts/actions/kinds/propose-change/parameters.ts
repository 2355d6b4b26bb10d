import { z } from 'zod'
import type { Json } from '../../../../kernel/resources/resource.ts'
import { oneWay, scaleWords, type ScaleWords } from '../scale/plan.ts'

const text = z.string().trim().min(1)
const settings = z.record(text, z.json()).refine((given) => Object.keys(given).length > 0, {
  error: 'says nothing to change',
})

/** Words of a size, which have to be said together or not at all. */
const sizeWords = Object.keys(scaleWords) as readonly (keyof ScaleWords)[]

export const proposalParameters = z
  .strictObject({
    ...scaleWords,
    min: z.int().min(0).optional(),
    max: z.int().min(1).optional(),
    /** A resource of the workspace that is declared, as `schedules/flight-drift`, or a whole id; instead of a size. */
    resource: text.optional(),
    /** What is to be changed of it: RFC 7396, over its body as REST has it; null takes away. */
    patch: z.record(z.string(), z.json()).optional(),
    /** The same by paths: `{ properties.trigger.interval: 2 }`. */
    set: settings.optional(),
    /** Why, for who decides. Default: what fired. */
    reason: text.optional(),
    /** A connected repository in which the declared file is to be changed as well, by a pull or merge request. */
    repository: text.optional(),
    /** The file that declares it, in the repository. */
    file: text.optional(),
    /** The setting in the file. Default: `max_instances` of a compute, `instance_count` of a deployment. */
    field: text.optional(),
    /** Of a resource: the settings in the file, by their paths there. */
    file_set: settings.optional(),
  })
  .superRefine((given, context) => {
    for (const [path, message] of mistakesIn(given))
      context.addIssue({ code: 'custom', message, path: path === '' ? [] : [path] })
  })

export type ProposalParameters = z.infer<typeof proposalParameters>

function mistakesIn(given: ProposalParameters): readonly (readonly [path: string, message: string])[] {
  const mistakes: [string, string][] = []
  const { resource, patch, set, file, file_set: fileSet, field } = given
  if (resource === undefined) {
    if (!oneWay.test(given)) mistakes.push(['', oneWay.error])
    else if (given.max === undefined) mistakes.push(['max', 'needs max: never more than these'])
    for (const word of ['patch', 'set', 'file_set'] as const)
      if (given[word] !== undefined) mistakes.push([word, 'needs resource: which one'])
  } else {
    const size = sizeWords.find((word) => given[word] !== undefined)
    if (size !== undefined) mistakes.push([size, 'goes with a size, and not with resource'])
    if (field !== undefined) mistakes.push(['field', 'goes with a size; of a resource say file_set'])
    if ((patch === undefined) === (set === undefined))
      mistakes.push(['', 'needs one of set: { path: value } and patch: { … }'])
    if (file !== undefined && fileSet === undefined)
      mistakes.push(['file_set', 'needs what is to stand in the file: { path: value }'])
    if (file === undefined && fileSet !== undefined) mistakes.push(['file', 'needs the file of file_set'])
    const stranger = Object.keys(patchOf(given)).find((name) => !parts.includes(name))
    if (stranger !== undefined)
      mistakes.push([
        set === undefined ? 'patch' : 'set',
        `a resource has no '${stranger}' that could be changed: paths begin with ${parts.join(', ')}`,
      ])
    const secret = secretIn(patchOf(given))
    if (secret !== undefined)
      mistakes.push([
        set === undefined ? 'patch' : 'set',
        `'${secret}' is a secret, which nobody would propose where others read it`,
      ])
  }
  if (given.repository !== undefined && file === undefined)
    mistakes.push(['repository', 'needs file, which declares it there'])
  return mistakes
}

/** What people declare of a resource. */
const parts: readonly string[] = ['properties', 'tags', 'location', 'sku', 'kind', 'identity']

/** The patch that is meant; empty where none is. */
export function patchOf({ patch, set = {} }: Pick<ProposalParameters, 'patch' | 'set'>): Json {
  if (patch !== undefined) return patch
  const whole: Record<string, unknown> = {}
  for (const [path, value] of Object.entries(set)) {
    const steps = path.split('.')
    const last = steps.pop() ?? ''
    let at = whole
    for (const step of steps) {
      const below = at[step]
      at = isMap(below) ? below : (at[step] = {})
    }
    at[last] = value
  }
  return whole
}

/** What Azure and we call what only its owner may see. */
const secrets = /^(?:credentials|keys|primaryKey|secondaryKey|secret|secrets|password|pat|sas|clientSecret)$/i

/** The first name in a patch that is of a secret. */
function secretIn(patch: unknown): string | undefined {
  if (!isMap(patch)) return undefined
  for (const [name, value] of Object.entries(patch)) {
    const found = secrets.test(name) ? name : secretIn(value)
    if (found !== undefined) return found
  }
  return undefined
}

const isMap = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value)

/** `properties.trigger.interval: 2, tags.owner: gone` */
export function patchInWords(patch: Json): string {
  const leaves: string[] = []
  const walk = (value: unknown, path: string) => {
    if (isMap(value) && Object.keys(value).length > 0)
      for (const [name, below] of Object.entries(value)) walk(below, path === '' ? name : `${path}.${name}`)
    else leaves.push(`${path}: ${value === null ? 'gone' : JSON.stringify(value)}`)
  }
  walk(patch, '')
  const rest = leaves.length - most
  return leaves.slice(0, most).join(', ') + (rest > 0 ? ` and ${rest} more` : '')
}

const most = 5
