import type { Platform } from '../../kernel/platform.ts'
import { asRun, runsReconciler, type MonitorRun } from './run.ts'

/** So many runs go on at once, each of another monitor: more would only share the machine with each other. */
const openAtOnce = 4

/** Runs that have not ended, those whose turn it is first. */
async function openRuns(platform: Platform): Promise<readonly MonitorRun[]> {
  const found = await platform.resources.list({
    type: 'monitorRuns',
    view: 'all',
    where: { 'status.state': 'Running' },
    top: 100_000,
  })
  return inTurn(found.map(asRun))
}

/** The order in which runs go on: what is due before windows of the past, and of those the earlier windows first. Pure. */
export function inTurn(runs: readonly MonitorRun[]): readonly MonitorRun[] {
  const rank = (run: MonitorRun) => (run.properties.backfill === true ? 1 : 0)
  return runs.toSorted(
    (a, b) =>
      rank(a) - rank(b) ||
      Date.parse(a.properties.at) - Date.parse(b.properties.at) ||
      (a.key < b.key ? -1 : 1),
  )
}

const monitorKey = ({ scope, properties }: MonitorRun): string =>
  `${scope}/${properties.monitor.toLowerCase()}`

/** The first run of each monitor, as many as may go on at once. Pure. */
export function withTurn(runs: readonly MonitorRun[], most = openAtOnce): readonly MonitorRun[] {
  const first = new Map<string, MonitorRun>()
  for (const run of inTurn(runs)) if (!first.has(monitorKey(run))) first.set(monitorKey(run), run)
  return [...first.values()].slice(0, most)
}

/** True if the run is one of those that go on now; one that is not is woken when another has ended. */
export async function hasTurn(platform: Platform, run: MonitorRun): Promise<boolean> {
  return withTurn(await openRuns(platform)).some(({ key }) => key === run.key)
}

/** Has those whose turn it is looked at, after a run has ended or a server has started. */
export async function wakeNext(platform: Platform): Promise<void> {
  for (const { key } of withTurn(await openRuns(platform))) platform.wake(runsReconciler, key)
}
