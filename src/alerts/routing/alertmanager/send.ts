import { openConnection } from '../../../admin/connections.ts'
import { UserError } from '../../../kernel/errors.ts'
import { publicUrl } from '../../../kernel/http/public-url.ts'
import type { Platform } from '../../../kernel/platform.ts'
import type { Json } from '../../../kernel/resources/resource.ts'
import type { Incident } from '../../incidents/incidents.ts'
import { isAddress } from '../policy/routing.ts'

const answerWithinMs = 10_000

/** How often alerts are told again, as Alertmanager's clients have to. */
export const resendMs = 60_000

/** An alert that is not heard of for so long is taken for over: so long as four times it was to be told again. */
const overAfterMs = 4 * resendMs

/** An incident as `POST /api/v2/alerts` takes it. */
export function postable(
  platform: Platform,
  workspace: string,
  { id, properties, status }: Incident,
  now: Date,
): Json {
  return {
    labels: { ...properties.labels, workspace },
    annotations: { ...status.annotations, summary: status.annotations['summary'] ?? status.summary },
    startsAt: properties.firedAt,
    endsAt: status.resolvedAt ?? new Date(now.getTime() + overAfterMs).toISOString(),
    generatorURL: `${publicUrl(platform)}${id}?api-version=2025-12-01`,
  }
}

/**
 * Pushes alerts to an Alertmanager, named by its address or by a connection of the workspace, whose user or token it is
 * then sent. Never throws: what went wrong is the answer, undefined where nothing did.
 */
export async function sendAlerts(
  platform: Platform,
  workspaceId: string,
  alertmanager: string,
  alerts: readonly Json[],
  signal: AbortSignal,
): Promise<string | undefined> {
  try {
    const { url, authorization } = await addressOf(platform, workspaceId, alertmanager)
    const response = await fetch(url, {
      method: 'POST',
      body: JSON.stringify(alerts),
      redirect: 'manual',
      signal: AbortSignal.any([signal, AbortSignal.timeout(answerWithinMs)]),
      headers: {
        'content-type': 'application/json',
        ...(authorization === undefined ? {} : { authorization }),
      },
    })
    if (response.ok) return undefined
    return `${response.status} ${(await response.text()).slice(0, 300)}`.trim()
  } catch (error) {
    signal.throwIfAborted()
    if (error instanceof UserError) return error.message
    const { message, cause } = error as Error & { readonly cause?: unknown }
    return cause instanceof Error ? cause.message : message
  }
}

async function addressOf(
  platform: Platform,
  workspaceId: string,
  alertmanager: string,
): Promise<{ readonly url: URL; readonly authorization?: string }> {
  if (isAddress(alertmanager)) return { url: apiOf(new URL(alertmanager)) }
  const { target, credentials } = await openConnection(platform, workspaceId, alertmanager)
  const { username, password, pat, key } = credentials
  const token = pat ?? key
  const authorization =
    username !== undefined
      ? `Basic ${Buffer.from(`${username}:${password ?? ''}`).toString('base64')}`
      : token === undefined
        ? undefined
        : `Bearer ${token}`
  return { url: apiOf(new URL(target)), ...(authorization === undefined ? {} : { authorization }) }
}

/** An Alertmanager's address may have a path before its API (`--web.route-prefix`), or be that of the API already. */
const apiOf = (url: URL): URL =>
  url.pathname.endsWith('/api/v2/alerts')
    ? url
    : new URL(`${url.pathname.replace(/\/+$/, '')}/api/v2/alerts`, url)
