import { Watch } from '../figures/watch.ts'
import { type Failure, failures } from '../requests/failures.ts'
import { Pool, type PoolOptions } from '../instances/pool.ts'
import type { EndpointRoute } from '../routes/route-table.ts'
import { chooseDeployment, type Credits, type Weights } from './split.ts'
import { chooseSticky } from './sticky.ts'

/** How a caller says which deployment it wants; nothing of it where the traffic is to decide. */
export interface Choice {
  /** `azureml-model-deployment`. */
  readonly forced?: string | undefined
  /** Value of the endpoint's sticky header. */
  readonly sticky?: string | undefined
  /** Of the Open Inference Protocol: the endpoint, a deployment of it, or a model that is deployed. */
  readonly model?: { readonly name: string; readonly version?: string | undefined } | undefined
}

export interface Chosen {
  readonly deployment: string
  readonly pool: Pool
  /** By what of the endpoint's traffic it was chosen: its turn, or the caller's sticky header. None if it was named. */
  readonly by?: 'turn' | 'caller'
}

/** An endpoint of the table with what the gateway keeps for it: its pools, and where traffic split and mirror stand. */
export class Endpoint {
  readonly pools = new Map<string, Pool>()
  /** Counts how its deployments do, where that is asked for. */
  watch: Watch | undefined
  readonly #name: string
  readonly #optionsOf: (deployment: string) => PoolOptions
  #route: EndpointRoute
  #credits: Credits = {}
  #mirrorCredit = 0

  constructor(key: string, route: EndpointRoute, optionsOf: (deployment: string) => PoolOptions) {
    this.#name = key.slice(key.lastIndexOf('/') + 1)
    this.#optionsOf = optionsOf
    this.#route = route
    this.update(route)
  }

  get route(): EndpointRoute {
    return this.#route
  }

  /** Takes up a new route; answers the deployments that have gone. */
  update(route: EndpointRoute): readonly string[] {
    const kept = Object.entries(this.#credits).filter(([name]) => (route.traffic[name] ?? 0) > 0)
    this.#credits = Object.fromEntries(kept)
    this.#route = route
    this.watch = route.watch && (this.watch ?? new Watch())
    this.watch?.follow(route)
    const gone = [...this.pools.keys()].filter((name) => !route.deployments[name])
    for (const name of gone) {
      this.pools.get(name)?.close()
      this.pools.delete(name)
    }
    for (const [name, deployment] of Object.entries(route.deployments)) {
      const pool = this.pools.get(name)
      if (pool) pool.update(deployment)
      else this.pools.set(name, new Pool(deployment, this.#optionsOf(name)))
    }
    return gone
  }

  close(): void {
    for (const pool of this.pools.values()) pool.close()
  }

  /** The deployment that serves a request. */
  choose({ forced, sticky, model }: Choice): Chosen | Failure {
    const { deployments, traffic } = this.#route
    const there = Object.keys(deployments)
    if (forced !== undefined) {
      const name = there.find((d) => d.toLowerCase() === forced.toLowerCase())
      return (name && this.#at(name)) || failures.noSuchDeployment(forced, there)
    }
    if (model !== undefined && model.name.toLowerCase() !== this.#name) return this.#ofModel(model)
    const name = sticky === undefined ? this.#next(traffic) : chooseSticky(traffic, sticky)
    if (name === undefined) return failures.noTraffic(there)
    return this.#at(name, sticky === undefined ? 'turn' : 'caller') ?? failures.unready()
  }

  /** The deployment that speaks for the endpoint when it is described: the one with most traffic, or the first. */
  heaviest(): string | undefined {
    const [heaviest] = Object.entries(this.#route.traffic).toSorted(([, a], [, b]) => b - a)
    return heaviest && heaviest[1] > 0 ? heaviest[0] : Object.keys(this.#route.deployments)[0]
  }

  /** Whether a request that came now would be served. */
  ready(): boolean {
    return Object.entries(this.#route.traffic).some(([name, share]) => {
      const pool = this.pools.get(name)
      return share > 0 && pool !== undefined && serves(pool)
    })
  }

  /** The pool that this request is to be copied to, if it is: exactly so many of every 100, evenly spread. */
  mirror(chosen: string): Chosen | undefined {
    const [[name, share] = ['', 0]] = Object.entries(this.#route.mirror)
    if (!(share > 0) || name === chosen) return undefined
    this.#mirrorCredit += Math.min(share, 50)
    if (this.#mirrorCredit < 100) return undefined
    this.#mirrorCredit -= 100
    return this.#at(name)
  }

  /** Names by which the Open Inference Protocol may ask for something here. */
  modelNames(): readonly string[] {
    const models = Object.entries(this.#route.deployments).flatMap(([name, d]) => [name, d.metadata.name])
    return [...new Set([this.#name, ...models])]
  }

  /** A deployment by its own name, or one of those that serve the model; of several, by the traffic that they have. */
  #ofModel({ name, version }: { name: string; version?: string | undefined }): Chosen | Failure {
    const found = Object.entries(this.#route.deployments).filter(
      ([deployment, route]) =>
        [deployment.toLowerCase(), route.metadata.name.toLowerCase()].includes(name.toLowerCase()) &&
        (version === undefined || route.metadata.versions?.includes(version)),
    )
    const [first] = found
    if (!first)
      return failures.noSuchModel(
        version === undefined ? name : `${name} in version ${version}`,
        this.modelNames(),
      )
    const shares = found.map(([deployment]) => [deployment, this.#route.traffic[deployment] ?? 0] as const)
    const chosen = found.length === 1 ? first[0] : this.#next(Object.fromEntries(shares))
    return this.#at(chosen ?? first[0]) ?? failures.unready()
  }

  #next(weights: Weights): string | undefined {
    const step = chooseDeployment(weights, this.#credits)
    // Of those that did not take part, the credits stay as they are.
    if (step.chosen !== undefined) this.#credits = { ...this.#credits, ...step.credits }
    return step.chosen
  }

  #at(deployment: string, by?: 'turn' | 'caller'): Chosen | undefined {
    const pool = this.pools.get(deployment)
    return pool && (by === undefined ? { deployment, pool } : { deployment, pool, by })
  }
}

/** One that sleeps serves too: it wakes. */
export const serves = (pool: Pool): boolean => pool.instancesUp > 0 || pool.route.asleepMs !== undefined
