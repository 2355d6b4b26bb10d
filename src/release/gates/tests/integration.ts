import { errors } from '../../../kernel/errors.ts'
import { bringUp, deploymentOf, takeDown, testEndpointName } from '../../test-deployment/bring-up.ts'
import type { Gate, GateContext, GateProgress } from '../gate.ts'
import { endedJob } from '../../../training/history/job-files.ts'
import { checkPrograms } from './check.ts'
import { testJob } from './job.ts'
import { integrationTestParameters, type IntegrationTestParameters } from './parameters.ts'
import { testsFragment } from './report.ts'
import { resultOf } from './result.ts'

/** How long until a deployment that comes up is looked at again. */
const lookMs = 300

/** Whether the project's integration tests pass, where the plan says so against the candidate as it will be deployed. */
export const integrationTests: Gate<IntegrationTestParameters> = {
  name: 'integration_tests',
  summary:
    "Runs the project's own integration tests, with the candidate deployed for them where the plan says so.",
  parameters: integrationTestParameters,
  folders: ['code'],
  check: checkPrograms,
  async advance(given, context) {
    const endpoint = given.endpoint ? await endpointFor(given, context) : {}
    if (endpoint !== undefined && 'progress' in endpoint) return endpoint.progress
    const job = endedJob(await context.job('tests', () => testJob(given, context, endpoint)))
    if (job === undefined) return { state: context.state, doing: `runs ${given.command}` }
    return { result: await resultOf(job, context) }
  },
  async tidy(_, context) {
    const name = context.state['endpoint']
    if (typeof name === 'string') await takeDown({ ...context, name })
  },
  report: testsFragment,
}

/** What tells the tests of the endpoint; or how far that is. */
async function endpointFor(
  given: IntegrationTestParameters,
  context: GateContext,
): Promise<{ readonly progress: GateProgress } | Parameters<typeof testJob>[2]> {
  const { platform, workspaceId, candidate, champion, state } = context
  const name = state['endpoint']
  if (typeof name !== 'string')
    return { progress: { state: { endpoint: testEndpointName() }, doing: 'makes an endpoint', again: 0 } }
  const like = await deploymentOf(platform, workspaceId, context.endpoint, champion)
  const up = await bringUp({
    ...context,
    name,
    purpose: `release ${context.release.label}`,
    authMode: 'AADToken',
    models: { candidate },
    settings: given.deployment,
    like,
  })
  if (up.state === 'failed')
    throw errors.conflict(`The candidate does not come up as a deployment: ${up.reason}`)
  if (up.state === 'coming') return { progress: { state, doing: up.doing, again: lookMs } }
  return {
    // The job's own token may score in its workspace, and is nowhere written down.
    setup: 'export TWINLOOP_ENDPOINT_TOKEN="$AZUREML_RUN_TOKEN"',
    variables: {
      TWINLOOP_ENDPOINT: up.scoringUri,
      TWINLOOP_ENDPOINT_NAME: name,
      TWINLOOP_DEPLOYMENT: 'candidate',
    },
  }
}
