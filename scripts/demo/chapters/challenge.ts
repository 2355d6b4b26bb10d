import { yearTable } from '../show/year.ts'
import { followPipeline } from '../show/follow.ts'
import type { Release } from '../show/release.ts'
import { untilAction, untilIncident } from '../server/incidents.ts'
import { deliver, pass } from './release.ts'
import { tellOutcomes } from '../replay/month.ts'
import type { Chapter } from './stage.ts'
import { summary } from './train.ts'
import { liveThrough, lookAt, rule } from './year.ts'

const minutes = (count: number) => count * 60_000

/** The alert fires, and what it says is done: training anew on what is known by now, and the gates again. */
export const retrain: Chapter = async (stage) => {
  const { twinloop, screen } = stage
  const firing = await untilIncident(twinloop, rule, () => true, {
    what: `An incident of ${rule}`,
    within: minutes(1),
  })
  screen.line(` ▲ incident ${firing.name}    ${firing.properties.summary}`)
  const trains = await untilAction(
    twinloop,
    firing,
    'retrain',
    ({ properties }) => jobOf(properties) !== undefined,
    {
      what: 'The training that the alert asks for',
      within: minutes(2),
    },
  )
  const job = jobOf(trains.properties) ?? ''
  await followPipeline(twinloop, screen, async () => job, summary)
  await untilAction(twinloop, firing, 'retrain', ({ properties }) => properties.state === 'Done', {
    what: 'The release of what was trained',
    within: minutes(2),
  })
  const judged = await pass(stage, 2)
  const verdict = comparison(judged)
  screen.done('challenger', verdict)
}

/** Of what it says while it trains, `job plucky_heron_4f2k`, or of what it has made. */
const jobOf = ({ reason, made }: { readonly reason: string; readonly made?: readonly string[] }) =>
  /job ([\w-]+)/.exec(reason)?.[1] ?? /\/jobs\/([\w-]+)$/m.exec(made?.join('\n') ?? '')?.[1]

/** What the gate says of challenger and champion on the same flights. Throws unless the challenger is surely better. */
function comparison({ properties: { stages } }: Release): string {
  const gate = stages.flatMap(({ gates }) => gates).find(({ name }) => name === 'champion')
  const of = (whose: string) =>
    gate?.result?.measures.find((one) => one.name === 'roc_auc' && (one.of ?? 'candidate') === whose)
  const [challenger, champion, difference] = [of('candidate'), of('champion'), of('difference')]
  const { lower } = difference?.interval ?? {}
  if (lower === undefined || !(lower > 0))
    throw new Error(`The challenger is not surely better: ${gate?.result?.summary}`)
  const [new_, old, by] = [challenger, champion, difference].map((one) => one?.estimate?.toFixed(3))
  return `roc_auc ${new_} against the champion's ${old} on the same flights: better by ${by}, at least ${lower.toFixed(3)}`
}

/** December: the challenger takes over while production goes on, first in the shadow, then for some callers, then for all. */
export const takeOver: Chapter = async (stage) => {
  const { screen, twinloop } = stage
  const table = () => yearTable(stage.months.slice(-2))
  // Until there is something to be compared a few requests are enough; then it is requests that decide.
  let perSecond: number | undefined = 15
  const december = liveThrough(stage, 12, { perRequest: 5, rate: () => perSecond })
  const delivered = deliver(stage, 2, {
    beside: () => ['', ...table()],
    seen: ({ properties: { stages } }) => {
      if (
        perSecond !== undefined &&
        stages.some(({ delivery }) => delivery?.doing?.startsWith('step') === true)
      )
        perSecond = 40
    },
  }).finally(() => (perSecond = undefined))
  await Promise.all([delivered, december])

  screen.line()
  const finish = screen.live(table)
  await tellOutcomes(stage, '2013-12')
  await lookAt(stage, new Date(Date.UTC(2014, 1, 1)))
  const over = await untilIncident(twinloop, rule, ({ properties }) => properties.state === 'Resolved', {
    what: `The end of the incident of ${rule}`,
    within: minutes(2),
  })
  const last = stage.months.pop()
  if (last !== undefined) stage.months.push({ ...last, alert: 'resolved' })
  finish(table())
  screen.line()
  screen.done('resolved', `incident ${over.name}: December is predicted well again`)
}
