import { Hono } from 'hono'
import { z } from 'zod'
import type { Platform } from '../../kernel/platform.ts'
import type { Frame } from '../../kernel/rest/arm.ts'
import { parseOrThrow } from '../../kernel/resources/schema.ts'
import { readJson } from '../../kernel/rest/body.ts'

/** Path at which the gateway asks. */
export const authorizePath = '/serving/authorize'

const questionBytes = 16 * 1024
const question = z.object({ endpoint: z.string().max(2048) })

/**
 * Whether the token of a scoring request may score at an endpoint, or (at none, '') read the gateway's metrics: 204 if so, 401 or 403 if not. The gateway asks with
 * the caller's own token, so it learns nothing that the caller could not.
 */
export function authorizeRoutes(platform: Platform): Hono<Frame> {
  return new Hono<Frame>().post(authorizePath, async (context) => {
    const actor = await platform.access.authenticate(context.req.raw.headers)
    const { endpoint } = parseOrThrow(question, await readJson(context, questionBytes), 'The question')
    if (endpoint === '') await platform.access.require(actor, 'Twinloop/metrics/read', '')
    else
      await platform.access.require(
        actor,
        'Microsoft.MachineLearningServices/workspaces/onlineEndpoints/score/action',
        endpoint,
      )
    return context.body(null, 204)
  })
}
