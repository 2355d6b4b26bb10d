import type { Json } from '../../../kernel/resources/resource.ts'
import type { Message } from '../message.ts'
import { alertmanager, pagerduty } from './alert-formats.ts'

/** What a webhook's receiver understands. */
export interface Format {
  readonly contentType: string
  /** True: the connection's key goes into the body, and does not sign it. */
  readonly takesKey?: boolean
  /** Where to call, of the address that the connection says. */
  address?(url: URL): URL
  body(message: Message, about: Envelope): Json | readonly Json[]
}

/** What CloudEvents wants of an event beside its data. */
export interface Envelope {
  /** The same for every attempt. */
  readonly id: string
  /** Id of the workspace that it happened in. */
  readonly source: string
  readonly time: Date
  /** The connection's key. */
  readonly key?: string | undefined
}

/** Slack's limits on a header and on a field, which it refuses a message over. */
const [slackHeader, slackField, slackText] = [150, 2000, 3000]

/** By the name that a connection's `metadata.format` gives. Add a format here. */
export const formats: Readonly<Record<string, Format>> = {
  /** CloudEvents 1.0 in JSON's structured mode: for programs. */
  cloudevents: {
    contentType: 'application/cloudevents+json; charset=utf-8',
    body: ({ type, about, data, title, text, links }, { id, source, time }) => ({
      specversion: '1.0',
      id,
      source,
      type,
      subject: about,
      time: time.toISOString(),
      datacontenttype: 'application/json',
      data: { title, text, links, ...data },
    }),
  },
  /** Slack's incoming webhooks, and what copies them (Mattermost, Rocket.Chat). */
  slack: {
    contentType: 'application/json; charset=utf-8',
    body: ({ title, text, facts, links }) => ({
      text: escapeSlack(title),
      blocks: [
        { type: 'header', text: { type: 'plain_text', text: cut(title, slackHeader) } },
        ...(facts.length === 0
          ? [{ type: 'section', text: { type: 'mrkdwn', text: cut(escapeSlack(text), slackText) } }]
          : [
              {
                type: 'section',
                fields: facts.slice(0, 10).map(({ name, value }) => ({
                  type: 'mrkdwn',
                  text: cut(`*${escapeSlack(name)}*\n${escapeSlack(value)}`, slackField),
                })),
              },
            ]),
        ...(links.length === 0
          ? []
          : [
              {
                type: 'actions',
                elements: links.slice(0, 5).map(({ title: label, url }) => ({
                  type: 'button',
                  text: { type: 'plain_text', text: cut(label, 75) },
                  url,
                })),
              },
            ]),
      ],
    }),
  },
  /** An adaptive card, as Teams' workflows take it from "when a Teams webhook request is received". */
  teams: {
    contentType: 'application/json; charset=utf-8',
    body: ({ title, text, facts, links }) => ({
      type: 'message',
      attachments: [
        {
          contentType: 'application/vnd.microsoft.card.adaptive',
          content: {
            $schema: 'http://adaptivecards.io/schemas/adaptive-card.json',
            type: 'AdaptiveCard',
            version: '1.4',
            body: [
              { type: 'TextBlock', size: 'Large', weight: 'Bolder', wrap: true, text: title },
              facts.length === 0
                ? { type: 'TextBlock', wrap: true, text }
                : { type: 'FactSet', facts: facts.map(({ name, value }) => ({ title: name, value })) },
            ],
            actions: links.map(({ title: label, url }) => ({ type: 'Action.OpenUrl', title: label, url })),
          },
        },
      ],
    }),
  },
  pagerduty,
  alertmanager,
}

/** Slack reads `&`, `<` and `>` as marks, of links and mentions for instance. */
const escapeSlack = (text: string) =>
  text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;')

const cut = (text: string, most: number) => (text.length <= most ? text : `${text.slice(0, most - 1)}…`)
