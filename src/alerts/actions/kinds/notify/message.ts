import { html } from 'hono/html'
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

const font = "font-family:system-ui,-apple-system,'Segoe UI',Roboto,sans-serif;font-size:16px;line-height:1.5"
/** Colours that read on white and on black: mail programs turn the one into the other. */
const [good, bad] = ['#1a7f37', '#c62828']

/** Tables and inline styles, because that is what mail programs show. */
const mail = (
  { title, facts, links }: Pick<Message, 'title' | 'facts' | 'links'>,
  description: string | undefined,
  isOver: boolean,
) =>
  html`<!doctype html>
    <html lang="en">
      <head>
        <meta charset="utf-8" />
        <meta name="viewport" content="width=device-width, initial-scale=1" />
        <meta name="color-scheme" content="light dark" />
        <title>${title}</title>
      </head>
      <body style="margin:0;padding:16px;${font}">
        <div
          style="max-width:600px;margin:0 auto;border-left:4px solid ${isOver ? good : bad};padding-left:16px"
        >
          <p style="margin:0;color:#5b626c;font-size:14px">Twinloop · alerts</p>
          <h1 style="margin:4px 0 12px;font-size:22px;line-height:1.3">${title}</h1>
          ${description === undefined ? '' : html`<p style="margin:0 0 8px">${description}</p>`}
          <table role="presentation" cellpadding="0" cellspacing="0" style="margin:12px 0;${font}">
            ${facts.map(
              ({ name, value }) =>
                html`<tr>
                  <td style="padding:2px 16px 2px 0;color:#5b626c;vertical-align:top">${name}</td>
                  <td style="padding:2px 0">${value}</td>
                </tr>`,
            )}
          </table>
          <p style="margin:16px 0">
            ${links.map(
              (link) =>
                html`<a
                    href="${link.url}"
                    style="display:inline-block;padding:10px 20px;border-radius:8px;background:#0b57d0;color:#ffffff;font-weight:600;text-decoration:none"
                    >${link.title}</a
                  >&nbsp; `,
            )}
          </p>
        </div>
      </body>
    </html>`
