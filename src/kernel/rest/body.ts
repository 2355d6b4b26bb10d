import type { Context } from 'hono'
import { errors } from '../errors.ts'
import type { Json } from '../resources/resource.ts'

/**
 * Reads a JSON object of at most `limit` bytes; an empty body is `{}`. Throws tooLarge, or badRequest that tells where
 * the JSON breaks off.
 */
export async function readJson(context: Context, limit: number): Promise<Json> {
  const text = await readText(context, limit)
  if (text.trim() === '') return {}
  let value: unknown
  try {
    value = JSON.parse(text)
  } catch (error) {
    throw errors.badRequest(`The body is not JSON: ${(error as Error).message}`)
  }
  if (typeof value !== 'object' || value === null || Array.isArray(value))
    throw errors.badRequest('The body must be a JSON object.')
  requireFlat(value)
  return value as Json
}

/** No document of a person's is nested deeper; what walks one by recursion can rely on it. */
const deepest = 100

/** Throws badRequest for JSON that is nested deeper than anything that walks it could bear. */
export function requireFlat(value: unknown, levels = deepest): void {
  if (typeof value !== 'object' || value === null) return
  if (levels === 0) throw errors.badRequest(`The JSON is nested deeper than ${deepest} levels.`)
  for (const inner of Object.values(value)) requireFlat(inner, levels - 1)
}

/** Reads the body as UTF-8 text without ever holding more than `limit` bytes. */
export async function readText(context: Context, limit: number): Promise<string> {
  const tooLarge = () => errors.tooLarge(`The body is larger than the limit of ${limit} bytes.`)
  const announced = context.req.header('content-length')
  if (Number(announced ?? 0) > limit) throw tooLarge()
  // Node lets no more in than was announced, and reads that faster than a stream.
  if (announced !== undefined) return context.req.text()
  const chunks: Uint8Array[] = []
  let size = 0
  for await (const chunk of context.req.raw.body ?? []) {
    size += chunk.length
    if (size > limit) throw tooLarge()
    chunks.push(chunk)
  }
  return Buffer.concat(chunks).toString('utf8')
}
