import { Failure } from '../failure.ts'

interface ArmError {
  readonly code?: string
  readonly message?: string
  readonly target?: string
  readonly details?: readonly ArmError[]
}

/** An error that the server answered, in Azure Resource Manager's shape. */
export class RemoteFailure extends Failure {
  readonly status: number
  readonly code: string
  readonly target: string | undefined
  readonly details: readonly { readonly target?: string; readonly message?: string }[]

  constructor(status: number, error: ArmError) {
    super(describe(status, error), { ...hintFor(status, error) })
    this.name = 'RemoteFailure'
    this.status = status
    this.code = error.code ?? String(status)
    this.target = error.target
    this.details = error.details ?? []
  }
}

export function isErrorBody(body: unknown): body is { readonly error: ArmError } {
  return (
    typeof body === 'object' &&
    body !== null &&
    typeof (body as { error?: unknown }).error === 'object' &&
    (body as { error?: unknown }).error !== null
  )
}

/** `(ResourceNotFound) There is no model x.`, then a line for each detail that says more. */
function describe(status: number, error: ArmError): string {
  const message =
    error.message === undefined || error.message === '' ? `the server answered ${status}` : error.message
  const details = (error.details ?? [])
    .filter((d) => d.message !== undefined && d.message !== message)
    .map((d) => `\n  ${d.target === undefined ? '' : `${d.target}: `}${d.message}`)
  const target = error.target === undefined || details.length > 0 ? '' : `\n  at ${error.target}`
  return `(${error.code ?? status}) ${message}${target}${details.join('')}`
}

function hintFor(status: number, { message = '' }: ArmError): { readonly hint?: string } {
  if (status === 401) return { hint: 'the token is not accepted: twinloop login, or set TWINLOOP_TOKEN' }
  const workspace = status === 404 ? /^workspace '([^']*)' does not exist/.exec(message)?.[1] : undefined
  if (workspace !== undefined)
    return {
      hint: `twinloop workspace list names those there are; workspace create -n ${workspace} makes it`,
    }
  return {}
}
