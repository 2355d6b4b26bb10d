import { request as requestHttp } from 'node:http'
import { request as requestHttps } from 'node:https'
import { readFile } from 'node:fs/promises'
import { text } from 'node:stream/consumers'
import { errors } from '../../../kernel/errors.ts'
import { authorityFile } from '../../../kernel/tls/trust.ts'
import { endpointPath } from '../../../serving/routing/table.ts'
import { exampleRequest } from './example-request.ts'
import type { OnlineEndpointOptions } from './online-endpoint.ts'
import type { Trial } from './target.ts'

/** How long the first request to a deployment may take. */
const patienceMs = 60_000

/** Sends a deployment the example that its model brought along, as a caller would who names the deployment. */
export async function tryDeployment(
  options: OnlineEndpointOptions & { readonly id: string },
  name: string,
): Promise<Trial> {
  const { platform, workspaceId, model } = options
  const example = await exampleRequest(platform, workspaceId, model)
  if (example === undefined)
    return { outcome: 'untried', says: `${name} was not tried: its model has no input example.` }
  const { status, body } = await ask(options, name, example)
  if (status >= 200 && status < 300)
    return { outcome: 'answered', says: `${name} answers its model's own example.` }
  return {
    outcome: 'failed',
    says: `${name} does not answer its model's own example: ${status || 'no answer'}${body === '' ? '' : `, ${body.slice(0, 500)}`}`,
  }
}

async function ask(
  { platform, actor, id }: OnlineEndpointOptions & { readonly id: string },
  deployment: string,
  body: string,
): Promise<{ readonly status: number; readonly body: string }> {
  const { gateway } = platform.urls
  if (gateway === '') throw errors.unavailable('The scoring gateway is not up yet.')
  const url = `${gateway}/${endpointPath(id, platform.config)}/invocations`
  const isSecure = url.startsWith('https:')
  const ca = isSecure ? await readFile(authorityFile(platform.config.home)) : undefined
  const headers = {
    authorization: `Bearer ${await credentials(platform, actor, id)}`,
    'content-type': 'application/json',
    'azureml-model-deployment': deployment,
  }
  const options = { method: 'POST', headers, timeout: patienceMs, ...(ca === undefined ? {} : { ca }) }
  return new Promise((resolve) => {
    const none = (error: Error) => resolve({ status: 0, body: error.message })
    const sending = (isSecure ? requestHttps : requestHttp)(url, options, (response) => {
      text(response).then((said) => resolve({ status: response.statusCode ?? 0, body: said }), none)
    })
    sending.on('error', none)
    sending.on('timeout', () => sending.destroy(new Error('it took longer than a minute')))
    sending.end(body)
  })
}

async function credentials(
  { resources }: OnlineEndpointOptions['platform'],
  actor: OnlineEndpointOptions['actor'],
  id: string,
): Promise<string> {
  const endpoint = await resources.get(id)
  const isKey = endpoint.properties['authMode'] === 'Key'
  const answer = (await resources.act(actor, id, isKey ? 'listKeys' : 'token', {}))?.body as Readonly<
    Record<string, string>
  >
  return answer[isKey ? 'primaryKey' : 'accessToken'] ?? ''
}
