import { existsSync, readFileSync, renameSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { signInLink, upsertPrincipal } from '../../store/access-rows.ts'
import type { Platform } from '../platform.ts'
import { builtInRoles } from './roles.ts'

export const administratorId = 'administrator'
/** The one assignment that exists from the start: the administrator owns everything. */
const administratorAssignment =
  '/providers/Microsoft.Authorization/roleAssignments/00000000-0000-0000-0000-00000000000a'
const linkMinutes = 15

/** Where the administrator's token is kept for the command line, readable by its owner only. */
export const tokenFile = (home: string): string => join(home, 'token')

/**
 * Sees that there is an administrator with a token that works, and makes a link that signs a browser in once within
 * 15 minutes.
 */
export async function ensureAdministrator(platform: Platform): Promise<{ token: string; signInUrl: string }> {
  const { store, access, config, clock } = platform
  await upsertPrincipal(
    store.db,
    { id: administratorId, name: 'administrator', kind: 'User' },
    clock().getTime(),
  )
  const owner = builtInRoles.find((r) => r.name === 'Owner')
  if ((await platform.resources.find(administratorAssignment)) === undefined)
    await platform.resources.put(owning, administratorAssignment, {
      properties: { roleDefinitionId: owner?.id, principalId: administratorId },
    })
  const signInUrl = await makeSignInUrl(platform, administratorId)
  const file = tokenFile(config.home)
  if (existsSync(file)) {
    const token = readFileSync(file, 'utf8').trim()
    const works = await access
      .authenticate(new Headers({ authorization: `Bearer ${token}` }))
      .catch(() => undefined)
    if (works !== undefined) return { token, signInUrl }
  }
  const token = await access.issueToken(administratorId, { purpose: 'command line' })
  writeFileSync(`${file}.new`, `${token}\n`, { mode: 0o600 })
  renameSync(`${file}.new`, file)
  return { token, signInUrl }
}

/** Sees that the platform's own identities are known, so that a job which one of them submits can be given a token. */
export async function ensureIdentities(platform: Platform, rooms: readonly string[]): Promise<void> {
  for (const { id, name, kind } of rooms.map((room) => platform.identity(room)))
    await upsertPrincipal(platform.store.db, { id, name, kind }, platform.clock().getTime())
}

/** A link that signs a browser in as the principal: once, within 15 minutes. */
export async function makeSignInUrl(platform: Platform, principalId: string): Promise<string> {
  const oneTime = await platform.access.issueToken(principalId, {
    purpose: signInLink,
    expiresAt: new Date(platform.clock().getTime() + linkMinutes * 60_000),
  })
  return `${platform.urls.http === '' ? platform.urls.https : platform.urls.http}/?otk=${oneTime}`
}

/** Assigns the first owner: the only write that no assignment could allow yet. */
const owning = {
  id: 'platform/setup',
  name: 'Twinloop setup',
  kind: 'ManagedIdentity',
  confinedTo: '',
} as const
