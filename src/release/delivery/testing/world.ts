import type { WatchOptions } from '../../../serving/watching/kept-watch.ts'
import type { LiveFigures } from '../../../serving/watching/watching.ts'
import type { ArmFigures } from '../../../serving/gateway/figures/figures.ts'
import { bucketOf } from '../../../statistics/latency/log-buckets.ts'
import { drawNormal } from '../../../statistics/random/draws.ts'
import { mulberry32 } from '../../../statistics/random/generator.ts'
import type { DeliveryPlan } from '../../plan/plan.ts'
import type { DeliveryRecord } from '../../releases/release.ts'
import type { DeliveryContext, DeliveryProgress } from '../delivery.ts'
import { deliverOnline } from '../online.ts'
import { sameShares, type SeenDeployment, type Shares, type Target, type Trial } from '../target/target.ts'

/** How a model behaves: chances, and milliseconds. */
export interface Behaviour {
  readonly errors: number
  readonly refused: number
  readonly ms: () => number
  readonly prediction: () => number
  readonly up: number
}

/**
 * An endpoint that stands in for a real one, with callers, a clock that a test moves, and two models that behave as
 * they are told. Everything is drawn from one seed.
 */
export function createWorld(seed = 1) {
  const random = mulberry32(seed)
  const normal = () => drawNormal(random)
  const sound: Behaviour = {
    errors: 0,
    refused: 0,
    ms: () => 10 * Math.exp(0.3 * normal()),
    prediction: () => Math.round(100 + 20 * normal()),
    up: 1,
  }
  const world = {
    now: Date.parse('2026-11-23T06:00:00Z'),
    /** Requests a second. */
    rate: 100,
    exists: true,
    shares: { traffic: { blue: 100 }, mirror: {} } as Shares,
    changedBy: 'Twinloop release',
    deployments: { blue: { state: 'ready', model: 'm/1' } } as Record<string, SeenDeployment>,
    behaviours: { blue: sound } as Record<string, Behaviour>,
    /** How long a deployment takes to be ready. */
    comesUpMs: 3000,
    trial: { outcome: 'answered', says: 'It answers.' } as Trial,
    /** False while the gateway says nothing. */
    speaks: true,
    run: 'first',
    agreement: 1,
    isSplitByTurn: true,
    /** Everything that was written to the endpoint. */
    writes: [] as Shares[],
    sound,
  }
  const made = new Map<string, number>()
  let watch: WatchOptions | null = null
  let figures = fresh()

  function fresh(): Omit<LiveFigures, 'at' | 'run'> {
    return {
      traffic: { ...world.shares.traffic },
      mirror: { ...world.shares.mirror },
      since: world.now + (watch?.warmMs ?? 0),
      ...(watch?.slowMs === undefined ? {} : { slowMs: watch.slowMs }),
      arms: {},
      pairs: { compared: 0, unlike: 0, differences: {} },
    }
  }

  const armOf = (name: string): { -readonly [K in keyof ArmFigures]: ArmFigures[K] } =>
    (figures.arms[name] ??= {
      requests: 0,
      assigned: 0,
      errors: 0,
      refused: 0,
      slow: 0,
      independent: { errors: 0, refused: 0, slow: 0 },
      latency: {},
      predictions: {},
      recent: { requests: 0, errors: 0 },
      dropped: 0,
      up: world.behaviours[name]?.up ?? 1,
    })

  function request(name: string) {
    const arm = armOf(name)
    const behaviour = world.behaviours[name] ?? sound
    const hasFailed = behaviour.up === 0 || random() < behaviour.errors
    const isRefused = !hasFailed && random() < behaviour.refused
    const ms = hasFailed ? Infinity : behaviour.ms()
    const { recent } = arm
    const [kept, failed] =
      recent.requests < 50 ? [recent.requests, recent.errors] : [49, recent.errors * 0.98]
    arm.recent = { requests: kept + 1, errors: failed + (hasFailed ? 1 : 0) }
    arm.up = behaviour.up
    if (world.now < figures.since) return
    arm.requests++
    if (hasFailed) arm.errors++
    if (isRefused) arm.refused++
    const isSlow = watch?.slowMs !== undefined && ms > watch.slowMs
    if (isSlow) arm.slow++
    const { errors, refused, slow } = arm.independent
    arm.independent = {
      errors: errors + (hasFailed ? 1 : 0),
      refused: refused + (isRefused ? 1 : 0),
      slow: slow + (isSlow ? 1 : 0),
    }
    arm.latency[bucketOf(ms)] = (arm.latency[bucketOf(ms)] ?? 0) + 1
    if (hasFailed || isRefused) return
    const bin = `n:${behaviour.prediction()}`
    arm.predictions[bin] = (arm.predictions[bin] ?? 0) + 1
  }

  function oneRequest() {
    let draw = random() * 100
    const name = Object.entries(world.shares.traffic).find(([, share]) => (draw -= share) < 0)?.[0]
    if (name === undefined) return
    if (world.now >= figures.since) armOf(name).assigned++
    request(name)
    for (const [shadow, share] of Object.entries(world.shares.mirror)) {
      if (random() * 100 >= share) continue
      request(shadow)
      if (world.now < figures.since) continue
      const bin = random() < world.agreement ? '0' : '20'
      figures.pairs.compared++
      figures.pairs.differences[bin] = (figures.pairs.differences[bin] ?? 0) + 1
    }
  }

  /** Callers go on for so long; what is longer than ten minutes passes without them. */
  function pass(ms: number) {
    if (ms > 600_000) return void (world.now += ms)
    for (let second = 0; second < Math.max(1, ms / 1000); second++) {
      world.now += Math.min(ms, 1000)
      for (const [name, at] of made)
        if (world.now >= at && world.deployments[name]?.state === 'coming')
          world.deployments[name] = { ...world.deployments[name], state: 'ready' }
      for (let i = 0; i < (world.rate * Math.min(ms, 1000)) / 1000; i++) oneRequest()
    }
  }

  /** What the gateway tells: of every deployment, also of one without a request. */
  function toldFigures() {
    for (const name of Object.keys(world.deployments)) armOf(name)
    return structuredClone(figures)
  }

  /** The gateway is started again: it has forgotten everything. */
  function restart(run: string) {
    world.run = run
    figures = fresh()
  }

  const target: Target = {
    look: () =>
      Promise.resolve({
        exists: world.exists,
        shares: world.shares,
        changedBy: world.changedBy,
        isSplitByTurn: world.isSplitByTurn,
        deployments: { ...world.deployments },
        ...(watch === null
          ? {}
          : { figures: { ...toldFigures(), run: world.run, at: world.speaks ? world.now : 0 } }),
      }),
    make: (name) => {
      world.exists = true
      if (world.deployments[name] === undefined) {
        world.deployments[name] = { state: 'coming', model: 'm/2' }
        made.set(name, world.now + world.comesUpMs)
      }
      return Promise.resolve()
    },
    share: (shares, from) => {
      if (!sameShares(world.shares, from) || sameShares(world.shares, shares)) return Promise.resolve()
      world.shares = shares
      world.writes.push(shares)
      world.changedBy = 'Twinloop release'
      figures = fresh()
      return Promise.resolve()
    },
    watch: (options) => {
      if (JSON.stringify(options) !== JSON.stringify(watch)) {
        watch = options
        figures = fresh()
      }
      return Promise.resolve()
    },
    try: () => Promise.resolve(world.trial),
    remove: (name) => {
      delete world.deployments[name]
      return Promise.resolve()
    },
  }
  return Object.assign(world, { target, pass, restart, normal })
}

export type World = ReturnType<typeof createWorld>

const plan: DeliveryPlan = {
  online: 'flights',
  deployment: {},
  steps: [
    { mirror: 20, forMs: 60_000 },
    { weight: 10, forMs: 60_000 },
    { weight: 50, forMs: 60_000 },
  ],
  analysis: { warm_up: '5s', interval: '10s', deadline: '20m' },
  onFailure: 'rollback',
  freeze: [],
}

const model = (version: string) =>
  ({ id: `m/${version}`, name: 'flight-delay', version, resource: {} }) as DeliveryContext['candidate']

/** A delivery of `flight-delay:2` in a world, whose record goes through JSON as through the store. */
export function createDelivery(world: World, changes: Partial<DeliveryPlan> = {}) {
  let record: DeliveryRecord = { state: 'pending' }
  let again: number | undefined = 0
  const happened: string[] = []

  /** One look. With `isLost`, what came of it is not kept: the server was killed just before. */
  async function look(asked?: DeliveryContext['asked'], { isLost = false } = {}): Promise<DeliveryProgress> {
    const given = JSON.parse(JSON.stringify(record)) as DeliveryRecord
    const context = {
      platform: {
        clock: () => new Date(world.now),
        resources: { find: () => Promise.resolve(undefined) },
      },
      workspaceId: '/w',
      candidate: model('2'),
      champion: model('1'),
      plan: { ...plan, ...changes },
      record: given,
      asked,
    } as unknown as DeliveryContext
    const progress = await deliverOnline(context, world.target)
    if (isLost) return progress
    if (progress.happened !== undefined) happened.push(progress.happened)
    record = progress.record
    again = progress.again
    return progress
  }

  return {
    look,
    happened,
    get record() {
      return record
    },
    get again() {
      return again
    },
    get phase() {
      return (record.working as { phase?: string } | undefined)?.phase
    },
    get step() {
      return record.step
    },
    /** Looks as often as it is asked to, while callers go on, until `done`; throws after so many minutes of the world's. */
    async until(
      done: () => boolean,
      { minutes = 90, isLost = () => false }: { minutes?: number; isLost?: () => boolean } = {},
    ): Promise<void> {
      const end = world.now + minutes * 60_000
      for (;;) {
        if (done()) return
        if (world.now > end)
          throw new Error(
            `not within ${minutes} minutes: ${JSON.stringify({ ...record, working: null, looks: record.looks?.slice(-1) })}`,
          )
        if (again === undefined) throw new Error(`it is over: ${record.state}, ${record.doing}`)
        if (again > 0) world.pass(again)
        await look(undefined, { isLost: isLost() })
      }
    },
  }
}
