import { getPath } from 'hono/utils/url'
import { errors } from '../errors.ts'

/**
 * The path by which a request finds its route. Azure's clients write an id's words in any case, and the first of them
 * decides; the others are read where the id is.
 */
export const routedPath = (request: Request): string =>
  getPath(request).replace(/^\/(?:subscriptions|tenants|providers)(?=\/|$)/i, (word) => word.toLowerCase())

/** A path, or a part of one, without its percent-encoding. Throws badRequest for what is none. */
export function decodedPath(path: string): string {
  try {
    return decodeURIComponent(path)
  } catch {
    throw errors.badRequest('The path is not valid percent-encoding.')
  }
}
