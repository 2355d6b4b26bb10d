import type { Platform } from '../../../kernel/platform.ts'
import { asAction, incidentActionsType, labelOf } from '../incident-action.ts'
import type { Former } from './may-start.ts'

/** Actions of a workspace that are looked back at, newest first. */
const lookedBackAt = 5000

/** Actions of a workspace that have begun, but for the one with the key `except`. */
export async function formerActions(
  platform: Platform,
  scope: string,
  except?: string,
): Promise<readonly Former[]> {
  const all = await platform.resources.list({
    type: incidentActionsType,
    scope,
    where: { 'properties.phase': 'firing' },
    top: lookedBackAt,
  })
  return all
    .map(asAction)
    .filter(({ key, status }) => key !== except && status.startedAt !== undefined)
    .map((other) => ({
      label: labelOf(other),
      cause: other.properties.cause,
      slot: other.properties.slot,
      startedAt: Date.parse(other.status.startedAt ?? ''),
      counts: ['Running', 'Done'].includes(other.status.state),
    }))
}
