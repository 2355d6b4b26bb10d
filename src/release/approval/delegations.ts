import { z } from 'zod'
import { errors } from '../../kernel/errors.ts'
import { nearest } from '../../kernel/nearest.ts'
import type { Platform } from '../../kernel/platform.ts'
import type { Resource, ResourceDefinition } from '../../kernel/resources/resource.ts'
import { everybody, type Person } from './people.ts'
import { sameId, type Delegation } from './rule.ts'

const longestDays = 90

const schema = z.looseObject({
  /** Default: whoever writes it, who is the only one that can be given. */
  from: z.string().nullish(),
  /** A user's name, address or principal id. */
  to: z.string().min(1),
  since: z.iso.datetime({ offset: true }).nullish(),
  until: z.iso.datetime({ offset: true }),
  reason: z.string().trim().min(1).max(1000),
})
type Properties = z.infer<typeof schema>

/**
 * Lets somebody stand in: until then, `to` may approve and refuse by the role that `from` holds in the workspace, as if
 * they held it. It gives nothing but that, ends by itself, and is not passed on.
 */
export const approvalDelegations: ResourceDefinition<Properties> = {
  type: 'approvalDelegations',
  provider: 'Twinloop',
  summary: 'Lets somebody approve releases in the place of another person for a time.',
  schema,
  immutable: ['from', 'to'],
  async prepare({ id, actor, body, before }, platform) {
    const workspace = /^(.*\/workspaces\/[^/]+)\/providers\/twinloop\/approvalDelegations\/[^/]+$/i.exec(
      id,
    )?.[1]
    if (workspace === undefined)
      throw errors.badRequest(
        `A delegation belongs to the workspace in which it counts; '${id}' is not in one.`,
      )
    const people = await everybody(platform, workspace)
    const { properties } = body
    const from = people.get(actor.id.toLowerCase())
    if (from?.kind !== 'User' || actor.confinedTo !== '')
      throw errors.forbidden('Only people delegate, and each their own right: sign in as yourself.')
    const given = before?.properties.from ?? properties.from
    if (given && personCalled(people, given)?.id !== from.id)
      throw errors.forbidden(`${from.name} cannot delegate what is somebody else's to decide.`)
    if (from.roles.length === 0)
      throw errors.forbidden(
        `${from.name} has no role in this workspace that may approve, so there is nothing to delegate; what was delegated to them is not passed on.`,
      )
    const to =
      before === undefined
        ? receiverOf(people, properties.to)
        : people.get(before.properties.to.toLowerCase())
    if (to === undefined || sameId(to.id, from.id))
      throw errors.validation('A delegation is to somebody else.', { target: 'properties.to' })
    const since = properties.since ?? before?.properties.since ?? platform.clock().toISOString()
    checkTimes(since, properties.until, before?.properties, platform.clock())
    return {
      properties: { ...properties, from: from.id, to: to.id, since },
      status: { fromName: from.name, toName: to.name },
    }
  },
  present: ({ properties }, platform) => ({
    inForce:
      Date.parse(properties.since ?? '') <= platform.clock().getTime() &&
      platform.clock().getTime() < Date.parse(properties.until),
  }),
}

/** Throws validation unless it begins now or later, and ends after that, within 90 days. */
function checkTimes(since: string, until: string, before: Properties | undefined, now: Date): void {
  const wrong = (target: string, message: string) =>
    errors.validation(message, { target: `properties.${target}` })
  const [start, end] = [Date.parse(since), Date.parse(until)]
  // What was decided before it was given would count by it.
  if (since !== before?.since && start < now.getTime() - 60_000)
    throw wrong('since', `since is ${since}, which is over: nobody stood in before it was said.`)
  if (end <= start) throw wrong('until', `until is ${until}, which is not after its beginning, ${since}.`)
  if (end - Math.max(start, now.getTime()) > longestDays * 86_400_000)
    throw wrong('until', `until is ${until}: a delegation is for ${longestDays} days at most.`)
}

/** Throws validation, naming the nearest, if there is no such person or they cannot decide. */
function receiverOf(people: ReadonlyMap<string, Person>, called: string): Person {
  const found = personCalled(people, called)
  const wrong = (message: string) => errors.validation(message, { target: 'properties.to' })
  if (found?.enabled === true) return found
  if (found !== undefined) throw wrong(`${found.name} is disabled and could decide nothing.`)
  const names = [...people.values()].filter(({ kind }) => kind === 'User').map(({ username }) => username)
  const near = nearest(called, names)
  throw wrong(
    `There is no user '${called}': a delegation is to a person who is known here.` +
      (near === undefined ? '' : ` Did you mean '${near}'?`),
  )
}

/** The person of that id, address or name to sign in by. */
const personCalled = (people: ReadonlyMap<string, Person>, called: string): Person | undefined => {
  const users = [...people.values()].filter(({ kind }) => kind === 'User')
  return (
    users.find(({ id }) => sameId(id, called)) ??
    users.find(({ mail }) => mail !== undefined && sameId(mail, called)) ??
    users.find(({ username }) => sameId(username, called))
  )
}

/** The delegations of a workspace, also those that are over: what was decided by them may still count. */
export async function delegationsIn(platform: Platform, workspaceId: string): Promise<readonly Delegation[]> {
  const all = await platform.resources.list({
    type: 'approvalDelegations',
    parent: workspaceId,
    view: 'all',
    top: 100_000,
  })
  return all.map((resource) => {
    const { from, to, since, until } = (resource as unknown as Resource<Properties>).properties
    return { from: from ?? '', to, since: Date.parse(since ?? ''), until: Date.parse(until) }
  })
}
