/** A refusal or a failure in the server's own words, or the lack of any answer (status 0). */
export class ApiError extends Error {
  readonly status: number
  readonly code: string
  readonly requestId: string

  constructor(status: number, code: string, message: string, requestId = '') {
    super(message)
    this.name = 'ApiError'
    this.status = status
    this.code = code
    this.requestId = requestId
  }
}

/** Canonical version of the resource model that Studio reads and writes. */
const apiVersion = '2025-12-01'

export interface Call {
  readonly method?: 'GET' | 'PUT' | 'PATCH' | 'POST' | 'DELETE'
  readonly body?: unknown
  readonly query?: Readonly<Record<string, string | undefined>>
  readonly headers?: Readonly<Record<string, string>>
  readonly signal?: AbortSignal | undefined
}

/** The path with its query; resources get an api-version, which clients of Azure send, too. */
export function addressOf(path: string, query: Call['query'] = {}): string {
  const given = Object.entries(query).filter((entry): entry is [string, string] => entry[1] !== undefined)
  const parameters = new URLSearchParams(given)
  if (/^\/(?:subscriptions|providers)\b/i.test(path)) parameters.set('api-version', apiVersion)
  const text = parameters.toString().replaceAll('%24', '$')
  const encoded = path.split('/').map(encodeURIComponent).join('/')
  return text === '' ? encoded : `${encoded}?${text}`
}

/** Asks the server and answers with the parsed body; throws ApiError in the server's words. */
export async function call<T>(path: string, options: Call = {}): Promise<T> {
  const response = await respond(path, options)
  const text = await response.text()
  return (text === '' ? undefined : JSON.parse(text)) as T
}

/** As `call`, for bodies that are not JSON. */
export async function respond(path: string, { method = 'GET', body, query, headers, signal }: Call) {
  let response: Response
  try {
    response = await fetch(addressOf(path, query), {
      method,
      headers: { ...(body === undefined ? {} : { 'content-type': 'application/json' }), ...headers },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
      ...(signal === undefined ? {} : { signal }),
    })
  } catch (error) {
    if (error instanceof DOMException && error.name === 'AbortError') throw error
    throw new ApiError(0, 'Unreachable', 'The server does not answer. It may be down, or the way to it.')
  }
  if (response.ok) return response
  throw await failureOf(response)
}

async function failureOf(response: Response): Promise<ApiError> {
  const requestId = response.headers.get('x-ms-request-id') ?? ''
  const text = await response.text()
  const { code, message } = wordsOf(text)
  return new ApiError(
    response.status,
    code ?? response.headers.get('x-ms-error-code') ?? `HTTP ${response.status}`,
    message ?? `The server answered ${response.status} ${response.statusText}.`,
    requestId,
  )
}

/** ARM, MLflow and the gateway each have their own shape of an error. */
function wordsOf(text: string): { code?: string | undefined; message?: string | undefined } {
  try {
    const body = JSON.parse(text) as {
      error?: { code?: string; message?: string }
      error_code?: string
      message?: string
    }
    return { code: body.error?.code ?? body.error_code, message: body.error?.message ?? body.message }
  } catch {
    return {}
  }
}
