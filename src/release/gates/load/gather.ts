import { withTables } from '../../../data/tables/with-tables.ts'
import { errors } from '../../../kernel/errors.ts'
import type { Json, Resource } from '../../../kernel/resources/resource.ts'
import { predictionColumn, probabilityColumn } from '../../predictions/columns.ts'
import { predictionsOf, requireCompleted } from '../../predictions/results.ts'
import { scoringJob } from '../../predictions/scoring-job.ts'
import type { GateContext } from '../gate.ts'
import { endedJob } from '../../../training/history/job-files.ts'
import type { LoadParameters } from './parameters.ts'
import { requestsOfExample, requestsOfRows, signatureOf, type Requests } from './requests.ts'

/**
 * The job that says what the model answers to the rows offline: `waiting` until it has ended, undefined where nobody asks
 * for it, as of a scoring script, which may answer in words of its own. Throws where the model cannot be asked.
 */
export async function offline(
  given: LoadParameters,
  like: Resource | undefined,
  context: GateContext,
): Promise<Resource | 'waiting' | undefined> {
  const { platform, workspaceId, candidate } = context
  const { data, target } = given
  const script = given.deployment.code_configuration ?? like?.properties['codeConfiguration']
  const isAsked =
    data !== undefined &&
    given.min_agreement > 0 &&
    script == null &&
    candidate.resource.properties['modelType'] === 'mlflow_model'
  if (!isAsked) return undefined
  const asked = (): Promise<Json> =>
    scoringJob({ platform, workspaceId, data, ...(target === undefined ? {} : { target }), candidate })
  const job = endedJob(await context.job('predictions', asked))
  if (job === undefined) return 'waiting'
  const resource = await platform.resources.get(job.id)
  await requireCompleted(platform, resource)
  return resource
}

/**
 * The requests that the plan asks for, with the answers that the scoring job found where there is one. Throws a UserError
 * where it is not known what to send.
 */
export async function gather(
  given: LoadParameters,
  context: GateContext,
  predictions: Resource | undefined,
  signal: AbortSignal,
): Promise<Requests> {
  const { platform, candidate } = context
  if (given.request !== undefined)
    return { bodies: [JSON.stringify(given.request)], from: 'the request in the plan' }
  if (given.data !== undefined) return gatherRows(given, given.data, context, predictions, signal)
  const found = await requestsOfExample(platform, candidate, given.rows_per_request)
  if (found !== undefined) return found
  throw errors.validation(
    `It is not known what to send: ${candidate.name}:${candidate.version} was logged without an input example. Name data in the plan (data:), or a request.`,
    { target: 'data' },
  )
}

async function gatherRows(
  given: LoadParameters,
  asked: string,
  { platform, workspaceId, candidate, seed }: GateContext,
  predictions: Resource | undefined,
  signal: AbortSignal,
): Promise<Requests> {
  const signature = await signatureOf(platform, candidate)
  const scored =
    predictions === undefined ? undefined : await predictionsOf(platform, predictions, 'candidate')
  return withTables(
    platform,
    workspaceId,
    { data: scored ?? asked },
    async (session) => {
      const { columns } = await session.select('select * from data', { limit: 1 })
      const names = columns.map(({ name }) => name)
      return requestsOfRows(session, {
        columns: names,
        signature,
        // What the scoring added is no input either.
        left: names.filter(
          (name) => name === given.target || (scored !== undefined && name.startsWith('twinloop_')),
        ),
        ...(scored === undefined
          ? {}
          : {
              expected: {
                prediction: predictionColumn,
                probabilities: names
                  .map((_, place) => probabilityColumn(place))
                  .filter((name) => names.includes(name)),
              },
              where: `${predictionColumn} is not null`,
            }),
        rows: given.rows,
        rowsPerRequest: given.rows_per_request,
        seed,
        from: asked,
      })
    },
    { signal },
  )
}
