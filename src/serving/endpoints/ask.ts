import { readFile } from 'node:fs/promises'
import { request as plain, type IncomingMessage } from 'node:http'
import { request as secure } from 'node:https'
import { text } from 'node:stream/consumers'
import { z } from 'zod'
import type { Actor } from '../../kernel/access/access.ts'
import { errors } from '../../kernel/errors.ts'
import type { Platform } from '../../kernel/platform.ts'
import type { Action, Resource } from '../../kernel/resources/resource.ts'
import { authorityFile } from '../../kernel/tls/trust.ts'
import { endpointPath } from '../routing/table.ts'
import { primaryKey } from './keys.ts'
import { signedToken } from './tokens.ts'

const longestMs = 120_000

const scoring = z.object({
  /** Asks this deployment, whatever the traffic. */
  deployment: z.string().max(64).nullish(),
  /** The request as the model takes it: JSON. */
  request: z.unknown(),
})

/**
 * POST score: asks the endpoint on the caller's behalf, through the gateway like any client, so that a browser needs neither
 * a key nor the gateway's address. Answers `{ status, durationMs, deployment, requestId, answer }`, whatever the status is.
 */
export const score: Action = {
  input: scoring,
  async run({ platform, resource, actor, input, signal }) {
    const { deployment, request } = input as z.infer<typeof scoring>
    const body = JSON.stringify(request ?? null)
    const began = performance.now()
    const answer = await ask(platform, resource, actor, { path: 'score', body, deployment, signal })
    const durationMs = Math.round((performance.now() - began) * 100) / 100
    const { statusCode, headers } = answer
    return {
      body: {
        status: statusCode,
        durationMs,
        deployment: headers['azureml-model-deployment'] ?? null,
        requestId: headers['x-ms-request-id'] ?? null,
        answer: parsed(await text(answer)),
      },
    }
  },
}

const describing = z.object({ deployment: z.string().max(64).nullish() })

/** POST describe: the OpenAPI document of the deployment that has most of the traffic, or of the one that is named. */
export const describe: Action = {
  operation: 'read',
  input: describing,
  async run({ platform, resource, actor, input, signal }) {
    const { deployment } = input as z.infer<typeof describing>
    const answer = await ask(platform, resource, actor, { path: 'swagger.json', deployment, signal })
    const document = parsed(await text(answer))
    if (answer.statusCode === 200) return { body: document }
    throw errors.conflict(`The endpoint '${resource.name}' cannot describe itself: ${messageOf(document)}`)
  },
}

async function ask(
  platform: Platform,
  endpoint: Resource,
  actor: Actor,
  { path, body, deployment, signal }: Question,
): Promise<IncomingMessage> {
  const { gateway } = platform.urls
  if (gateway === '')
    throw errors.conflict(`The scoring gateway is not up yet: '${endpoint.name}' does not answer.`)
  const url = `${gateway}/${endpointPath(endpoint.id, platform.config)}/${path}`
  const usesKey = endpoint.properties['authMode'] === 'Key'
  const credential = usesKey
    ? await primaryKey(platform, endpoint.key)
    : await signedToken(platform, endpoint, actor)
  const limit = AbortSignal.timeout(longestMs)
  const options = {
    method: body === undefined ? 'GET' : 'POST',
    signal: signal === undefined ? limit : AbortSignal.any([signal, limit]),
    headers: {
      authorization: `Bearer ${credential}`,
      'content-type': 'application/json',
      ...(deployment ? { 'azureml-model-deployment': deployment } : {}),
    },
  }
  const isSecure = url.startsWith('https:')
  const ca = isSecure ? await readFile(authorityFile(platform.config.home)) : undefined
  return new Promise((resolve, reject) => {
    const call = isSecure ? secure(url, { ...options, ca }, resolve) : plain(url, options, resolve)
    call.on('error', (error) =>
      reject(errors.conflict(`The scoring gateway does not answer: ${error.message}.`)),
    )
    call.end(body)
  })
}

interface Question {
  readonly path: 'score' | 'swagger.json'
  readonly body?: string | undefined
  readonly deployment?: string | null | undefined
  readonly signal?: AbortSignal | undefined
}

function parsed(body: string): unknown {
  try {
    return JSON.parse(body)
  } catch {
    return body
  }
}

const messageOf = (document: unknown): string => {
  const message = (document as { message?: unknown } | null)?.message
  return typeof message === 'string' ? message : String(document).slice(0, 500)
}
