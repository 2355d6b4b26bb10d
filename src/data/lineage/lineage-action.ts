import { z } from 'zod'
import type { Action } from '../../kernel/resources/resource.ts'
import { oneOf } from '../../kernel/resources/schema.ts'
import { trace } from './trace.ts'

const input = z.object({
  direction: oneOf(['up', 'down', 'both']).default('both'),
  depth: z.number().int().min(1).max(100).default(20),
  limit: z.number().int().min(1).max(2000).default(500),
})

/** `POST {id}/lineage`: what a version, job, endpoint or deployment came of, and what came of it. Asked by who may read it. */
export const lineage: Action = {
  operation: 'read',
  input,
  async run({ platform, actor, resource, input: given }) {
    return { body: await trace(platform, actor, resource, given as z.infer<typeof input>) }
  },
}
