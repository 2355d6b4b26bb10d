import { flightsOf } from '../replay/flights.ts'
import { replay, tellOutcomes, type Pace } from '../replay/month.ts'
import { resultsOf, runAt, type Series } from '../server/monitors.ts'
import { yearTable, type Month } from '../show/year.ts'
import type { Chapter, Stage } from './stage.ts'

/** The rule of the outer loop. */
export const rule = 'flight-delay-is-getting-worse'

/** Has the flights watched, and says what is to be done when they are predicted worse and worse. */
export const watch: Chapter = async ({ twinloop, screen, ops }) => {
  const began = performance.now()
  await twinloop.command('connection', 'create', '--file', 'production/ops.yml', '--set', `target=${ops.url}`)
  await twinloop.command('schedule', 'create', '--file', 'production/monitor.yml')
  await twinloop.command('alert-rule', 'create', '--file', 'production/getting-worse.yml')
  const detail = 'drift, quality, predictions, estimated and real performance, by month'
  screen.done('monitor', detail, performance.now() - began)
  screen.done('alert rule', `${rule}: roc_auc below 0.68 for 2 windows`)
}

/** Production from April to November, month by month, with what became of the flights known a month later. */
export const replayYear: Chapter = async (stage) => {
  const finish = stage.screen.live(() => yearTable(stage.months))
  try {
    for (const number of [4, 5, 6, 7, 8, 9, 10, 11]) await liveThrough(stage, number)
  } finally {
    finish(yearTable(stage.months))
  }
}

/** One month: production, what is known meanwhile of the month before, and what the monitor says of both. */
export async function liveThrough(
  stage: Stage,
  number: number,
  pace: Omit<Pace, 'sent'> = {},
): Promise<void> {
  const { months } = stage
  const month = monthOf(number)
  const here = months.push({ month, flights: 0 }) - 1
  const show = (change: Partial<Month>) => {
    months[here] = { ...(months[here] ?? { month, flights: 0 }), ...change }
  }
  const flights = await flightsOf(stage.folder, month)
  const at = new Date(Date.UTC(2013, number, 1))
  if ((await runAt(stage.twinloop, 'flight-delay', at)) === undefined) {
    show({ doing: 'is asked about' })
    await replay(stage, month, flights, { ...pace, sent: (rows) => show({ flights: rows }) })
    if (number > 4) {
      show({ doing: 'meanwhile it is known what became of the month before' })
      await tellOutcomes(stage, monthOf(number - 1))
    }
  }
  show({ doing: 'is looked at', flights: flights.length })
  const found = await lookAt(stage, at)
  show({ doing: undefined, ...found })
}

/**
 * Has the monitor look at the windows that end at a time. Returns what it found of the month before it; what is known by
 * then of the one before that is put into the year.
 */
export async function lookAt(stage: Stage, at: Date): Promise<Partial<Month>> {
  const { months } = stage
  await monitorAt(stage, at)
  const { ofMonth, ofMonthBefore } = await findings(stage, at)
  const before = new Date(Date.UTC(at.getUTCFullYear(), at.getUTCMonth() - 2, 1)).toISOString().slice(0, 7)
  const index = months.findIndex((one) => one.month === before)
  const known = months[index]
  if (known !== undefined) months[index] = { ...known, ...ofMonthBefore, alert: await alertState(stage) }
  return ofMonth
}

/** How the alert stands, by what is known of a month. */
async function alertState({ twinloop }: Stage): Promise<string> {
  const path = `providers/Twinloop/alertRules/${rule}`
  const { properties } = await twinloop.get<{ properties: { evaluation: { state: string } } }>(path)
  return properties.evaluation.state
}

const monthOf = (number: number) => `2013-${String(number).padStart(2, '0')}`

/** Has the monitor look at the windows that end then, and waits until it has. */
async function monitorAt({ twinloop }: Stage, at: Date): Promise<void> {
  const events = await twinloop.events(['Twinloop.MonitorRunCompleted'])
  const hasEnded = async () => {
    const run = await runAt(twinloop, 'flight-delay', at)
    const failed = run?.properties.signals.find(({ outcome }) => outcome === 'error')
    if (failed !== undefined) throw new Error(`Signal ${failed.name} is an error: ${failed.reason}`)
    return run !== undefined && run.properties.state !== 'Running'
  }
  if (await hasEnded()) return
  await twinloop.command('monitor', 'run', '--name', 'flight-delay', '--at', at.toISOString())
  if (await hasEnded()) return
  for await (const _ of events) if (await hasEnded()) return
}

/** What the run at a time found: of the month before it, and of what is known by then of the one before that. */
async function findings({ twinloop }: Stage, at: Date) {
  const ask = async (signal: string, metric?: string) =>
    (
      await resultsOf(twinloop, {
        monitor: 'flight-delay',
        signal,
        ...(metric === undefined ? {} : { metric }),
      })
    ).map((series) => ({
      ...series,
      window: series.windows.find((one) => new Date(one.at).getTime() === at.getTime()),
    }))
  const overall = ({ labels }: Series) => labels['feature'] === undefined
  const drift = await ask('inputs')
  const [estimated] = (await ask('estimated', 'estimated_roc_auc')).filter(overall)
  const [real] = (await ask('model_performance', 'roc_auc')).filter(overall)
  return {
    ofMonth: {
      drifted: drift
        .flatMap(({ labels, window }) =>
          window?.breached === true ? [{ feature: labels['feature'] ?? '', value: window.value ?? 0 }] : [],
        )
        .toSorted((a, b) => b.value - a.value),
      estimated: estimated?.window?.value ?? null,
    },
    ofMonthBefore: {
      real: real?.window?.value ?? null,
      ...(real?.window?.breached === true ? { breached: true } : {}),
    },
  }
}
