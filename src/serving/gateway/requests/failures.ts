/**
 * What the gateway refuses, with the statuses of Azure ML's managed online endpoints. Bodies have the shape of its
 * inference server, `{"message": …}`.
 */
export interface Failure {
  readonly status: number
  /** Its class, for metrics and the access log. */
  readonly reason: string
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
    reason: 'no_such_path',
    message: `There is nothing at ${path}. Scoring is POST /{workspace}/{endpoint}/score.`,
  }),
  noSuchEndpoint: (path: string, near: string | undefined): Failure => ({
    status: 404,
    reason: 'no_such_endpoint',
    message: `There is no endpoint ${path}.${near ? ` Did you mean ${near}?` : ''}`,
  }),
  noTable: (why: string): Failure => ({
    status: 503,
    reason: 'no_table',
    message: `The gateway does not know its routes: ${why}`,
    headers: { 'retry-after': '5' },
  }),
  noSuchDeployment: (name: string, there: readonly string[]): Failure => ({
    status: 404,
    reason: 'no_such_deployment',
    message: `The endpoint has no deployment ${name}; it has ${there.join(', ') || 'none that is ready'}.`,
  }),
  noTraffic: (there: readonly string[]): Failure => ({
    status: 404,
    reason: 'no_traffic',
    message:
      `No deployment of this endpoint has traffic. Give one a positive share, or name it in the header ` +
      `azureml-model-deployment (${there.join(', ') || 'none is ready'}).`,
  }),
  methodNotAllowed: (allowed: string): Failure => ({
    status: 405,
    reason: 'method_not_allowed',
    message: `Only ${allowed} is allowed here.`,
    headers: { allow: allowed },
  }),
  unauthenticated: (): Failure => ({
    status: 401,
    reason: 'unauthenticated',
    message: 'A valid key or token of this endpoint is needed: Authorization: Bearer …',
    headers: { 'www-authenticate': 'Bearer' },
  }),
  forbidden: (): Failure => ({
    status: 403,
    reason: 'forbidden',
    message: 'Whoever this token is of may not score at this endpoint.',
  }),
  cannotAuthorize: (): Failure => ({
    status: 503,
    reason: 'cannot_authorize',
    message: 'The control plane, which has to judge this token, does not answer. Keys go on working.',
    headers: { 'retry-after': '5' },
  }),
  headerTooLong: (name: string): Failure => ({
    status: 431,
    reason: 'header_too_long',
    message: `${name} must not exceed 100 characters.`,
  }),
  encoded: (encoding: string): Failure => ({
    status: 415,
    reason: 'unsupported_encoding',
    message: `Content-Encoding ${encoding} is not understood here: gzip, deflate and br are.`,
    headers: { 'accept-encoding': 'gzip, deflate, br' },
  }),
  notEncoded: (encoding: string): Failure => ({
    status: 400,
    reason: 'bad_encoding',
    message: `The body is not ${encoding}, which Content-Encoding says it is.`,
  }),
  binaryTensors: (): Failure => ({
    status: 415,
    reason: 'binary_tensors',
    message:
      'Tensors are taken as JSON, not in binary: set_data_from_numpy(…, binary_data=False) in tritonclient, ' +
      'and InferRequestedOutput(…, binary_data=False) for its outputs.',
  }),
  tooLarge: (limit: number): Failure => ({
    status: 413,
    reason: 'too_large',
    message: `The body has more than ${limit} bytes.`,
    headers: { connection: 'close' },
  }),
  timeout: (ms: number): Failure => ({
    status: 408,
    reason: 'timeout',
    message: `The model did not answer within ${ms} ms (requestSettings.requestTimeout).`,
  }),
  overloaded: (limit: number): Failure => ({
    status: 429,
    reason: 'overloaded',
    message:
      `More than ${limit} requests are under way or waiting: twice ` +
      `requestSettings.maxConcurrentRequestsPerInstance times the instances.`,
    headers: { 'retry-after': '1', ...model('too_many_pending_request', 429) },
  }),
  waited: (ms: number): Failure => ({
    status: 429,
    reason: 'waited_too_long',
    message: `The request waited for longer than ${ms} ms (requestSettings.maxQueueWait).`,
    headers: { 'retry-after': '1', ...model('too_many_pending_request', 429) },
  }),
  busy: (): Failure => ({
    status: 503,
    reason: 'out_of_memory_budget',
    message: 'The gateway holds as many bytes of requests as it may; try again.',
    headers: { 'retry-after': '1', connection: 'close' },
  }),
  noSuchModel: (name: string, there: readonly string[]): Failure => ({
    status: 404,
    reason: 'no_such_model',
    message: `The endpoint has no model ${name}; it has ${there.join(', ') || 'none that is ready'}.`,
  }),
  noMlflow: (): Failure => ({
    status: 404,
    reason: 'no_mlflow_model',
    message: 'The deployment runs a scoring script, which no version of MLflow has saved.',
  }),
  unready: (): Failure => ({
    status: 503,
    reason: 'not_ready',
    message: 'No instance of the deployment is up; it is being started.',
    headers: { 'retry-after': '2', ...model('model_not_ready', 503) },
  }),
  asleep: (): Failure => ({
    status: 503,
    reason: 'asleep',
    message:
      'The deployment sleeps, as nobody has asked it for a while, and the control plane, which has to wake it, does ' +
      'not answer.',
    headers: { 'retry-after': '5', ...model('model_not_ready', 503) },
  }),
  crashed: (): Failure => ({
    status: 424,
    reason: 'crashed',
    message: 'The instance ended while it had this request. The deployment’s log says why.',
    headers: model('model_crashed', 502),
  }),
  internal: (): Failure => ({
    status: 500,
    reason: 'internal',
    message: 'Something went wrong inside the gateway; its log says more.',
  }),
}

/** Whose shape an error has. */
export type Protocol = 'azure' | 'mlflow' | 'open-inference'

/** The body of a failure: `{message}`, MLflow's `{error_code, message}`, or the Open Inference Protocol's `{error}`. */
export function failureBody({ status, message }: Failure, protocol: Protocol): object {
  if (protocol === 'open-inference') return { error: message }
  if (protocol === 'azure') return { message }
  return { error_code: mlflowCodes[status] ?? 'INTERNAL_ERROR', message }
}

const mlflowCodes: Readonly<Record<number, string>> = {
  400: 'BAD_REQUEST',
  401: 'UNAUTHENTICATED',
  403: 'PERMISSION_DENIED',
  404: 'RESOURCE_DOES_NOT_EXIST',
  413: 'BAD_REQUEST',
  415: 'BAD_REQUEST',
  429: 'REQUEST_LIMIT_EXCEEDED',
  503: 'TEMPORARILY_UNAVAILABLE',
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
