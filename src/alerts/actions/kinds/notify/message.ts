import { html } from 'hono/html'
import { factTable, letter, letterButton, letterColours } from '../../../../admin/notices/mail/letter.ts'
import type { Message } from '../../../../admin/notices/message.ts'
import type { ActionContext } from '../../action.ts'
import { urlOf, workspaceName } from '../../links.ts'

/** Whoever waits for the end of an alert takes it for over after this long: should the server be gone, it does not stay for ever. */
const takenForOverMs = 7 * 86_400_000

/** What is told of a firing, or of its end. */
export async function messageOf(context: ActionContext, status: 'firing' | 'resolved'): Promise<Message> {
  const { platform, workspaceId, rule, alert, incident = workspaceId, key } = context
  const isOver = status === 'resolved'
  const now = platform.clock()
  // What tells it from others of its rule.
  const labels = Object.entries(alert.labels).filter(([name]) => !['alertname', 'severity'].includes(name))
  const of = labels.length === 0 ? '' : ` (${labels.map(([name, value]) => `${name} ${value}`).join(', ')})`
  const title = `${isOver ? 'Resolved' : `[${rule.severity}]`} ${rule.name}${of}`
  const number = incident.split('/').at(-1) ?? ''
  const links = [{ title: 'Look at the incident', url: urlOf(platform, incident) }]
  const runbook = rule.annotations['runbook_url'] ?? rule.annotations['runbook']
  if (runbook !== undefined && URL.canParse(runbook)) links.push({ title: 'Runbook', url: runbook })
  const facts = [
    { name: isOver ? 'It was' : 'What', value: alert.summary },
    { name: 'Since', value: stamp(alert.firedAt) },
    ...(isOver ? [{ name: 'Over', value: stamp(now) }] : []),
    { name: 'Severity', value: rule.severity },
    ...labels.map(([name, value]) => ({ name, value })),
    { name: 'Incident', value: `${number} in ${workspaceName(workspaceId)}` },
  ]
  const description = rule.annotations['description'] ?? rule.annotations['summary']
  const ownKey = key.replace(/-resolved$/, '')
  const message = {
    name: `${status} ${ownKey}`,
    about: incident,
    type: isOver ? 'Twinloop.AlertResolved' : 'Twinloop.AlertFired',
    title,
    facts,
    links,
    text: [
      ...(description === undefined ? [] : [description, '']),
      ...facts.map(({ name, value }) => `${name}: ${value}`),
      '',
      ...links.map((link) => `${link.title}: ${link.url}`),
      '',
    ].join('\n'),
    data: {
      status,
      rule: rule.name,
      severity: rule.severity,
      labels: alert.labels,
      annotations: rule.annotations,
      value: alert.value,
      summary: alert.summary,
      firedAt: alert.firedAt.toISOString(),
      ...(isOver ? { resolvedAt: now.toISOString() } : {}),
      incident: Number(number),
    },
    alert: {
      status,
      dedupKey: incident.toLowerCase().split('/workspaces/').at(-1) ?? incident,
      severity: rule.severity,
      labels: { alertname: rule.name, severity: rule.severity, ...alert.labels },
      annotations: { ...rule.annotations, summary: alert.summary },
      startsAt: alert.firedAt.toISOString(),
      endsAt: (isOver ? now : new Date(now.getTime() + takenForOverMs)).toISOString(),
    },
  }
  return { ...message, html: String(await mail(message, description, isOver)) }
}

const stamp = (time: Date) => `${time.toISOString().slice(0, 16).replace('T', ' ')} UTC`

const mail = (
  { title, facts, links }: Pick<Message, 'title' | 'facts' | 'links'>,
  description: string | undefined,
  isOver: boolean,
) =>
  letter(
    { room: 'alerts', title, edge: isOver ? letterColours.good : letterColours.bad },
    html`${description === undefined ? '' : html`<p style="margin:0 0 8px">${description}</p>`}
      ${factTable(facts)}
      <p style="margin:16px 0">
        ${links.map((link) => html`${letterButton(link.url, link.title)}&nbsp; `)}
      </p>`,
  )
