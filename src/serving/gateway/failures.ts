/**
 * What the gateway refuses, with the statuses of Azure ML's managed online endpoints. Bodies have the shape of its
 * inference server, `{"message": …}`.
 */
export interface Failure {
  readonly status: number
  readonly message: string
  readonly headers?: Readonly<Record<string, string>>
}

/** Azure's headers about the model: why, and the status that the model (or what stands for it) gave. */
const model = (reason: string, status: number) => ({
  'ms-azureml-model-error-reason': reason,
  'ms-azureml-model-error-statuscode': String(status),
})

export const failures = {
  noSuchPath: (path: string): Failure => ({
    status: 404,
    message: `There is nothing at ${path}. Scoring is POST /{workspace}/{endpoint}/score.`,
  }),
  noSuchEndpoint: (path: string, near: string | undefined): Failure => ({
    status: 404,
    message: `There is no endpoint ${path}.${near ? ` Did you mean ${near}?` : ''}`,
  }),
  noSuchDeployment: (name: string, there: readonly string[]): Failure => ({
    status: 404,
    message: `The endpoint has no deployment ${name}; it has ${there.join(', ') || 'none that is ready'}.`,
  }),
  noTraffic: (there: readonly string[]): Failure => ({
    status: 404,
    message:
      `No deployment of this endpoint has traffic. Give one a positive share, or name it in the header ` +
      `azureml-model-deployment (${there.join(', ') || 'none is ready'}).`,
  }),
  methodNotAllowed: (allowed: string): Failure => ({
    status: 405,
    message: `Only ${allowed} is allowed here.`,
    headers: { allow: allowed },
  }),
  unauthenticated: (): Failure => ({
    status: 401,
    message: 'A valid key or token of this endpoint is needed: Authorization: Bearer …',
    headers: { 'www-authenticate': 'Bearer' },
  }),
  forbidden: (): Failure => ({
    status: 403,
    message: 'Whoever this token is of may not score at this endpoint.',
  }),
  cannotAuthorize: (): Failure => ({
    status: 503,
    message: 'The control plane, which has to judge this token, does not answer. Keys go on working.',
    headers: { 'retry-after': '5' },
  }),
  headerTooLong: (name: string): Failure => ({
    status: 431,
    message: `${name} must not exceed 100 characters.`,
  }),
  encoded: (encoding: string): Failure => ({
    status: 415,
    message: `Content-Encoding ${encoding} is not understood here; send the body as it is.`,
  }),
  tooLarge: (limit: number): Failure => ({
    status: 413,
    message: `The body has more than ${limit} bytes.`,
    headers: { connection: 'close' },
  }),
  timeout: (ms: number): Failure => ({
    status: 408,
    message: `The model did not answer within ${ms} ms (requestSettings.requestTimeout).`,
  }),
  overloaded: (limit: number): Failure => ({
    status: 429,
    message:
      `More than ${limit} requests are under way or waiting: twice ` +
      `requestSettings.maxConcurrentRequestsPerInstance times the instances.`,
    headers: { 'retry-after': '1', ...model('too_many_pending_request', 429) },
  }),
  unready: (): Failure => ({
    status: 503,
    message: 'No instance of the deployment is up; it is being started.',
    headers: { 'retry-after': '2', ...model('model_not_ready', 503) },
  }),
  crashed: (): Failure => ({
    status: 424,
    message: 'The instance ended while it had this request. The deployment’s log says why.',
    headers: model('model_crashed', 502),
  }),
  internal: (): Failure => ({
    status: 500,
    message: 'Something went wrong inside the gateway; its log says more.',
  }),
}

/** Status and headers for an answer of the model that is not a 2xx: the caller's fault stays one, all else is 424. */
export function modelError(
  status: number,
  failed: boolean,
): { status: number; headers: Record<string, string> } {
  const callers = !failed && (status === 400 || status === 415)
  return {
    status: callers ? status : 424,
    headers: model(callers ? 'bad_input' : 'model_error', status),
  }
}
