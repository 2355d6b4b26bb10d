import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createApp } from '../../app.ts'
import { readConfig } from '../../config.ts'
import { administratorId, ensureAdministrator, ensureIdentities } from '../../kernel/access/sign-in.ts'
import type { Actor } from '../../kernel/access/access.ts'
import { createLog } from '../../kernel/log.ts'
import type { Platform } from '../../kernel/platform.ts'
import type { Json, Resource } from '../../kernel/resources/resource.ts'
import type { Reconciler } from '../../kernel/work/reconcile.ts'
import { defaultWorkspaceId } from '../../admin/workspaces.ts'
import { rooms } from '../../rooms.ts'
import type { Incident } from '../incidents/incidents.ts'
import { routeAlerts } from '../routing/reconcile.ts'
import { evaluateRules } from '../rules/evaluation/reconcile.ts'

/**
 * The alerts of a workspace without a server: its clock stands until a test moves it, and nothing is looked at until a test
 * says so.
 */
export interface AlertLab {
  readonly platform: Platform
  readonly workspace: string
  readonly actor: Actor
  /** Moves the clock, forward or back, in seconds. */
  pass(seconds: number): void
  measure(name: string, value: number, labels?: Readonly<Record<string, string>>): Promise<void>
  /** Writes `{type}/{name}` below the workspace. */
  put(path: string, properties: Json): Promise<Resource>
  /** Lets the reconciler of rules look at one, once; answers in how many seconds it wants to look again. */
  look(rule: string, on?: Platform): Promise<number | undefined>
  /** Lets the routing look, once. */
  route(on?: Platform): Promise<number | undefined>
  incidents(): Promise<readonly Incident[]>
  /** Messages that were posted, oldest first: to whom and their title. */
  told(): Promise<readonly string[]>
  end(): Promise<void>
}

export async function openAlertLab(): Promise<AlertLab> {
  const home = mkdtempSync(join(tmpdir(), 'twinloop-'))
  const config = readConfig({}, { home, port: 0, httpsPort: 0, gatewayPort: 0 })
  const app = await createApp(config, { log: createLog({ level: 'error' }) })
  await ensureAdministrator(app.platform)
  await ensureIdentities(
    app.platform,
    rooms.map((room) => room.name),
  )
  await rooms.find(({ name }) => name === 'admin')?.start?.(app.platform)
  // Within a minute, by which measurements are kept: what is measured now is in the window that ends now.
  let now = Math.ceil(Date.now() / 60_000) * 60_000 + 30_000
  const platform: Platform = { ...app.platform, clock: () => new Date(now) }
  const workspace = defaultWorkspaceId(config)
  const actor: Actor = { id: administratorId, name: 'administrator', kind: 'User', confinedTo: '' }
  const idOf = (path: string) => `${workspace}/providers/Twinloop/${path}`
  const signal = new AbortController().signal
  const step = async (reconciler: Reconciler, id: string, on = platform) => {
    const found = await platform.resources.find(id)
    if (found === undefined) return undefined
    const result = await reconciler.reconcile(found, { platform: on, signal })
    return typeof result === 'object' ? result.again / 1000 : undefined
  }
  return {
    platform,
    workspace,
    actor,
    pass: (seconds) => void (now += seconds * 1000),
    measure: (name, value, labels = {}) =>
      platform.series.record(new Date(now), [
        { kind: 'gauge', name, value, labels, scope: workspace.toLowerCase() },
      ]),
    put: async (path, properties) =>
      (await platform.resources.put(actor, idOf(path), { properties })).resource,
    look: (rule, on) => step(evaluateRules, idOf(`alertRules/${rule}`), on),
    route: (on) => step(routeAlerts, workspace, on),
    incidents: async () =>
      (await platform.resources.list({
        type: 'incidents',
        orderBy: { field: 'createdAt', descending: false },
      })) as unknown as readonly Incident[],
    told: async () =>
      (
        await platform.resources.list({
          type: 'notices',
          orderBy: { field: 'createdAt', descending: false },
        })
      ).map(({ properties }) => `${String(properties['to'])} ${String(properties['subject'])}`),
    async end() {
      await app.stop()
      rmSync(home, { recursive: true, force: true })
    },
  }
}
