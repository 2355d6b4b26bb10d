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
  return value as Json
}

/** Reads the body as UTF-8 text without ever holding more than `limit` bytes. */
export async function readText(context: Context, limit: number): Promise<string> {
  const tooLarge = () => errors.tooLarge(`The body is larger than the limit of ${limit} bytes.`)
  if (Number(context.req.header('content-length') ?? 0) > limit) throw tooLarge()
  const chunks: Uint8Array[] = []
  let size = 0
  for await (const chunk of context.req.raw.body ?? []) {
    size += chunk.length
    if (size > limit) throw tooLarge()
    chunks.push(chunk)
  }
  return Buffer.concat(chunks).toString('utf8')
}
