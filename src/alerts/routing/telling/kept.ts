import type { Incident } from '../../incidents/incidents.ts'
import { fingerprintOf, type Labels } from '../../rules/machine.ts'
import type { Quiet } from '../../silences/quiet.ts'
import type { Group } from '../groups.ts'
import { groupLabels, routesOf, type AlertReceiver, type Policy } from '../policy/policy.ts'

/** Alerts that one receiver is told of together, and what was told of them. */
export interface AlertGroup {
  /** Names it, as Alertmanager does: the receiver, and the labels that its alerts have alike. */
  readonly key: string
  readonly receiver: AlertReceiver
  readonly labels: Labels
  readonly patience: Policy['route']['patience']
  /** Those that fire and that nothing keeps quiet. */
  readonly firing: readonly Incident[]
  /** Those that were told of and are over. */
  readonly resolved: readonly Incident[]
  /** True: some of what was told of still fires, and is kept quiet by now. */
  readonly isHushed: boolean
  readonly kept: KeptGroup
}

/** What is kept of a group between looks. */
export interface KeptGroup extends Group {
  /** Names of the incidents that were told of, by the fingerprint of their labels. */
  readonly incidents: Readonly<Record<string, string>>
}

const keyOf = (receiver: string, matchers: string, labels: Labels) =>
  `${matchers}/${receiver}:${fingerprintOf(labels)}`

/**
 * The groups that a workspace's incidents make under a policy, with what was told of each. A group of which nothing fires
 * any more is among them until it was told that it is over; one that the policy does not know any more is not.
 *
 * @param kept what was told, by the groups' keys
 */
export function groupsOf(
  policy: Policy,
  firing: readonly Incident[],
  over: ReadonlyMap<string, Incident>,
  { quiet, kept }: { readonly quiet: Quiet; readonly kept: ReadonlyMap<string, KeptGroup> },
): readonly AlertGroup[] {
  const receivers = new Map(policy.receivers.map((one) => [one.name, one]))
  const places = new Map<string, Place>()
  for (const incident of [...firing, ...over.values()])
    for (const { route, place } of routesOf(policy.route, incident.properties.labels)) {
      const receiver = receivers.get(route.receiver)
      if (receiver === undefined) continue
      const labels = groupLabels(route, incident.properties.labels)
      const key = keyOf(route.receiver, place, labels)
      const there = places.get(key) ?? { key, receiver, labels, patience: route.patience, incidents: [] }
      places.set(key, { ...there, incidents: [...there.incidents, incident] })
    }
  return [...places.values()].flatMap((place) => {
    const group = groupOf(place, quiet, kept.get(place.key))
    return group === undefined ? [] : [group]
  })
}

interface Place {
  readonly key: string
  readonly receiver: AlertReceiver
  readonly labels: Labels
  readonly patience: AlertGroup['patience']
  readonly incidents: readonly Incident[]
}

function groupOf(
  { incidents, ...place }: Place,
  quiet: Quiet,
  known: KeptGroup | undefined,
): AlertGroup | undefined {
  const toldFiring = new Set(known?.told?.firing)
  const isFiring = ({ status }: Incident) => status.state === 'Firing'
  const isTold = ({ properties }: Incident) => toldFiring.has(fingerprintOf(properties.labels))
  const loud = incidents.filter(({ properties }) => quiet(properties.labels) === undefined)
  const firing = loud.filter(isFiring)
  const again = new Set(incidents.filter(isFiring).map(({ properties }) => fingerprintOf(properties.labels)))
  const resolved = loud.filter(
    (one) => !isFiring(one) && isTold(one) && !again.has(fingerprintOf(one.properties.labels)),
  )
  if (firing.length === 0 && known === undefined) return undefined
  const createdAt = Math.min(...firing.map(({ properties }) => Date.parse(properties.firedAt)))
  return {
    ...place,
    firing,
    resolved,
    isHushed: incidents.some((one) => isFiring(one) && isTold(one) && !firing.includes(one)),
    kept: known ?? { createdAt, incidents: {} },
  }
}
