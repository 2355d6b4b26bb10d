import { reach } from '../../client/client.ts'
import type { Client } from '../../client/client.ts'
import { Failure } from '../../failure.ts'

/** POSTs a request to a scoring URI with a key or token; returns the answer's text. A refusal is a Failure with it. */
export async function score(
  client: Client,
  scoringUri: string,
  request: string,
  token: string,
  deployment?: string,
): Promise<string> {
  const { signal, trace } = client.connection
  trace?.(`POST ${scoringUri}`)
  const answer = await reach({ url: scoringUri, signal }, () =>
    fetch(scoringUri, {
      method: 'POST',
      signal,
      body: request,
      headers: {
        'content-type': 'application/json',
        authorization: `Bearer ${token}`,
        ...(deployment === undefined ? {} : { 'azureml-model-deployment': deployment }),
      },
    }),
  )
  const text = await answer.text()
  if (answer.ok) return text
  const model = answer.headers.get('ms-azureml-model-error-statuscode')
  throw new Failure(
    `the endpoint answered ${answer.status}${model === null ? '' : ` (the model: ${model})`}: ${messageIn(text)}`,
    // Others are refused before a model sees them.
    answer.status >= 500 || model !== null
      ? { hint: 'twinloop online-deployment get-logs shows what the model printed' }
      : {},
  )
}

/** The message of an answer that has one, else its text. */
function messageIn(text: string): string {
  let message: unknown
  try {
    const { message: own, error } = JSON.parse(text) as { message?: unknown; error?: { message?: unknown } }
    message = own ?? error?.message
  } catch {
    // Not JSON: its text says it.
  }
  return (typeof message === 'string' ? message : text).slice(0, 2000)
}
