import type { Json } from '../../../kernel/resources/resource.ts'
import type { RepositoryEvent } from '../event.ts'

/** A webhook call as it came. */
export interface Call {
  readonly headers: Headers
  /** The bytes that a signature is of. */
  readonly raw: Uint8Array
  readonly body: Json
}

/** How one kind of host calls webhooks. Everything is read from the call alone. */
export interface WebhookHost {
  /** Every address of the repository that the call says it is of. */
  repositories(body: Json): readonly string[]
  /** Whether whoever calls knows the secret. Takes as long for a wrong one as for the right one. */
  knows(call: Call, secret: string): boolean
  /** The same for a call that is repeated, by the host or by whoever recorded it, and for no other. */
  identity(call: Call): string
  /** What happened, mostly one thing. */
  read(call: Call): readonly Reading[]
}

/** What a rule can be about; or, for people, why nothing can be started by it. */
export type Reading = { readonly event: RepositoryEvent } | { readonly ignored: string }
