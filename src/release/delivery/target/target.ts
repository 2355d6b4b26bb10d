import type { Json } from '../../../kernel/resources/resource.ts'
import type { WatchOptions } from '../../../serving/watching/kept-watch.ts'
import type { LiveFigures } from '../../../serving/watching/watching.ts'

/** Shares of requests, in percent, by deployment: callers', and copies whose answers nobody gets. Shares of 0 are left out. */
export interface Shares {
  readonly traffic: Readonly<Record<string, number>>
  readonly mirror: Readonly<Record<string, number>>
}

/** How a deployment was asked for, so that it can be made again. */
export interface DeploymentBody {
  readonly properties: Json
  readonly sku?: Json
  readonly tags?: Readonly<Record<string, string>>
}

export interface SeenDeployment {
  readonly state: 'coming' | 'ready' | 'failed'
  /** Of a failure. */
  readonly message?: string
  /** Key of the model version that it serves. */
  readonly model: string | undefined
}

/** What there is at the moment. */
export interface Seen {
  /** False before the endpoint has been made. */
  readonly exists: boolean
  /** Why the endpoint cannot be used, if it cannot. */
  readonly broken?: string
  readonly shares: Shares
  /** Who wrote the endpoint last. */
  readonly changedBy: string
  /** Whether callers are given to deployments in turns, and not by who they are. */
  readonly isSplitByTurn: boolean
  /** By name. */
  readonly deployments: Readonly<Record<string, SeenDeployment>>
  readonly figures?: LiveFigures | undefined
}

/** What came of a request of the candidate's own example; `untried` where it has none. */
export interface Trial {
  readonly outcome: 'answered' | 'failed' | 'untried'
  readonly says: string
}

/**
 * Where models are delivered to. All of it may be called again: what is there already stays as it is. Besides online
 * endpoints, another one needs shares of traffic, copies, and counts of what became of the requests.
 */
export interface Target {
  /** Reads what there is. */
  look(): Promise<Seen>
  /** Sees that there are an endpoint and a deployment of this name. Throws a UserError for what cannot be made. */
  make(name: string, body: DeploymentBody): Promise<void>
  /** Splits the traffic in one write, unless it has changed since `from`; returns when it is in force. */
  share(shares: Shares, from: Shares): Promise<void>
  /** Has counted how the deployments do; `null`: no more. With `yields` what another delivery has counted stays as it is. */
  watch(options: WatchOptions | null, yields: boolean): Promise<void>
  /** Sends the deployment one request that its model should answer. */
  try(name: string): Promise<Trial>
  /** Removes a deployment that has no traffic. */
  remove(name: string): Promise<void>
}

/** Without shares of nothing, and by names in lower case: what can be compared. */
const plain = (shares: Readonly<Record<string, number>>) =>
  Object.entries(shares)
    .filter(([, share]) => share > 0)
    .map(([name, share]) => `${name.toLowerCase()}=${share}`)
    .toSorted()
    .join(' ')

/** Whether two splits send the same to the same. */
export const sameShares = (a: Shares, b: Shares): boolean =>
  plain(a.traffic) === plain(b.traffic) && plain(a.mirror) === plain(b.mirror)

export const shareOf = (shares: Readonly<Record<string, number>>, name: string): number =>
  Object.entries(shares).find(([known]) => known.toLowerCase() === name.toLowerCase())?.[1] ?? 0
