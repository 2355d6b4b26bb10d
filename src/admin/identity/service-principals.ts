import { randomUUID } from 'node:crypto'
import { z } from 'zod'
import { errors } from '../../kernel/errors.ts'
import type { ResourceDefinition } from '../../kernel/resources/resource.ts'
import { deletePrincipal, upsertPrincipal } from '../../store/access-rows.ts'
import { passwordActions, withUses, type Identified } from './passwords.ts'

/**
 * The identity of a program: CI, a service, another server. It signs in by OAuth 2 client credentials, or sends a
 * password as its token. It may do what role assignments to its `principalId` say: at first nothing.
 */
export const servicePrincipals: ResourceDefinition = {
  type: 'servicePrincipals',
  provider: 'Twinloop',
  summary: 'The identity of a program, with passwords to sign in by.',
  schema: z.looseObject({
    displayName: z.string().max(256).nullish(),
    description: z.string().nullish(),
    accountEnabled: z.boolean().nullish(),
  }),
  tags: 'envelope',
  parent: 'any',
  async prepare({ id, name, before, body, actor }, platform) {
    if (!/^\/providers\/Twinloop\/servicePrincipals\/[^/]+$/i.test(id))
      throw errors.badRequest(
        `Service principals belong to the whole server: '${id}' should be '/providers/Twinloop/servicePrincipals/${name}'.`,
      )
    const principalId = (before?.status as Identified | undefined)?.principalId ?? randomUUID()
    const disabled = body.properties['accountEnabled'] === false
    const now = platform.clock().getTime()
    return {
      ...(before === undefined
        ? { status: { appId: principalId, principalId, passwordCredentials: [], owners: [actor.id] } }
        : {}),
      also: async (db) => {
        await upsertPrincipal(db, { id: principalId, name, kind: 'Application', disabled }, now)
      },
    }
  },
  alsoOnDelete: (principal, db) => deletePrincipal(db, (principal.status as Identified).principalId),
  present: async ({ properties, status }, platform) => ({
    passwordCredentials: await withUses(platform, status as Identified),
    accountEnabled: properties['accountEnabled'] ?? true,
    servicePrincipalType: 'Application',
  }),
  actions: passwordActions,
}
