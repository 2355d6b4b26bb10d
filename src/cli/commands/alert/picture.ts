import type { Body } from '../../present/present.ts'
import { markOutput } from '../../io.ts'
import type { Io } from '../../io.ts'
import type { IncidentProperties, IncidentState } from '../../../alerts/incidents/incident.ts'
import { age, columns, labelsOf, moment, stateOf } from './marks.ts'

/** What a rule found, as the server presents it. */
export interface Evaluation {
  readonly state: string
  readonly severity?: string
  readonly subject?: string
  readonly limit?: string
  readonly at?: string
  readonly error?: string
  readonly since?: string
  readonly alerts?: readonly PresentedAlert[]
  readonly values?: readonly { readonly labels: Labels; readonly shown: string }[]
}

export interface PresentedAlert {
  readonly state: 'pending' | 'firing' | 'resolved'
  readonly value: number | null
  /** The value in its unit, as a person reads it. */
  readonly shown: string
  readonly labels: Labels
  readonly activeAt: string
  readonly firedAt?: string
  readonly incident?: number
}

type Labels = Readonly<Record<string, string>>

const dim = (io: Io, text: string) => markOutput(io, 'dim', text)

/** A rule as a person reads it: what it looks at, what it found, for each combination of labels. */
export function rulePicture(io: Io, body: Body, now: Date): string {
  const { evaluation, warnings } = body.properties as unknown as {
    readonly evaluation: Evaluation
    readonly warnings?: readonly string[]
  }
  const { state, severity, subject, limit, at, error, alerts = [], values = [] } = evaluation
  const live = alerts.filter((one) => one.state !== 'resolved')
  const labelled = new Set(live.map(({ labels }) => labelsOf(labels)))
  const rows = [
    ...live.map(({ state: how, shown, labels, activeAt, incident }) => [
      `  ${stateOf(io, how, 8)}`,
      labelsOf(labels),
      `${shown} ${limit ?? ''}`,
      `for ${age(activeAt, now)}`,
      incident === undefined ? '' : `incident ${incident}`,
    ]),
    ...values
      .filter(({ labels }) => live.length === 0 || !labelled.has(labelsOf(labels)))
      .slice(0, 12)
      .map(({ labels, shown }) => ['  ' + stateOf(io, 'inactive', 8), labelsOf(labels), shown, '', '']),
  ]
  return [
    `${markOutput(io, 'bold', body.name ?? '')}  ${stateOf(io, state)}  ${dim(io, severity ?? 'warning')}`,
    `fires when ${subject ?? ''} ${limit ?? ''}${at === undefined ? '' : dim(io, `, looked at ${age(at, now)} ago`)}`,
    ...(error === undefined ? [] : [markOutput(io, 'red', `cannot be looked at: ${error}`)]),
    ...(warnings ?? []).map((warning) => markOutput(io, 'yellow', warning)),
    ...columns(rows),
    '',
  ].join('\n')
}

/** An action of an incident, as the server presents it. */
export interface PresentedAction {
  readonly name: string
  readonly state: string
  readonly reason: string
}

/** An incident as a person reads it: what is wrong, who is at it, what was done, and everything that happened. */
export function incidentPicture(
  io: Io,
  number: string,
  { rule, labels, firedAt, ...status }: IncidentProperties & IncidentState,
  actions: readonly PresentedAction[],
  now: Date,
): string {
  const { state, severity, summary, annotations, acknowledged, silencedBy, resolvedAt, timeline } = status
  const about = labelsOf(labels)
  const lasted = resolvedAt === undefined ? age(firedAt, now) : age(firedAt, new Date(resolvedAt))
  return [
    `${markOutput(io, 'bold', `incident ${number}`)}  ${stateOf(io, state)}  ${severity}  ${rule}${about === '' ? '' : `: ${about}`}`,
    summary,
    dim(
      io,
      `since ${moment(firedAt)}, ${resolvedAt === undefined ? `${lasted} ago` : `over after ${lasted}`}`,
    ),
    ...Object.entries(annotations).map(([name, text]) => `${name}: ${text}`),
    ...(acknowledged === undefined ? [] : [`${acknowledged.by} sees to it since ${moment(acknowledged.at)}`]),
    ...(silencedBy === undefined ? [] : [markOutput(io, 'yellow', `nobody is told: ${silencedBy}`)]),
    ...(actions.length === 0 ? [] : ['']),
    ...columns(actions.map((one) => [`  ${stateOf(io, one.state, 8)}`, one.name, one.reason])),
    '',
    ...columns(
      timeline.map(({ at, what, by }) => [
        dim(io, `  ${moment(at)}`),
        by === undefined ? what : `${by}: ${what}`,
      ]),
    ),
    ...(state === 'Firing' && acknowledged === undefined
      ? ['', dim(io, `twinloop incident acknowledge ${number} --comment "…"`)]
      : []),
    '',
  ].join('\n')
}
