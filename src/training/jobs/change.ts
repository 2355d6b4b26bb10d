import { errors } from '../../kernel/errors.ts'
import type { Json } from '../../kernel/resources/resource.ts'
import { stableJson } from '../../kernel/resources/row.ts'
import { isJson, json } from '../wire.ts'
import { readJobInput, readJobOutput } from './io.ts'
import { changeable } from './job.ts'
import type { Job, JobProperties } from './job.ts'

/**
 * A job's properties after somebody put it again. What a job does cannot change once it was submitted, its labels and
 * descriptions can. Clients send back what they read (with `services`, results and defaults filled in), so only what
 * is there and differs counts. Throws immutable, naming the property.
 */
export function changeJob(before: Job, body: JobProperties, shown: Json): JobProperties {
  const asked: Json = body
  for (const [name, value] of Object.entries(asked)) {
    if ((changeable as readonly string[]).includes(name) || isEmpty(value)) continue
    const was = (before.properties as Json)[name]
    if (same(name, value, was) || same(name, value, shown[name])) continue
    throw errors.immutable(
      `Job '${before.name}' was submitted already, and its ${name} cannot change. Submit another job under another name.`,
      { target: `properties.${name}` },
    )
  }
  const changed = Object.fromEntries(
    changeable.filter((name) => name in asked).map((name) => [name, asked[name]]),
  )
  const { services: _, ...kept } = changed
  return { ...before.properties, ...kept }
}

function same(name: string, a: unknown, b: unknown): boolean {
  if (name === 'jobType') return String(a).toLowerCase() === String(b).toLowerCase()
  if (name === 'inputs') return stableJson(each(a, readJobInput)) === stableJson(each(b, readJobInput))
  if (name === 'outputs') return stableJson(each(a, readJobOutput)) === stableJson(each(b, readJobOutput))
  return stableJson(withoutEmpty(a)) === stableJson(withoutEmpty(b))
}

/** `default` is the run's own folder, which the platform adds to every job's outputs. */
const each = (values: unknown, read: (value: unknown, target: string) => unknown) =>
  Object.fromEntries(
    Object.entries(json(values) ?? {})
      .filter(([name]) => name !== 'default')
      .map(([name, value]) => [name, read(value, `properties.${name}`)]),
  )

const isEmpty = (value: unknown) =>
  value === null || value === undefined || value === '' || (isJson(value) && Object.keys(value).length === 0)

/** Without nulls and empty objects, which clients add and leave out as they like. */
function withoutEmpty(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(withoutEmpty)
  if (!isJson(value)) return value
  return Object.fromEntries(
    Object.entries(value).flatMap(([name, v]) => {
      const inner = withoutEmpty(v)
      return isEmpty(inner) ? [] : [[name, inner]]
    }),
  )
}
