import { z } from 'zod'
import { errors } from '../../kernel/errors.ts'
import type { ResourceDefinition } from '../../kernel/resources/resource.ts'
import { textMap } from '../../kernel/resources/schema.ts'
import { approvalActions } from '../approval/actions.ts'
import { cancel } from './actions/cancel.ts'
import { abort, pause, promote, resume } from './actions/delivery.ts'
import { retry } from './actions/retry.ts'
import { rollback } from './actions/rollback.ts'
import { waive } from './actions/waive.ts'
import { prepareRelease } from './prepare.ts'
import { asRelease, type ReleaseProperties } from './release.ts'
import { hasEnded } from './state.ts'

const releaseSchema = z.looseObject({
  version: z.coerce.string<string>().min(1),
  why: z.string().nullish(),
  trigger: z.string().nullish(),
  tags: textMap.nullish(),
}) as unknown as z.ZodType<ReleaseProperties>

/** One run of a plan for one version of its model: everything that was found, decided and done on the way. */
export const releases: ResourceDefinition<ReleaseProperties> = {
  type: 'releasePlans/releases',
  provider: 'Twinloop',
  summary: 'One run of a release plan for one model version.',
  schema: releaseSchema,
  name: /^[1-9]\d{0,8}$/,
  filters: { state: 'status.state', version: 'properties.version' },
  prepare: prepareRelease,
  present: (release) => ({ plan: asRelease(release).status.plan }),
  async beforeDelete(resource, _platform, { root }) {
    const release = asRelease(resource)
    if (!hasEnded(release.status))
      throw errors.conflict(`Release ${release.name} is ${release.status.state}: cancel it first.`)
    if (root === resource.key)
      throw errors.conflict(
        'A release is kept as the record of what was decided, so that its number never means another. It goes with its plan.',
      )
  },
  actions: { ...approvalActions, cancel, retry, waive, pause, resume, promote, abort, rollback },
}
