import { getPath } from 'hono/utils/url'

/**
 * The path by which a request finds its route. Azure's clients write an id's words in any case, and the first of them
 * decides; the others are read where the id is.
 */
export const routedPath = (request: Request): string =>
  getPath(request).replace(/^\/(?:subscriptions|tenants|providers)(?=\/|$)/i, (word) => word.toLowerCase())
