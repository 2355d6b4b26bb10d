import { tellable } from '../../kernel/errors.ts'

/** HTTP status of each of MLflow's error codes that we answer. */
const statuses: Readonly<Record<string, number>> = {
  INVALID_PARAMETER_VALUE: 400,
  BAD_REQUEST: 400,
  RESOURCE_ALREADY_EXISTS: 400,
  UNAUTHENTICATED: 401,
  PERMISSION_DENIED: 403,
  RESOURCE_DOES_NOT_EXIST: 404,
  ENDPOINT_NOT_FOUND: 404,
  ABORTED: 409,
  REQUEST_LIMIT_EXCEEDED: 429,
  NOT_IMPLEMENTED: 501,
  TEMPORARILY_UNAVAILABLE: 503,
}

/** Statuses that are told as they are, for MLflow has no code of its own for them. */
const asHttpSays: readonly number[] = [413, 507]

/** An error in MLflow's shape. A bug answers 500 without its details, which are in the log under the request id. */
export function formatMlflow(error: unknown, requestId: string) {
  const known = tellable(error)
  if (known === undefined)
    return {
      status: 500,
      body: {
        error_code: 'INTERNAL_ERROR',
        message: `Something went wrong inside Twinloop; its log tells more under request ${requestId}.`,
      },
    }
  const details = known.details.map((d) => (d.target === undefined ? d.message : `${d.target}: ${d.message}`))
  return {
    status: asHttpSays.includes(known.kind.status)
      ? known.kind.status
      : (statuses[known.kind.mlflow] ?? known.kind.status),
    body: { error_code: known.kind.mlflow, message: [known.message, ...details.slice(1)].join('\n') },
  }
}
