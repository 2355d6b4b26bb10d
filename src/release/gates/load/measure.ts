import type { GateContext } from '../gate.ts'
import { milliseconds } from '../parameters.ts'
import { agreementOf, type Agreement } from './agreement.ts'
import { outcomeOf, type Outcome } from './figures/outcome.ts'
import type { LoadParameters } from './parameters.ts'
import type { Requests } from './requests.ts'
import { sendLoad } from './run.ts'
import { scheduleOf, type Arm } from './schedule.ts'

/** What a load showed. */
export interface Measured {
  readonly outcomes: Readonly<Partial<Record<Arm, Outcome>>>
  readonly agreement: Agreement | undefined
  readonly problems: Readonly<Record<string, number>>
  /** What was sent, for people. */
  readonly from: string
  readonly bodies: number
}

/** So many at once no instance of this machine answers; a load that is beyond shows nothing more. */
const mostOpen = 10_000

/** Sends the load to a test endpoint and sums up what became of it. */
export async function measure(
  given: LoadParameters,
  requests: Requests,
  { seed }: Pick<GateContext, 'seed'>,
  endpoint: { readonly scoringUri: string; readonly key: string; readonly arms: readonly Arm[] },
  signal: AbortSignal,
): Promise<Measured> {
  const due = scheduleOf({
    rate: given.rate,
    durationMs: milliseconds(given.duration),
    warmUpMs: milliseconds(given.warm_up),
    arrival: given.arrival,
    arms: endpoint.arms,
    bodies: requests.bodies.length,
    seed,
  })
  const report = await sendLoad(
    {
      url: endpoint.scoringUri,
      headers: { authorization: `Bearer ${endpoint.key}` },
      arms: Object.fromEntries(endpoint.arms.map((arm) => [arm, { 'azureml-model-deployment': arm }])),
      bodies: requests.bodies,
      due: due.map(({ at, arm, body }) => [at, arm, body]),
      timeoutMs: milliseconds(given.request_timeout),
      mostOpen,
    },
    signal,
  )
  return {
    outcomes: Object.fromEntries(endpoint.arms.map((arm) => [arm, outcomeOf(due, report, arm)])),
    agreement:
      requests.expected === undefined
        ? undefined
        : agreementOf(requests.expected, report.answers, given.tolerance),
    problems: report.problems,
    from: requests.from,
    bodies: requests.bodies.length,
  }
}
