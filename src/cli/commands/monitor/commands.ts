import { defineCommand } from '../../define-command.ts'
import type { Command } from '../../define-command.ts'
import { Failure } from '../../failure.ts'
import type { Json } from '../../client/client.ts'
import { presentRun, ratio } from '../../present/monitor-run.ts'
import { clean, type Body } from '../../present/present.ts'
import type { MonitorSummary } from '../../../monitoring/monitors/summaries.ts'
import { moment } from '../targets.ts'
import { encode } from '../verbs.ts'
import { values } from './values.ts'
import { findRun, monitorFlag, runName, runPath, summaries } from './target.ts'

const presentSummary = (summary: MonitorSummary): Json =>
  clean({
    name: summary.name,
    display_name: summary.displayName,
    enabled: summary.enabled,
    watches: summary.watches,
    verdict: summary.verdict,
    beyond: ratio(summary.signals),
    worst: summary.worst,
    last_window: summary.lastRun?.at,
    last_run: summary.lastRun?.name,
    running: summary.running,
    next_run: summary.nextRun,
    problem: summary.problem,
    signals: summary.signals,
  })

const list = defineCommand({
  noun: 'monitor',
  verb: 'list',
  summary: 'Lists monitors: how each stands by its latest window, and when the next ends.',
  flags: {},
  table: {
    Monitor: 'name',
    Watches: 'watches',
    Verdict: 'verdict',
    Beyond: 'beyond',
    Worst: 'worst',
    Window: 'last_window',
    Next: 'next_run',
    Problem: 'problem',
  },
  examples: [
    'twinloop monitor list -o table',
    'twinloop monitor list --query "[?verdict==\'breached\'].name" -o tsv',
  ],
  run: async ({ client }) => (await summaries(await client())).map(presentSummary),
})

const show = defineCommand({
  noun: 'monitor',
  verb: 'show',
  summary:
    'Shows what a monitor found in its latest window, signal by signal; with -o all that is known of it.',
  flags: {
    name: monitorFlag,
    at: { type: 'text', placeholder: 'TIME', summary: 'The window that ends then. Default: the latest.' },
    all: { type: 'switch', summary: 'Every value, also those within their thresholds.' },
  },
  examples: [
    'twinloop monitor show -n flight-drift',
    'twinloop monitor show -n flight-drift --at 2013-05-01 --all',
    'twinloop monitor show -n flight-drift -o json --query "signals[?breached > `0`].worst"',
  ],
  async run({ flags: { name, at, all, output, query }, io, client }) {
    const api = await client()
    const [summary] = await summaries(api, name)
    const body = await findRun(api, { monitor: summary?.name ?? name, ...(at === undefined ? {} : { at }) })
    const { valuesOf } = await import('./values.ts')
    const found = body === undefined ? undefined : { body, values: await valuesOf(api, body) }
    if (output !== undefined || query !== undefined) {
      const run = found === undefined ? {} : presentRun(found.body, found.values)
      return { ...(summary === undefined ? {} : presentSummary(summary)), ...run, name, run: body?.name }
    }
    const { picture } = await import('./picture.ts')
    io.stdout(picture(io, summary, found, { all }))
    return undefined
  },
})

const run = defineCommand({
  noun: 'monitor',
  verb: 'run',
  summary:
    'Computes a window now: the one that ends now, or one of the past; one that was computed before is computed again.',
  flags: {
    name: monitorFlag,
    at: { type: 'text', placeholder: 'TIME', summary: 'Where the window ends. Default: now.' },
    wait: { type: 'switch', summary: 'Waits until it is computed and shows it.' },
    failOnBreach: { type: 'switch', summary: 'With --wait: exit code 1 if a threshold is breached.' },
  },
  examples: [
    'twinloop monitor run -n flight-drift --wait',
    'twinloop monitor run -n flight-drift --at 2013-05-01 --wait --fail-on-breach',
  ],
  async run({ flags: { name, at, wait, failOnBreach, output, query }, io, client }) {
    const api = await client()
    const time = moment(at ?? new Date().toISOString(), '--at')
    const [summary] = await summaries(api, name)
    const run = runName(summary?.name ?? name, time)
    const before = at === undefined ? undefined : await perhaps(() => api.get<Body>(runPath(run)))
    if (before === undefined) await api.post(`/schedules/${encode(name)}/trigger`, { scheduleTime: time })
    else if (before.properties?.['state'] !== 'Running')
      await api.post(`${runPath(run)}/retry`, {}, { wait: false })
    if (!wait) return presentRun(await api.get<Body>(runPath(run)))
    const { follow } = await import('./follow.ts')
    const body = await follow(api, io, run)
    const { valuesOf } = await import('./values.ts')
    const found = { body, values: await valuesOf(api, body) }
    const failed = body.properties?.['state'] !== 'Completed'
    const breached = failOnBreach && body.properties?.['breached'] === true
    if (output !== undefined || query !== undefined) {
      const presented = presentRun(body, found.values)
      if (!failed && !breached) return presented
      const { render } = await import('../../output/print.ts')
      io.stdout(await render(presented, { output: output ?? 'json', query }))
      return { exitCode: 1 }
    }
    const { picture } = await import('./picture.ts')
    io.stdout(picture(io, undefined, found, { all: false }))
    return failed || breached ? { exitCode: 1 } : undefined
  },
})

async function perhaps<T>(ask: () => Promise<T>): Promise<T | undefined> {
  const { RemoteFailure } = await import('../../client/remote-failure.ts')
  try {
    return await ask()
  } catch (error) {
    if (error instanceof RemoteFailure && error.status === 404) return undefined
    throw error
  }
}

const backfill = defineCommand({
  noun: 'monitor',
  verb: 'backfill',
  summary: 'Computes the windows of the past that a monitor would have computed, had it been there.',
  flags: {
    name: monitorFlag,
    from: {
      type: 'text',
      placeholder: 'TIME',
      required: true,
      summary: 'The first window ends then or later.',
    },
    to: { type: 'text', placeholder: 'TIME', required: true, summary: 'The last one ends then or earlier.' },
    wait: { type: 'switch', summary: 'Waits until all are computed.' },
  },
  table: { Window: 'at', Run: 'name', State: 'state', Breached: 'breached' },
  examples: ['twinloop monitor backfill -n flight-drift --from 2013-05-01 --to 2013-12-31 --wait'],
  async run({ flags: { name, from, to, wait }, io, client }) {
    const api = await client()
    if ((await summaries(api, name)).length === 0) throw new Failure(`there is no monitor ${name}`)
    const { made } = await api.post<{ readonly made: readonly string[] }>(
      `/schedules/${encode(name)}/backfill`,
      {
        from: moment(from, '--from'),
        to: moment(to, '--to'),
      },
    )
    io.stderr(`${made.length} ${made.length === 1 ? 'window' : 'windows'}\n`)
    const { follow } = await import('./follow.ts')
    const bodies: Json[] = []
    for (const run of made)
      bodies.push(presentRun(wait ? await follow(api, io, run) : await api.get<Body>(runPath(run))))
    return bodies
  },
})

export const commands: readonly Command[] = [list, show, run, backfill, values]
