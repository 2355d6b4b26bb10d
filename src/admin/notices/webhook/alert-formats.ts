import type { AlertTold, Message } from '../message.ts'
import type { Format } from './formats.ts'

/** PagerDuty refuses longer summaries. */
const longestSummary = 1024

/** What people call severities, in the four words that PagerDuty has. */
const severities: Readonly<Record<string, string>> = {
  page: 'critical',
  critical: 'critical',
  error: 'error',
  high: 'error',
  warning: 'warning',
  warn: 'warning',
  ticket: 'warning',
  medium: 'warning',
  info: 'info',
  low: 'info',
}

/** PagerDuty's Events API v2, and what copies it: the connection's key is the integration's routing key. */
export const pagerduty: Format = {
  contentType: 'application/json',
  takesKey: true,
  body: (message, { id, source, time, key }) => {
    const { title, text, facts, links, data, type } = message
    const { alert } = message
    const isOver = alert?.status === 'resolved'
    return {
      routing_key: key ?? '',
      event_action: isOver ? 'resolve' : 'trigger',
      dedup_key: alert?.dedupKey ?? id,
      payload: {
        summary: title.slice(0, longestSummary),
        source,
        severity: severities[alert?.severity.toLowerCase() ?? ''] ?? 'warning',
        timestamp: alert?.startsAt ?? time.toISOString(),
        class: type,
        custom_details: {
          ...Object.fromEntries(facts.map(({ name, value }) => [name, value])),
          text,
          ...data,
        },
      },
      links: links.map(({ title: label, url }) => ({ href: url, text: label })),
      client: 'Twinloop',
    }
  },
}

/** Alertmanager's API v2, `POST /api/v2/alerts`; a target without a path is Alertmanager itself. */
export const alertmanager: Format = {
  contentType: 'application/json',
  address: (url) => (url.pathname === '/' ? new URL('/api/v2/alerts', url) : url),
  body: (message, { time }) => {
    const { labels, annotations, startsAt, endsAt } = message.alert ?? asAlert(message, time)
    const [link] = message.links
    return [
      { labels, annotations, startsAt, endsAt, ...(link === undefined ? {} : { generatorURL: link.url }) },
    ]
  },
}

const dayMs = 86_400_000

/** What is no alert is one for a day. */
const asAlert = ({ type, title, about }: Message, time: Date): Omit<AlertTold, 'status' | 'dedupKey'> => ({
  severity: 'info',
  labels: { alertname: type, severity: 'info', subject: about },
  annotations: { summary: title },
  startsAt: time.toISOString(),
  endsAt: new Date(time.getTime() + dayMs).toISOString(),
})
