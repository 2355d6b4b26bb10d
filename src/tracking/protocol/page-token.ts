import { errors } from '../../kernel/errors.ts'

/** An opaque token for where the next page begins; undefined where there is none. */
export function pageToken(position: object | undefined): string | undefined {
  return position === undefined ? undefined : Buffer.from(JSON.stringify(position)).toString('base64url')
}

/** What `pageToken` was made of. Throws badRequest for anything else; '' and undefined mean the first page. */
export function readPageToken<T extends object>(
  token: string | undefined,
  isPosition: (value: object) => value is T,
): T | undefined {
  if (token === undefined || token === '') return undefined
  try {
    const value = JSON.parse(Buffer.from(token, 'base64url').toString('utf8')) as unknown
    if (typeof value === 'object' && value !== null && isPosition(value)) return value
  } catch {
    // Not one of ours: said below.
  }
  throw errors.badRequest('Invalid page token: pass the next_page_token of the former page as it was.', {
    target: 'page_token',
  })
}

/** For searches that are paged by how many came before. */
export const isOffset = (value: object): value is { offset: number } =>
  'offset' in value && Number.isInteger(value.offset) && Number(value.offset) >= 0
