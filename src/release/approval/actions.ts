import { z } from 'zod'
import { errors } from '../../kernel/errors.ts'
import type { Action } from '../../kernel/resources/resource.ts'
import { oneOf } from '../../kernel/resources/schema.ts'
import type { Decision } from '../releases/release.ts'
import { decide } from './decide.ts'

const input = z.looseObject({
  comment: z.string().max(4000).nullish(),
  /** What it is decided by; whoever says nothing calls REST. */
  via: oneOf(['cli', 'rest', 'studio', 'ci']).default('rest'),
  /** For `ci`: whom CI has asked, as `github:octocat`, and the run in which it has. */
  onBehalfOf: z
    .string()
    .regex(/^[a-z][a-z0-9-]*:\S{1,200}$/i, 'expected who CI has asked, e.g. github:octocat')
    .nullish(),
  run: z
    .url({ protocol: /^https?$/ })
    .max(2000)
    .nullish(),
  stage: z.string().nullish(),
  evidence: z.string().nullish(),
})

/**
 * `POST {release}/approve { comment? }` and `…/refuse { comment }`: what somebody decides about the stage that the release
 * waits in. With `stage` and `evidence`, only if that is what it still waits with.
 */
const action = (verdict: Decision['verdict']): Action => ({
  decidesAccess: true,
  input,
  async run({ platform, resource, actor, input: given }) {
    const { comment, via, onBehalfOf, run, stage, evidence } = given as z.infer<typeof input>
    // What runs under somebody's identity, such as their jobs, is given a token of less; it does not speak for them.
    if (actor.confinedTo !== '')
      throw errors.forbidden(
        `The token of ${actor.name} is confined to '${actor.confinedTo}' and decides nothing.`,
      )
    if ((onBehalfOf == null) !== (run == null) || (via === 'ci' && run == null))
      throw errors.validation('on_behalf_of and run belong together: whom CI has asked, and in which run.', {
        target: onBehalfOf == null ? 'onBehalfOf' : 'run',
      })
    const { record, decision, judgement, told } = await decide(platform, resource, actor.id, {
      verdict,
      ...(comment == null ? {} : { comment }),
      via: onBehalfOf == null ? via : 'ci',
      ...(onBehalfOf == null || run == null ? {} : { claim: { person: onBehalfOf, run } }),
      ...(stage == null ? {} : { stage }),
      ...(evidence == null ? {} : { evidence }),
    })
    return {
      body: {
        release: resource.id,
        state: record.state,
        decision,
        missing: judgement.missing,
        happened: told,
      },
    }
  },
})

/** What people do about an approval. */
export const approvalActions: Readonly<Record<string, Action>> = {
  approve: action('approve'),
  refuse: action('refuse'),
}
