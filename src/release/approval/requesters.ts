import type { ModelStatus } from '../../registry/aliases.ts'
import { childId, scopeId } from '../../kernel/resources/arm-id.ts'
import type { Platform } from '../../kernel/platform.ts'
import { makerOf } from '../../store/access-rows.ts'
import type { Release, Requester } from '../releases/release.ts'
import { everybody, type Person } from './people.ts'
import { sameId } from './rule.ts'

/**
 * Who asked for a release, in whatever way: started it, set the alias that did, registered its candidate, submitted the job
 * that made it; and for each program among them, whoever made that program or has a password of it. The platform itself
 * asks for nothing: there is always somebody whose plan, schedule or job it follows.
 */
export async function requestersOf(platform: Platform, release: Release): Promise<readonly Requester[]> {
  const people = await everybody(platform, scopeId(release.id) ?? '')
  const { startedBy, candidate } = release.status
  const known = (id: string | undefined, why: string): readonly Requester[] =>
    id === undefined || id.startsWith('platform/')
      ? []
      : [{ id, name: people.get(id.toLowerCase())?.name ?? id, why }]
  const direct = [
    ...known(startedBy.id, 'started the release'),
    ...(await aliasSetters(platform, release, people)),
    ...known(await makerOf(platform.store.db, candidate.id.toLowerCase()), 'registered the candidate'),
    ...known(await submitterOf(platform, release), 'submitted the job that made the candidate'),
  ]
  const behind = direct.flatMap((requester) =>
    standingBehind(people.get(requester.id.toLowerCase()), requester, people),
  )
  return once([...direct, ...behind])
}

/** Those who hold a program in their hands, as far as they are known. */
const standingBehind = (
  program: Person | undefined,
  { why }: Requester,
  people: ReadonlyMap<string, Person>,
): readonly Requester[] =>
  program?.kind !== 'Application'
    ? []
    : program.owners.map((id) => ({
        id,
        name: people.get(id.toLowerCase())?.name ?? id,
        why: `has a password of ${program.name}, which ${why}`,
        behind: program.id,
      }))

/** Of the job that the version was made by, if it was: the person who submitted its pipeline. */
async function submitterOf(platform: Platform, { status }: Release): Promise<string | undefined> {
  const version = await platform.resources.find(status.candidate.id)
  const { run } = (version?.status['lineage'] ?? {}) as { readonly run?: string }
  const name = version?.properties['jobName'] ?? run
  if (typeof name !== 'string') return undefined
  const job = await platform.resources.find(childId(scopeId(status.candidate.id) ?? '', 'jobs', name))
  const submitter = job?.status['submittedBy']
  return typeof submitter === 'string' ? submitter : undefined
}

/** An alias remembers by name who set it: whoever is called so, or was. */
async function aliasSetters(
  platform: Platform,
  { properties, status }: Release,
  people: ReadonlyMap<string, Person>,
): Promise<readonly Requester[]> {
  const { start } = status.plan
  if (!start.on.includes('alias') || properties.trigger?.startsWith('alias ') !== true) return []
  const { candidate } = status
  const model = await platform.resources.find(childId(scopeId(candidate.id) ?? '', 'models', candidate.name))
  const { aliasHistory = [] } = (model?.status ?? {}) as ModelStatus
  const set = aliasHistory.findLast(
    ({ alias, to, at }) => alias === start.alias && to === candidate.version && at <= status.startedAt,
  )
  if (set === undefined) return []
  const why = `set the alias '${start.alias}' that started the release`
  return [...people.values()]
    .filter(({ kind, username }) => kind !== 'ManagedIdentity' && sameId(username, set.by))
    .map(({ id, name }) => ({ id, name, why }))
}

/** Everybody once, by the first reason. */
const once = (requesters: readonly Requester[]): readonly Requester[] =>
  [
    ...new Map(requesters.toReversed().map((requester) => [requester.id.toLowerCase(), requester])).values(),
  ].toReversed()
