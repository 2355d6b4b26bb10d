import type { Config } from '../../../config.ts'
import { errors } from '../../../kernel/errors.ts'
import type { Platform } from '../../../kernel/platform.ts'
import { openConnection } from '../../connections.ts'

/** The mail server that takes what is sent, and in whose name. */
export interface Relay {
  readonly host: string
  readonly port: number
  /** TLS from the first byte (`smtps:`). Otherwise STARTTLS where it is offered. */
  readonly secure: boolean
  readonly user?: string
  readonly password?: string
  /** `Twinloop <twinloop@example.org>`. */
  readonly from: string
}

/**
 * The workspace's own relay: its connection whose target is an `smtp:` or `smtps:` address (the first by name), with
 * `metadata.from`. Otherwise the server's, from its configuration. Undefined if there is neither.
 */
export async function relayOf(platform: Platform, workspaceId: string): Promise<Relay | undefined> {
  const connections = await platform.resources.list<{ readonly target?: string | null }>({
    type: 'workspaces/connections',
    parent: workspaceId,
    orderBy: { field: 'name', descending: false },
  })
  const own = connections.find(({ properties }) => /^smtps?:/i.test(properties.target ?? ''))
  if (own === undefined) return configuredRelay(platform.config)
  const { target, credentials, metadata, name } = await openConnection(platform, workspaceId, own.name)
  const from = metadata['from'] ?? platform.config.mailFrom
  if (from === '')
    throw errors.validation(`Connection '${name}' has no metadata.from: in whose name are mails sent?`)
  return {
    ...addressOf(target, `connection '${name}'`),
    from,
    ...signIn(credentials['username'], credentials['password']),
  }
}

function configuredRelay({ smtpUrl, mailFrom }: Config): Relay | undefined {
  if (smtpUrl === '') return undefined
  if (mailFrom === '') throw errors.validation('TWINLOOP_MAIL_FROM is not set: in whose name are mails sent?')
  const { username, password } = new URL(smtpUrl)
  return {
    ...addressOf(smtpUrl, 'TWINLOOP_SMTP_URL'),
    from: mailFrom,
    ...signIn(decodeURIComponent(username), decodeURIComponent(password)),
  }
}

const signIn = (user: string | undefined, password: string | undefined) =>
  user === undefined || user === '' ? {} : { user, password: password ?? '' }

function addressOf(target: string, where: string) {
  const url = URL.parse(target)
  if (url === null || !['smtp:', 'smtps:'].includes(url.protocol) || url.hostname === '')
    throw errors.validation(`${where} should be smtp://host:587 or smtps://host:465.`)
  const secure = url.protocol === 'smtps:'
  return {
    host: url.hostname.replace(/^\[|\]$/g, ''),
    port: url.port === '' ? (secure ? 465 : 587) : Number(url.port),
    secure,
  }
}
