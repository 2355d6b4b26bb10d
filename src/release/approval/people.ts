import { allUsers } from '../../admin/identity/users.ts'
import type { Actor } from '../../kernel/access/access.ts'
import { approveOperation, roleAllows } from '../../kernel/access/roles.ts'
import type { Platform } from '../../kernel/platform.ts'
import { listPrincipals } from '../../store/access-rows.ts'
import type { Approver } from './rule.ts'

/** Somebody who is known here, with where to write to them. */
export interface Person extends Approver {
  /** What they sign in as, where `name` is how they are called. */
  readonly username: string
  readonly mail?: string
}

/** Everybody who is known to this server as they are now, by id in lower case, with the roles that let them approve there. */
export async function everybody(
  platform: Platform,
  workspaceId: string,
): Promise<ReadonlyMap<string, Person>> {
  const [principals, users, programs, held] = await Promise.all([
    listPrincipals(platform.store.db),
    allUsers(platform),
    platform.resources.list({ type: 'servicePrincipals', view: 'all', top: 100_000 }),
    platform.access.holders(workspaceId),
  ])
  const approving = held.filter(({ role }) => roleAllows(role, approveOperation))
  const userOf = new Map(users.map((user) => [user.status.principalId, user]))
  const ownersOf = new Map(
    programs.map(({ status }) => [String(status['principalId']), (status['owners'] ?? []) as string[]]),
  )
  return new Map(
    principals.map(({ id, name, kind, disabled }): [string, Person] => {
      const { displayName, mail, identities } = userOf.get(id)?.properties ?? {}
      const roles = approving.filter(({ principal }) => principal.toLowerCase() === id.toLowerCase())
      return [
        id.toLowerCase(),
        {
          id,
          username: name,
          name: displayName ?? name,
          kind: kind as Actor['kind'],
          enabled: disabled === 0,
          roles: [...new Set(roles.map(({ role }) => role.name))],
          owners: handsOf(id, ownersOf),
          identities: identities ?? [],
          ...(mail ? { mail } : {}),
        },
      ]
    }),
  )
}

/** In whose hands a program is: its owners, and where such a one is a program itself, that one's. */
function handsOf(id: string, ownersOf: ReadonlyMap<string, readonly string[]>): readonly string[] {
  const found = new Set<string>()
  const follow = (program: string) => {
    for (const owner of ownersOf.get(program) ?? []) {
      if (found.has(owner)) continue
      found.add(owner)
      follow(owner)
    }
  }
  follow(id)
  return [...found]
}
