import { z } from 'zod'
import type { Action } from '../../kernel/resources/resource.ts'
import { startRelease } from './start.ts'

const input = z.looseObject({
  version: z.coerce.string<string>().min(1).nullish(),
  reason: z.string().nullish(),
  trigger: z.string().nullish(),
})

/**
 * `POST {plan}/start { version?, reason?, trigger? }`: a release by hand, by CI or by an alert. Answers with it, also when
 * it was there already (`created` is false then).
 */
export const start: Action = {
  input,
  async run({ platform, actor, resource, input: given }) {
    const { version, reason, trigger } = given as z.infer<typeof input>
    const { release, created } = await startRelease(platform, actor, resource.id, {
      version: version ?? undefined,
      reason: reason ?? undefined,
      trigger: trigger ?? undefined,
    })
    const { id, name, properties, status } = release
    return { body: { id, name, created, properties: { ...properties, ...status } } }
  },
}
