import type { Json } from '../client/client.ts'
import { frame, snakeKeys } from './present.ts'
import type { Body } from './present.ts'

/** A proposal; what it patches keeps the names that the server has. */
export function presentProposal(body: Body): Json {
  const { patch, target, ...rest } = body.properties ?? {}
  return frame(body, {
    of: typeof target === 'string' ? target.split('/').slice(-2).join('/') : undefined,
    ...(snakeKeys(rest) as Json),
    target,
    patch,
    proposed_at: body.systemData?.['createdAt'],
  })
}
