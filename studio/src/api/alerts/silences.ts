import { call, respond } from '../call.ts'
import { listQuery } from '../queries.ts'
import type { Resource } from '../resource.ts'
import type { Workspace } from '../workspaces.ts'

/** A silence as it is written, with how it stands. */
export interface SilenceProperties {
  readonly matchers: readonly string[] | Readonly<Record<string, string>>
  /** When it begins: a moment, or a cron expression. */
  readonly from: string
  readonly to?: string | null
  readonly for?: string | null
  readonly time_zone?: string
  readonly reason: string
  readonly by: string
  readonly expiredAt?: string | null
  readonly state: 'pending' | 'active' | 'expired'
  readonly until?: string
  readonly next?: string
}
export type Silence = Resource<SilenceProperties>

/** What of a silence people write. */
export type SilenceWords = Pick<SilenceProperties, 'reason'> & {
  readonly matchers: readonly string[]
} & Partial<Pick<SilenceProperties, 'from' | 'to' | 'for' | 'time_zone'>>

export const silencesPath = (workspace: Workspace) => `${workspace.id}/providers/Twinloop/silences`

/** Silences; that one begins or ends is no event, so they are read anew. */
export const silencesQuery = (workspace: Workspace) => ({
  ...listQuery<SilenceProperties>(silencesPath(workspace)),
  refetchInterval: 30_000,
})

export const putSilence = (id: string, properties: SilenceWords) =>
  call<Silence>(id, { method: 'PUT', body: { properties } })

/** Has a silence end at another time. */
export const extendSilence = (id: string, to: string) =>
  call<Silence>(id, { method: 'PATCH', body: { properties: { to, for: null } } })

export const expireSilence = (id: string) => respond(`${id}/expire`, { method: 'POST', body: {} })

/** The matchers as Alertmanager writes them, also of one that is written as a map. */
export const matchersOf = ({ matchers }: Pick<SilenceProperties, 'matchers'>): readonly string[] =>
  Array.isArray(matchers)
    ? (matchers as readonly string[])
    : Object.entries(matchers).map(([label, value]) => `${label}=${JSON.stringify(value)}`)
