import { createHash } from 'node:crypto'
import { html } from 'hono/html'
import { letter, letterColours } from '../../../admin/notices/mail/letter.ts'
import type { Message } from '../../../admin/notices/message.ts'
import { publicUrl } from '../../../kernel/http/public-url.ts'
import type { Platform } from '../../../kernel/platform.ts'
import type { Json } from '../../../kernel/resources/resource.ts'
import type { Incident } from '../../incidents/incidents.ts'
import { distinguished } from '../../rules/evaluation/labels.ts'
import { fingerprintOf, type Labels } from '../../rules/machine.ts'
import type { AlertGroup } from './kept.ts'

/**
 * What is told of a group of alerts. For programs `data` is what Alertmanager sends to webhooks (version 4), with the
 * incident and the value of each alert beside; for people every alert is a line.
 *
 * @param name the same for the same news
 */
export async function messageOf(
  platform: Platform,
  workspaceId: string,
  group: AlertGroup,
  name: string,
): Promise<Message> {
  const { firing, resolved, labels, receiver } = group
  const all = [...firing, ...resolved]
  const common = commonOf(all.map(({ properties }) => properties.labels))
  const status = firing.length > 0 ? 'firing' : 'resolved'
  const title = titleOf(status, firing.length > 0 ? firing : resolved)
  const links = all.slice(0, 5).map(({ id, name: number }) => ({
    title: `Incident ${number}`,
    url: `${publicUrl(platform)}${id}?api-version=2025-12-01`,
  }))
  const [only, second] = all
  const now = platform.clock()
  return {
    name: `alerts ${name}`,
    about: only !== undefined && second === undefined ? only.id : workspaceId,
    type: status === 'firing' ? 'Twinloop.AlertsFiring' : 'Twinloop.AlertsResolved',
    title,
    text: textOf(firing, resolved, links),
    html: String(await mail(title, firing, resolved, links)),
    facts: [
      ...all.slice(0, 8).map((one) => ({ name: lineOf(one), value: one.status.summary })),
      { name: 'Workspace', value: workspaceId.split('/').at(-1) ?? '' },
    ],
    links,
    data: {
      version: '4',
      groupKey: group.key,
      truncatedAlerts: 0,
      status,
      receiver: receiver.name,
      groupLabels: labels,
      commonLabels: common,
      commonAnnotations: commonOf(all.map((one) => one.status.annotations)),
      externalURL: publicUrl(platform),
      alerts: all.map((incident) => alertData(platform, incident)),
    },
    alert: {
      status,
      dedupKey: createHash('sha256').update(`${workspaceId.toLowerCase()} ${group.key}`).digest('hex'),
      severity: common['severity'] ?? 'warning',
      labels: { ...common, alertname: common['alertname'] ?? 'TwinloopAlerts' },
      annotations: { summary: title, ...commonOf(all.map((one) => one.status.annotations)) },
      startsAt: all.map(({ properties }) => properties.firedAt).toSorted()[0] ?? now.toISOString(),
      endsAt: new Date(now.getTime() + (status === 'firing' ? group.patience.repeatMs * 2 : 0)).toISOString(),
    },
  }
}

const alertData = (platform: Platform, { id, name, properties, status }: Incident): Json => ({
  status: status.state === 'Firing' ? 'firing' : 'resolved',
  labels: properties.labels,
  annotations: { ...status.annotations, summary: status.annotations['summary'] ?? status.summary },
  startsAt: properties.firedAt,
  // Alertmanager's own way to say: not yet.
  endsAt: status.resolvedAt ?? '0001-01-01T00:00:00Z',
  generatorURL: `${publicUrl(platform)}${id}`,
  fingerprint: fingerprintOf(properties.labels),
  incident: Number(name),
  value: status.value,
})

/** What all have alike. */
function commonOf([first, ...others]: readonly Labels[]): Labels {
  return Object.fromEntries(
    Object.entries(first ?? {}).filter(([name, value]) => others.every((labels) => labels[name] === value)),
  )
}

/** `[FIRING:3] queue-too-long (page): endpoint flights`. */
function titleOf(status: 'firing' | 'resolved', incidents: readonly Incident[]): string {
  const common = commonOf(incidents.map(({ properties }) => properties.labels))
  const count = incidents.length === 1 ? '' : `:${incidents.length}`
  const rules = [...new Set(incidents.map(({ properties }) => properties.rule))]
  const severity = common['severity'] === undefined ? '' : ` (${common['severity']})`
  const about = distinguished(common)
  return `[${status.toUpperCase()}${count}] ${rules.slice(0, 3).join(', ')}${rules.length > 3 ? ', …' : ''}${severity}${about === '' ? '' : `: ${about}`}`
}

/** `12 queue-too-long, queue a`: one alert in a list. */
const lineOf = ({ name, properties }: Incident): string =>
  [`${name} ${properties.rule}`, distinguished(properties.labels)].filter((part) => part !== '').join(', ')

type Links = Message['links']

function textOf(firing: readonly Incident[], resolved: readonly Incident[], links: Links): string {
  const part = (heading: string, incidents: readonly Incident[]) =>
    incidents.length === 0 ? [] : [heading, ...incidents.flatMap(paragraph), '']
  return [
    ...part('Firing', firing),
    ...part('Over', resolved),
    ...links.map(({ title, url }) => `${title}: ${url}`),
    '',
  ].join('\n')
}

const paragraph = (incident: Incident): readonly string[] => {
  const { summary, annotations, resolvedAt } = incident.status
  const times = `since ${stamp(incident.properties.firedAt)}${resolvedAt === undefined ? '' : ` until ${stamp(resolvedAt)}`}`
  return [
    `  ${lineOf(incident)}`,
    `    ${summary}, ${times}`,
    ...Object.entries(annotations).map(([name, text]) => `    ${name}: ${text}`),
  ]
}

const stamp = (time: string) => `${time.slice(0, 16).replace('T', ' ')} UTC`

const mail = (title: string, firing: readonly Incident[], resolved: readonly Incident[], links: Links) =>
  letter(
    { room: 'alerts', title },
    html`${[...firing, ...resolved].map((one) => card(one))}
      <p style="margin:16px 0">
        ${links.map((link) => html`<a href="${link.url}" style="color:#0b57d0">${link.title}</a>&nbsp; `)}
      </p>`,
  )

function card(incident: Incident) {
  const { summary, annotations, state, resolvedAt } = incident.status
  return html`<div
    style="margin:0 0 12px;border-left:4px solid ${state === 'Firing' ? letterColours.bad : letterColours.good};padding:2px 0 2px 12px"
  >
    <strong>${lineOf(incident)}</strong><br />${summary}<br />
    <span style="color:#5b626c;font-size:14px"
      >since
      ${stamp(incident.properties.firedAt)}${resolvedAt === undefined ? '' : ` until ${stamp(resolvedAt)}`}</span
    >
    ${Object.entries(annotations).map(([name, text]) => html`<br /><em>${name}</em> ${text}`)}
  </div>`
}
