/**
 * The error catalogue: every failure that a user can meet, with its code and status, in one place.
 *
 * The domain throws `errors.notFound(…)`; what the answer looks like on the wire is the business of one small
 * formatter per protocol (`formatArm` here, MLflow's in tracking, inference's in the gateway).
 */

import { AnalyticsError, type AnalyticsFailure } from '../analytics/analytics.ts'
import { NewerStore } from '../store/newer-store.ts'

/** Where in a request a problem was found, and what would have been right. */
export interface Problem {
  /** Dotted path of the offending field, e.g. `properties.dataType`. */
  readonly target?: string
  readonly message: string
}

export interface ErrorKind {
  /** ARM's error code. */
  readonly code: string
  readonly status: number
  /** MLflow's error_code for the same failure. */
  readonly mlflow: string
}

/** What an error quotes of a request may be as long as the request: the middle goes, and both ends stay to be read. */
const longest = { message: 4000, end: 1000, details: 100 } as const

const readable = (message: string) =>
  message.length <= longest.message
    ? message
    : `${message.slice(0, longest.message - longest.end)} … ${message.slice(-longest.end)}`

/** A failure that is the caller's to mend. Anything else thrown is a bug and answers 500 without its details. */
export class UserError extends Error {
  readonly kind: ErrorKind
  readonly target: string | undefined
  readonly details: readonly Problem[]
  /** Seconds after which the same request may succeed; sent as Retry-After. */
  readonly retryAfter: number | undefined

  constructor(
    kind: ErrorKind,
    message: string,
    options: { target?: string; details?: readonly Problem[]; retryAfter?: number; cause?: unknown } = {},
  ) {
    super(readable(message), { cause: options.cause })
    this.name = 'UserError'
    this.kind = kind
    this.target = options.target
    this.details = (options.details ?? [])
      .slice(0, longest.details)
      .map((problem) => ({ ...problem, message: readable(problem.message) }))
    this.retryAfter = options.retryAfter
  }
}

export const kinds = {
  badRequest: { code: 'InvalidRequest', status: 400, mlflow: 'INVALID_PARAMETER_VALUE' },
  validation: { code: 'ValidationError', status: 400, mlflow: 'INVALID_PARAMETER_VALUE' },
  immutable: { code: 'ImmutablePropertyChanged', status: 400, mlflow: 'INVALID_PARAMETER_VALUE' },
  unauthenticated: { code: 'InvalidAuthenticationToken', status: 401, mlflow: 'UNAUTHENTICATED' },
  forbidden: { code: 'AuthorizationFailed', status: 403, mlflow: 'PERMISSION_DENIED' },
  notFound: { code: 'ResourceNotFound', status: 404, mlflow: 'RESOURCE_DOES_NOT_EXIST' },
  noSuchRoute: { code: 'InvalidResourceType', status: 404, mlflow: 'ENDPOINT_NOT_FOUND' },
  methodNotAllowed: { code: 'MethodNotAllowed', status: 405, mlflow: 'BAD_REQUEST' },
  conflict: { code: 'Conflict', status: 409, mlflow: 'RESOURCE_ALREADY_EXISTS' },
  corrupt: { code: 'IntegrityCheckFailed', status: 409, mlflow: 'INVALID_STATE' },
  preconditionFailed: { code: 'PreconditionFailed', status: 412, mlflow: 'ABORTED' },
  tooLarge: { code: 'RequestEntityTooLarge', status: 413, mlflow: 'INVALID_PARAMETER_VALUE' },
  unsupportedMediaType: { code: 'UnsupportedMediaType', status: 415, mlflow: 'INVALID_PARAMETER_VALUE' },
  tooManyRequests: { code: 'TooManyRequests', status: 429, mlflow: 'REQUEST_LIMIT_EXCEEDED' },
  notImplemented: { code: 'NotImplemented', status: 501, mlflow: 'NOT_IMPLEMENTED' },
  unavailable: { code: 'ServiceUnavailable', status: 503, mlflow: 'TEMPORARILY_UNAVAILABLE' },
  diskFull: { code: 'InsufficientStorage', status: 507, mlflow: 'INTERNAL_ERROR' },
} as const satisfies Record<string, ErrorKind>

type Options = ConstructorParameters<typeof UserError>[2]
type Thrower = (message: string, options?: Options) => UserError

/** `errors.notFound('…')` makes the error of that kind; the caller throws it. */
export const errors = Object.fromEntries(
  Object.entries(kinds).map(([name, kind]) => [
    name,
    (message: string, options?: Options) => new UserError(kind, message, options),
  ]),
) as { readonly [K in keyof typeof kinds]: Thrower }

/**
 * The failure as its caller may know it: a `UserError`, or a fault of the server's machine that whoever asks can do
 * something about. Undefined for bugs.
 */
export function tellable(error: unknown): UserError | undefined {
  if (error instanceof UserError) return error
  if (error instanceof AnalyticsError) return ofAnalytics(error)
  if (error instanceof NewerStore) return errors.conflict(error.message, { cause: error })
  if (!isDiskFull(error)) return undefined
  return errors.diskFull(
    "The disk that holds the server's home is full: nothing of this was written. Make room on it and try again.",
    { cause: error },
  )
}

const analyticsKinds = {
  statement: 'badRequest',
  value: 'badRequest',
  memory: 'badRequest',
  timeout: 'badRequest',
  crash: 'badRequest',
  disk: 'diskFull',
  lost: 'unavailable',
} as const satisfies Record<AnalyticsFailure, keyof typeof kinds>

const ofAnalytics = (error: AnalyticsError): UserError =>
  errors[analyticsKinds[error.kind]](error.message, { cause: error })

/** SQLite's result codes for a full disk, and for a write that failed since (the log of a transaction on a full one). */
const sqliteFull = [13, 4874, 778]

function isDiskFull(error: unknown): boolean {
  if (!(error instanceof Error)) return false
  const { code, errcode, cause } = error as { code?: unknown; errcode?: unknown; cause?: unknown }
  return (
    code === 'ENOSPC' || code === 'EDQUOT' || sqliteFull.includes(Number(errcode ?? 0)) || isDiskFull(cause)
  )
}

/** The one internal failure that is shown: it says nothing of the cause, which is in the log under the request id. */
const internal = { code: 'InternalServerError', status: 500 }

/** An error in Azure Resource Manager's shape: `{ error: { code, message, target?, details } }`. */
export function formatArm(error: unknown, requestId: string) {
  const known = tellable(error)
  return {
    status: known?.kind.status ?? internal.status,
    body: {
      error: {
        code: known?.kind.code ?? internal.code,
        message:
          known?.message ??
          `Something went wrong inside Twinloop; its log tells more under request ${requestId}.`,
        ...(known?.target === undefined ? {} : { target: known.target }),
        details: (known?.details ?? []).map((d) => ({
          code: known?.kind.code ?? internal.code,
          message: d.message,
          ...(d.target === undefined ? {} : { target: d.target }),
        })),
      },
    },
  }
}
