import { chmodSync, mkdirSync } from 'node:fs'
import { join } from 'node:path'
import { Hono } from 'hono'
import { createAnalytics } from './analytics/create-analytics.ts'
import { createArtifacts } from './artifacts/create-artifacts.ts'
import { openLocalBytes } from './artifacts/local-bytes.ts'
import { createLocalCompute } from './compute/local.ts'
import type { Config } from './config.ts'
import { createAccess, platformActor } from './kernel/access/access.ts'
import { createCatalogue } from './kernel/resources/catalogue.ts'
import { errors } from './kernel/errors.ts'
import { createOutbox } from './kernel/work/events.ts'
import { auditRoutes } from './kernel/http/audit.ts'
import { eventStreamRoutes } from './kernel/http/event-stream.ts'
import { answerError, authenticated, frame } from './kernel/http/frame.ts'
import { healthRoutes } from './kernel/http/health.ts'
import { listen, type Listeners } from './kernel/http/listen.ts'
import { authorityRoute } from './kernel/http/authority-route.ts'
import { schemaRoutes, type FileSchemas } from './kernel/http/schema-routes.ts'
import { signInRoutes } from './kernel/http/sign-in-routes.ts'
import { studioRoutes } from './kernel/http/studio.ts'
import { createLog, type Log } from './kernel/log.ts'
import { keepTidy } from './kernel/work/maintenance.ts'
import { createMetrics } from './kernel/metrics.ts'
import type { Platform, Urls } from './kernel/platform.ts'
import { announce, claimHome } from './kernel/presence.ts'
import { createResources } from './kernel/resources/resources.ts'
import { armRoutes, type Frame } from './kernel/rest/arm.ts'
import { routedPath } from './kernel/http/routed-path.ts'
import { createSecrets, readSecretKey } from './kernel/access/secrets.ts'
import { ensureAdministrator, ensureIdentities } from './kernel/access/sign-in.ts'
import { openAuthority } from './kernel/tls/authority.ts'
import { createSeries } from './kernel/telemetry/series.ts'
import { createWorker } from './kernel/work/worker.ts'
import { definitions, rooms } from './rooms.ts'
import { createBlobIndex } from './store/blob-index.ts'
import { openSqlite } from './store/sqlite.ts'

/** The whole platform in one object: embeddable, so that tests and the command line run the same thing. */
export interface App {
  /** Answers a request without a port. */
  fetch(request: Request): Promise<Response>
  /** Listens and sets the reconcilers going; returns the addresses and the administrator's token. */
  start(): Promise<{ readonly urls: Urls; readonly token: string; readonly signInUrl: string }>
  /**
   * Stops taking requests, finishes what runs and closes the store. Jobs and deployments go on; with `everything`,
   * deployments and their gateway end, too, until the next start.
   */
  stop(options?: { readonly everything?: boolean }): Promise<void>
  readonly platform: Platform
}

/** The home is its owner's alone, also a folder that was there before; what cannot be closed is left as it is. */
function openHome(home: string): void {
  mkdirSync(home, { recursive: true, mode: 0o700 })
  try {
    chmodSync(home, 0o700)
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EPERM') throw error
  }
}

export async function createApp(
  config: Config,
  options: {
    readonly log?: Log
    /** Of the files that people write: whoever reads them knows what they may say. */
    readonly schemas?: FileSchemas
  } = {},
): Promise<App> {
  openHome(config.home)
  const clock = () => new Date()
  const log = options.log ?? createLog({ level: config.logLevel })
  const home = await claimHome(config.home)
  const store = await openSqlite(join(config.home, 'store.db')).catch((error: unknown) => {
    home.release()
    throw error
  })
  const access = createAccess({ store, clock })
  const outbox = createOutbox({ store, log, clock })
  const reconcilers = rooms.flatMap((room) => room.reconcilers ?? [])
  const catalogue = createCatalogue(definitions)
  const worker = createWorker({ store, reconcilers, clock })
  let ready = false
  let gateway = ''
  const urls: { http: string; https: string; gateway: string } = {
    http: '',
    https: '',
    get gateway() {
      return gateway
    },
    /** The gateway may choose its port when it comes, long after the server did. */
    set gateway(url) {
      const isNews = ready && url !== gateway
      gateway = url
      if (isNews) announce(config.home, { pid: process.pid, ...urls })
    },
  }
  const secrets = createSecrets({ store, key: readSecretKey(config.home, process.env), clock })
  const authority = await openAuthority({ secrets, home: config.home, clock })

  const platform: Platform = {
    config,
    store,
    artifacts: createArtifacts({
      bytes: await openLocalBytes(join(config.home, 'artifacts')),
      index: createBlobIndex(store, clock),
      clock,
    }),
    compute: createLocalCompute({ folder: join(config.home, 'processes') }),
    analytics: createAnalytics(join(config.home, 'analytics'), {
      memoryBytes: config.analyticsMemoryBytes,
      sessions: config.analyticsSessions,
    }),
    resources: createResources({
      store,
      catalogue,
      access,
      outbox,
      clock,
      reconcilers,
      workScheduled: () => worker.nudge(),
      platform: () => platform,
    }),
    access,
    events: outbox,
    secrets,
    metrics: createMetrics(),
    series: createSeries({ store, clock }),
    log,
    clock,
    urls,
    identity: platformActor,
    wake: (reconciler, key, delayMs) => worker.wake(reconciler, key, delayMs),
  }
  for (const consumer of rooms.flatMap((room) => room.consumers ?? [])) outbox.subscribe(consumer)

  let listeners: Listeners | undefined
  let tidying: ReturnType<typeof keepTidy> | undefined
  const http = new Hono<Frame>({ getPath: routedPath })
  http.use(frame(platform, catalogue))
  http.onError(answerError(platform))
  http.route(
    '/',
    healthRoutes(platform, () => ready),
  )
  http.route('/', signInRoutes(platform))
  http.route('/', studioRoutes())
  http.route('/', authorityRoute(authority))
  if (options.schemas !== undefined) http.route('/', schemaRoutes(options.schemas))
  for (const room of rooms) if (room.routes !== undefined) http.route('/', room.routes(platform))
  http.use(authenticated(platform))
  http.route('/', auditRoutes(platform))
  http.route('/', eventStreamRoutes(platform))
  http.route('/', armRoutes(platform, catalogue))
  http.notFound((context) =>
    answerError(platform)(
      errors.noSuchRoute(`Nothing is at ${context.req.method} ${context.req.path}.`),
      context,
    ),
  )

  return {
    platform,
    fetch: async (request) => http.fetch(request),
    async start() {
      listeners = await listen(http, config, authority)
      Object.assign(urls, listeners.urls)
      const { token, signInUrl } = await ensureAdministrator(platform)
      await ensureIdentities(
        platform,
        rooms.map((room) => room.name),
      )
      for (const room of rooms) await room.start?.(platform)
      await worker.start(platform)
      outbox.start(platform)
      tidying = keepTidy(platform, rooms)
      ready = true
      announce(config.home, { pid: process.pid, ...urls })
      return { urls, token, signInUrl }
    },
    async stop({ everything = false } = {}) {
      ready = false
      tidying?.stop()
      await listeners?.close()
      await Promise.all([worker.stop(), outbox.stop()])
      if (everything) for (const room of rooms.toReversed()) await room.end?.(platform)
      for (const room of rooms.toReversed()) await room.stop?.(platform)
      await platform.analytics.stop()
      await store.close()
      home.release()
    },
  }
}
