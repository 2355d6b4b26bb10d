import { trusted } from '../../../data/profile/report/markup.ts'
import { UserError } from '../../../kernel/errors.ts'
import { resolve } from '../../../data/resolve.ts'
import { requiredRequests } from '../../../statistics/intervals/quantiles.ts'
import {
  bringUp,
  deploymentOf,
  takeDown,
  testEndpointId,
  testEndpointName,
  type TestEndpoint,
} from '../../test-deployment/bring-up.ts'
import type { Gate, GateContext, GateResult, PlanContext, PlanMistake } from '../gate.ts'
import { fragment, table } from '../../report/fragment.ts'
import { milliseconds } from '../parameters.ts'
import type { Disagreement } from './agreement.ts'
import { gather, offline } from './gather.ts'
import { measure } from './measure.ts'
import { limitsOf, loadParameters, type LoadParameters } from './parameters.ts'
import { resultOf } from './result.ts'
import type { Arm } from './schedule.ts'

/** How long until a deployment that comes up is looked at again. */
const lookMs = 300
/** More requests than these are not kept one by one. */
const mostRequests = 500_000

/** Whether the candidate, deployed as it will be, answers fast enough and without errors under a load. */
export const load: Gate<LoadParameters> = {
  name: 'load',
  summary:
    'Deploys the candidate at an endpoint of its own and sends it a load: latency, errors, agreement with offline.',
  parameters: loadParameters,
  alone: true,
  check,

  async advance(given, context) {
    const { platform, actor } = context
    const endpoint = await endpointFor(given, context)
    if (endpoint === undefined)
      return { state: { endpoint: testEndpointName() }, doing: 'chooses an endpoint to try it at', again: 0 }
    const predictions = await offline(given, endpoint.like, context)
    const up = await bringUp(endpoint)
    if (up.state === 'coming') return { state: context.state, doing: up.doing, again: lookMs }
    if (up.state === 'failed') return { result: failedToComeUp(up.reason) }
    if (predictions === 'waiting')
      return { state: context.state, doing: `scores ${given.data} with the candidate offline` }
    const measured = await context.inBackground('load', async (signal) => {
      const requests = await gather(given, context, predictions, signal)
      const keys = await platform.resources.act(actor, testEndpointId(endpoint), 'listKeys', {})
      const { primaryKey: key } = (keys?.body ?? { primaryKey: '' }) as { readonly primaryKey: string }
      const arms = Object.keys(endpoint.models) as Arm[]
      return measure(given, requests, context, { scoringUri: up.scoringUri, key, arms }, signal)
    })
    if (measured === undefined)
      return { state: context.state, doing: `sends ${given.rate} requests a second for ${given.duration}` }
    return { result: await resultOf(measured, given, context) }
  },

  async tidy(_, context) {
    const name = context.state['endpoint']
    if (typeof name === 'string') await takeDown({ ...context, name })
  },

  report(result) {
    const disagreements = (result.details?.['disagreements'] ?? []) as readonly Disagreement[]
    const svg = result.details?.['histogram']
    return fragment(
      result,
      typeof svg === 'string' && trusted(svg),
      table(
        ['request', 'row', 'offline', 'deployed'],
        disagreements.map((one) => [
          String(one.body),
          String(one.row),
          JSON.stringify(one.offline),
          one.online ?? 'no answer',
        ]),
      ),
    )
  },
}

/** What is to be up; undefined until its name has been written down. */
async function endpointFor(given: LoadParameters, context: GateContext): Promise<TestEndpoint | undefined> {
  const { platform, actor, workspaceId, candidate, champion, state } = context
  const name = state['endpoint']
  if (typeof name !== 'string') return undefined
  const compares = given.max_p99_ratio !== undefined && champion !== undefined && champion.id !== candidate.id
  return {
    platform,
    actor,
    workspaceId,
    name,
    purpose: `release ${context.release.label}`,
    authMode: 'Key',
    models: { candidate, ...(compares ? { champion } : {}) },
    settings: given.deployment,
    like: await deploymentOf(platform, workspaceId, context.endpoint, champion),
  }
}

/** The last line of a traceback says most; of other reasons it is the only one. */
const brief = (reason: string): string => {
  const line =
    reason
      .trimEnd()
      .split('\n')
      .findLast((one) => /\w+(?:Error|Exception)\b/.test(one)) ??
    reason.split('\n')[0] ??
    ''
  return line.length > 200 ? `${line.slice(0, 199)}…` : line
}

const failedToComeUp = (reason: string): GateResult => ({
  verdict: 'fail',
  summary: `It does not come up as a deployment: ${brief(reason)}`,
  measures: [],
  notes: [reason],
  files: [],
})

async function check(given: LoadParameters, { platform, workspaceId }: PlanContext) {
  const mistakes: PlanMistake[] = []
  const requests = given.rate * (milliseconds(given.duration) / 1000)
  if (requests > mostRequests)
    mistakes.push({ path: ['duration'], message: `${requests} requests are more than ${mostRequests}.` })
  const short = (what: string, least: number): string =>
    `${Math.floor(requests)} requests (${given.rate}/s for ${given.duration}) cannot show ${what}, however well it does: that takes ${least}, so ${Math.ceil(least / given.rate)}s at this rate`
  for (const { q, name, ms } of limitsOf(given))
    if (requests < requiredRequests(0, q))
      mistakes.push({
        path: [`${name}_ms`],
        message: short(`that ${name} is within ${ms} ms`, requiredRequests(0, q)),
      })
  const { max_error_rate: most } = given
  if (most > 0 && most < 1 && requests < requiredRequests(0, 1 - most))
    mistakes.push({
      path: ['max_error_rate'],
      message: short(`that at most ${most * 100} % fail`, requiredRequests(0, 1 - most)),
    })
  if (most === 0)
    mistakes.push({ path: ['max_error_rate'], message: 'that nothing ever fails cannot be shown: say 0.1%' })
  if (given.data !== undefined && given.request !== undefined)
    mistakes.push({ path: ['request'], message: 'rows of data are sent, or a request, and not both' })
  try {
    if (given.data !== undefined) await resolve(platform, workspaceId, given.data)
  } catch (error) {
    if (!(error instanceof UserError)) throw error
    mistakes.push({ path: ['data'], message: error.message })
  }
  return mistakes
}
