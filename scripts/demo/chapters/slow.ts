import { setTimeout as pause } from 'node:timers/promises'
import { startCallers, type Callers } from '../replay/live.ts'
import { endpointOf } from '../replay/send.ts'
import { startWeather } from '../replay/weather.ts'
import { incidentsOf, untilAction, untilIncident } from '../server/incidents.ts'
import { turning } from '../show/screen.ts'
import { decide } from '../people/people.ts'
import type { Chapter, Stage } from './stage.ts'

/** The rule of the infrastructure loop. */
export const rule = 'live-answers-are-slow'
const endpoint = 'flight-delay-live'
const minutes = (count: number) => count * 60_000

/**
 * What the weather service takes when all is well, and when the fault is injected, in ms: of two requests that an instance
 * takes, the second then waits for more than the rule lets pass, and a request that waits for nobody takes less.
 */
const [well, faulty] = [5, 320]

/** Requests in a second: easy for one instance when all is well, and too many for it while it waits for the weather. */
const perSecond = 8

/** The infrastructure loop: a service that the endpoint needs gets slow, and more instances are what helps. */
export const slowDown: Chapter = async (stage) => {
  const { twinloop, screen, folder } = stage
  const [before] = await incidentsOf(twinloop, rule)
  if (before?.properties.state === 'Resolved') {
    screen.done('resolved', `incident ${before.name}, before`)
    return
  }
  const weather = await startWeather(folder)
  let callers: Callers | undefined
  try {
    const began = performance.now()
    await twinloop.command('online-endpoint', 'create', '--file', 'live/endpoint.yml')
    const at = [`environment_variables.WEATHER_URL=${weather.url}`]
    await twinloop.command(
      'online-deployment',
      'create',
      '--file',
      'live/deployment.yml',
      '--all-traffic',
      '--set',
      ...at,
    )
    await twinloop.command('alert-rule', 'create', '--file', 'live/slow.yml')
    screen.done(
      'endpoint',
      `${endpoint}: a scoring script that looks the weather up`,
      performance.now() - began,
    )
    callers = startCallers(await endpointOf(stage.twinloop, endpoint), perSecond)
    await goThrough(stage, callers, (ms) => weather.delay(ms))
  } finally {
    await callers?.stop()
    weather.stop()
  }
}

async function goThrough(
  stage: Stage,
  callers: Callers,
  delay: (ms: number) => Promise<void>,
): Promise<void> {
  const { twinloop, screen } = stage
  const waited = async <T>(doing: string, work: Promise<T>): Promise<T> => {
    const finish = screen.live(() => [`   ${turning()} ${doing}: ${inWords(callers)}`])
    return work.finally(() => finish([]))
  }
  await waited('all is well', calm(callers))
  screen.done('callers', `${perSecond} a second, ${inWords(callers)}`)

  await delay(faulty)
  const began = performance.now()
  screen.line(` ▲ fault         the weather service takes ${faulty} ms in place of ${well} from now on`)
  const what = `An incident of ${rule}`
  const open = await waited(
    'too slow',
    untilIncident(twinloop, rule, () => true, { what, within: minutes(3) }),
  )
  screen.done(`incident ${open.name}`, open.properties.summary, performance.now() - began)

  const proposed = await untilAction(
    twinloop,
    open,
    'propose_change',
    ({ properties }) => properties.state === 'Done',
    { what: 'The change that the rule proposes', within: minutes(1) },
  )
  const id = proposed.properties.made?.[0] ?? ''
  const { name, properties } = await twinloop.get<Proposal>(id)
  screen.line(' ● proposed      what is declared of the deployment would change:')
  for (const line of changedLines(properties.diff)) screen.line(`   │ ${line}`)
  await decide(stage, `change ${name}`, ['proposal', 'approve', '--name', name])
  const over = { what: `The end of incident ${open.name}`, within: minutes(5) }
  const isOver = ({ name: number, properties }: { name: string; properties: { state: string } }) =>
    number === open.name && properties.state === 'Resolved'
  await waited('more instances', untilIncident(twinloop, rule, isOver, over))
  screen.done('resolved', `incident ${open.name}: ${inWords(callers)}`, performance.now() - began)
  await delay(well)
}

interface Proposal {
  readonly name: string
  readonly properties: { readonly diff: string }
}

/** Of a difference, what goes and what comes. */
const changedLines = (diff: string): readonly string[] =>
  diff.split('\n').filter((line) => /^(?:-(?!--)|\+(?!\+\+))/.test(line))

/** Waits until callers have been answered well for long enough to be measured: a hundred answers, fast and without a refusal. */
async function calm(callers: Callers): Promise<void> {
  const patience = AbortSignal.timeout(minutes(2))
  while (!patience.aborted) {
    const { answers, p99, refused } = callers.recent(12)
    if (answers >= 12 * perSecond * 0.9 && p99 < 400 && refused === 0) return
    await pause(500)
  }
  throw new Error(`${endpoint} is too slow before anything is done to it: ${inWords(callers)}.`)
}

function inWords(callers: Callers): string {
  const { p99, refused } = callers.recent(10)
  const words = `99 of 100 answers within ${Math.round(p99)} ms`
  return refused === 0 ? words : `${words}, ${Math.round(refused * 100)} % refused`
}
