import type { Json } from '../../kernel/resources/resource.ts'

/** Something to tell, once, however it travels: as a mail it is a text with HTML beside it, as a webhook an event. */
export interface Message {
  /** Names it among what is told of `about`: the same name is told to the same receiver once only. */
  readonly name: string
  /** Id of the resource that it is about. */
  readonly about: string
  /** CloudEvents type, e.g. `Twinloop.ReleaseApprovalRequested`. */
  readonly type: string
  /** The mail's subject and the card's title, one line. */
  readonly title: string
  /** The whole of it in plain text. */
  readonly text: string
  /** The whole of it as an HTML document, for mail. */
  readonly html?: string
  /** What a glance should tell, for cards of chats. */
  readonly facts: readonly { readonly name: string; readonly value: string }[]
  /** Where to go from it. */
  readonly links: readonly { readonly title: string; readonly url: string }[]
  /** `data` of the event, for programs. */
  readonly data: Json
  /** What it tells of an alert, for receivers that know alerts as such. */
  readonly alert?: AlertTold
}

/** An alert as PagerDuty and Alertmanager know it. Times are ISO. */
export interface AlertTold {
  readonly status: 'firing' | 'resolved'
  /** The same for everything that is told of one firing. */
  readonly dedupKey: string
  readonly severity: string
  /** With `alertname`. */
  readonly labels: Readonly<Record<string, string>>
  readonly annotations: Readonly<Record<string, string>>
  readonly startsAt: string
  /** When it was over, or when it is to be taken for over if nothing more is heard. */
  readonly endsAt: string
}

/**
 * Who is told: a person by mail, or a program by a connection of the workspace, in this format or the one that the
 * connection says.
 */
export type Receiver =
  | { readonly mail: string }
  | { readonly connection: string; readonly format?: string | undefined }

export const receiverName = (to: Receiver): string => ('mail' in to ? to.mail : to.connection)
