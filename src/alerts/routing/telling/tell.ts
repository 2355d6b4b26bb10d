import { createHash } from 'node:crypto'
import { post } from '../../../admin/notices/post.ts'
import type { Platform } from '../../../kernel/platform.ts'
import { deleteAlertGroup, listAlertGroups, saveAlertGroup } from '../../../store/alert-rows.ts'
import type { Incident } from '../../incidents/incidents.ts'
import { tellIncident } from '../../incidents/timeline.ts'
import { fingerprintOf } from '../../rules/machine.ts'
import type { Quiet } from '../../silences/quiet.ts'
import { look } from '../groups.ts'
import type { Policy } from '../policy/policy.ts'
import { groupsOf, type AlertGroup, type KeptGroup } from './kept.ts'
import { messageOf } from './message.ts'

/**
 * Tells the receivers of a workspace's routing what there is to tell now, and answers when to look again, in ms since 1970;
 * undefined when nothing is to come. May be killed anywhere: what was posted already is not posted twice.
 */
export async function tellGroups(
  platform: Platform,
  workspaceId: string,
  policy: Policy,
  { firing, quiet }: { readonly firing: readonly Incident[]; readonly quiet: Quiet },
): Promise<number | undefined> {
  const scope = workspaceId.toLowerCase()
  const rows = await listAlertGroups(platform.store.db, scope)
  const kept = new Map(rows.map(({ key, state }) => [key, JSON.parse(state) as KeptGroup]))
  const over = await toldAndOver(platform, workspaceId, [...kept.values()], firing)
  const groups = groupsOf(policy, firing, over, { quiet, kept })
  const known = new Set(groups.map(({ key }) => key))
  for (const key of kept.keys()) if (!known.has(key)) await deleteAlertGroup(platform.store.db, scope, key)
  const turns: number[] = []
  for (const group of groups) {
    const again = await tellGroup(platform, workspaceId, group)
    if (again !== undefined) turns.push(again)
  }
  return turns.length === 0 ? undefined : Math.min(...turns)
}

/** The incidents that somebody was told of and that are over, by name. */
async function toldAndOver(
  platform: Platform,
  workspaceId: string,
  kept: readonly KeptGroup[],
  firing: readonly Incident[],
): Promise<ReadonlyMap<string, Incident>> {
  const fires = new Set(firing.map(({ name }) => name))
  const names = new Set(kept.flatMap(({ incidents }) => Object.values(incidents)))
  const over = new Map<string, Incident>()
  for (const name of names) {
    if (fires.has(name)) continue
    const found = await platform.resources.find(`${workspaceId}/providers/Twinloop/incidents/${name}`)
    const incident = found as unknown as Incident | undefined
    if (incident?.status.state === 'Resolved') over.set(name, incident)
  }
  return over
}

/** Tells of one group if it is time to; when to look at it again. */
async function tellGroup(
  platform: Platform,
  workspaceId: string,
  group: AlertGroup,
): Promise<number | undefined> {
  const { kept, receiver, patience } = group
  const scope = workspaceId.toLowerCase()
  const db = platform.store.db
  const forget = () => deleteAlertGroup(db, scope, group.key)
  const resolved = receiver.sendResolved ? group.resolved : []
  const isOver = group.firing.length === 0 && !group.isHushed
  if (group.firing.length === 0 && resolved.length === 0) {
    if (isOver) await forget()
    return undefined
  }
  const loud = { firing: fingerprints(group.firing), resolved: fingerprints(resolved) }
  const now = platform.clock().getTime()
  const looked = look(kept, loud, patience, now)
  const incidents = Object.fromEntries(
    [...resolved, ...group.firing].map(({ name, properties }) => [fingerprintOf(properties.labels), name]),
  )
  if (looked.tell) {
    await tell(platform, workspaceId, { ...group, resolved }, digest([group.key, kept.told?.at, loud]))
    if (isOver) {
      await forget()
      return undefined
    }
  }
  // What is hushed was told of, and is still to be told of when it is over.
  const next: KeptGroup = {
    ...looked.group,
    incidents: { ...(looked.tell ? hushed(group) : kept.incidents), ...incidents },
  }
  await saveAlertGroup(db, { routing: scope, key: group.key, state: JSON.stringify(next) })
  return looked.again
}

/** The incidents that were told of, and that a silence keeps quiet now. */
const hushed = ({ kept, isHushed }: AlertGroup): KeptGroup['incidents'] => (isHushed ? kept.incidents : {})

const fingerprints = (incidents: readonly Incident[]) =>
  incidents.map(({ properties }) => fingerprintOf(properties.labels))

const digest = (value: unknown) =>
  createHash('sha256').update(JSON.stringify(value)).digest('hex').slice(0, 16)

async function tell(platform: Platform, workspaceId: string, group: AlertGroup, name: string): Promise<void> {
  const { receiver } = group
  const message = await messageOf(platform, workspaceId, group, name)
  const to = [
    ...receiver.email.map((mail) => ({ mail })),
    ...receiver.webhook.map((connection) => ({ connection })),
  ]
  let isNew = false
  for (const one of to) isNew = (await post(platform, workspaceId, one, message)) || isNew
  if (!isNew) return
  const whom = `${receiver.name} (${[...receiver.email, ...receiver.webhook].join(', ')})`
  for (const { key, status } of [...group.firing, ...group.resolved])
    await tellIncident(platform, key, [
      { what: `told ${whom}${status.state === 'Resolved' ? ' that it is over' : ''}` },
    ])
}
