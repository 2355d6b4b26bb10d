import type { Actor } from '../kernel/access/access.ts'
import { errors } from '../kernel/errors.ts'

/** What the platform asks people, it does not answer itself, and no program does for it. Throws forbidden. */
export function requirePerson(actor: Actor, what: string): void {
  if (actor.kind !== 'User')
    throw errors.forbidden(`${actor.name} is a program: ${what} is for a person to decide.`)
}
