import type { EventConsumer } from '../../../kernel/platform.ts'
import { asAction, incidentActionsType } from '../incident-action.ts'
import { changeAction } from './change.ts'

const told: Readonly<Record<string, string>> = {
  'Twinloop.ReleaseBlocked': 'is blocked',
  'Twinloop.ReleaseApprovalRequested': 'waits for approval',
  'Twinloop.ReleaseCompleted': 'is over',
  'Twinloop.ReleaseRolledBack': 'was rolled back',
}

/** What becomes of a release that an alert started is told where it began: in the timeline of its incident. */
export const tellOfReleases: EventConsumer = {
  name: 'alerts/releases',
  types: Object.keys(told),
  async handle({ type, source, data, time }, platform) {
    const { releaseId, release, state } = data as Readonly<Record<string, string>>
    const found = await platform.resources.list({
      type: incidentActionsType,
      scope: source,
      where: { 'status.working.release': releaseId ?? '' },
      top: 10,
    })
    const how = type === 'Twinloop.ReleaseCompleted' ? (state ?? '').replace('_', ' ') : told[type]
    const what = `release ${release} ${how}`
    for (const { key } of found.map(asAction))
      await changeAction(platform, key, ({ status }) =>
        status.history.some((entry) => entry.what === what && Date.parse(entry.at) >= time.getTime())
          ? undefined
          : { state: {}, happened: { what } },
      )
  },
}
