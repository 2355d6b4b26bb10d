import { withTables } from '../../../data/tables/with-tables.ts'
import { errors } from '../../../kernel/errors.ts'
import type { GateContext } from '../gate.ts'
import type { LoadParameters } from './parameters.ts'
import { requestsOfExample, requestsOfRows, signatureOf, type Requests } from './requests.ts'

/** The requests that the plan asks for. Throws a UserError where it is not known what to send. */
export async function gather(
  given: LoadParameters,
  context: GateContext,
  signal: AbortSignal,
): Promise<Requests> {
  const { platform, candidate } = context
  if (given.request !== undefined)
    return { bodies: [JSON.stringify(given.request)], from: 'the request in the plan' }
  if (given.data !== undefined) return gatherRows(given, given.data, context, signal)
  const found = await requestsOfExample(platform, candidate, given.rows_per_request)
  if (found !== undefined) return found
  throw errors.validation(
    `It is not known what to send: ${candidate.name}:${candidate.version} was logged without an input example. Name data in the plan (data:), or a request.`,
    { target: 'data' },
  )
}

async function gatherRows(
  given: LoadParameters,
  data: string,
  { platform, workspaceId, candidate, seed }: GateContext,
  signal: AbortSignal,
): Promise<Requests> {
  const signature = await signatureOf(platform, candidate)
  return withTables(
    platform,
    workspaceId,
    { data },
    async (session) => {
      const { columns } = await session.select('select * from data', { limit: 1 })
      return requestsOfRows(session, {
        columns: columns.map(({ name }) => name),
        signature,
        left: given.target === undefined ? [] : [given.target],
        rows: given.rows,
        rowsPerRequest: given.rows_per_request,
        seed,
        from: data,
      })
    },
    { signal },
  )
}
