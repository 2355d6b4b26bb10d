import { once } from 'node:events'
import type { AddressInfo } from 'node:net'
import { SMTPServer } from 'smtp-server'

/** A mail as it came in by SMTP. */
export interface ReceivedMail {
  readonly from: string
  readonly to: readonly string[]
  /** By name in lower case, unfolded. */
  readonly headers: Readonly<Record<string, string>>
  /** The text and the HTML part, decoded; '' where there is none. */
  readonly text: string
  readonly html: string
  readonly isEncrypted: boolean
  readonly user: string | undefined
}

export interface MailServer {
  readonly port: number
  readonly mails: readonly ReceivedMail[]
  /** Resolves once so many mails are there. */
  received(count: number): Promise<readonly ReceivedMail[]>
  /** The next mails are refused with this reply, until it is called with undefined. */
  refuse(code: number | undefined): void
  close(): Promise<void>
}

/** A real SMTP server on a free port of this machine: `certificate` lets it offer STARTTLS, `password` demands it. */
export async function startMailServer(
  options: {
    readonly certificate?: { readonly cert: string; readonly key: string }
    readonly user?: { readonly name: string; readonly password: string }
  } = {},
): Promise<MailServer> {
  const mails: ReceivedMail[] = []
  const waiting: { readonly count: number; readonly done: () => void }[] = []
  let refusal: number | undefined
  const server = new SMTPServer({
    ...options.certificate,
    disabledCommands: options.certificate === undefined ? ['STARTTLS'] : [],
    authOptional: options.user === undefined,
    disableReverseLookup: true,
    onAuth({ username, password }, _session, answer) {
      const { user } = options
      if (username === user?.name && password === user?.password) return answer(null, { user: username })
      return answer(Object.assign(new Error('Invalid username or password'), { responseCode: 535 }))
    },
    onRcptTo(_address, _session, answer) {
      if (refusal === undefined) answer()
      else answer(Object.assign(new Error('Not now'), { responseCode: refusal }))
    },
    onData(stream, session, answer) {
      const parts: Buffer[] = []
      stream.on('data', (part: Buffer) => void parts.push(part))
      stream.on('end', () => {
        const { mailFrom, rcptTo } = session.envelope
        mails.push({
          ...readMail(Buffer.concat(parts).toString('utf8')),
          from: mailFrom === false ? '' : mailFrom.address,
          to: rcptTo.map(({ address }) => address),
          isEncrypted: session.secure,
          user: typeof session.user === 'string' ? session.user : undefined,
        })
        answer(null, 'Queued')
        for (const { count, done } of waiting) if (mails.length >= count) done()
      })
    },
  })
  server.on('error', () => {})
  server.listen(0, '127.0.0.1')
  await once(server.server, 'listening')
  return {
    port: (server.server.address() as AddressInfo).port,
    mails,
    async received(count) {
      if (mails.length < count) await new Promise<void>((done) => void waiting.push({ count, done }))
      return mails
    },
    refuse: (code) => void (refusal = code),
    close: () => new Promise<void>((done) => server.close(() => done())),
  }
}

function readMail(raw: string): Pick<ReceivedMail, 'headers' | 'text' | 'html'> {
  const { headers, body } = takeApart(raw)
  const boundary = /boundary="?([^";]+)"?/.exec(headers['content-type'] ?? '')?.[1]
  const parts = boundary === undefined ? [raw] : body.split(`--${boundary}`).slice(1, -1)
  const part = (type: string) => {
    const found = parts
      .map((text) => takeApart(text.replace(/^\r?\n/, '')))
      .find((p) => (p.headers['content-type'] ?? '').startsWith(type))
    return found === undefined ? '' : decoded(found.body, found.headers['content-transfer-encoding'] ?? '')
  }
  return { headers, text: part('text/plain'), html: part('text/html') }
}

function takeApart(raw: string): { readonly headers: Record<string, string>; readonly body: string } {
  const end = raw.indexOf('\r\n\r\n')
  const lines = raw
    .slice(0, end)
    .replaceAll(/\r\n[ \t]+/g, ' ')
    .split('\r\n')
  const headers = lines.map((line) => {
    const colon = line.indexOf(':')
    return [line.slice(0, colon).toLowerCase(), line.slice(colon + 1).trim()] as const
  })
  return { headers: Object.fromEntries(headers), body: raw.slice(end + 4) }
}

function decoded(body: string, encoding: string): string {
  if (encoding.toLowerCase() === 'base64') return Buffer.from(body, 'base64').toString('utf8')
  if (encoding.toLowerCase() !== 'quoted-printable') return body.replaceAll('\r\n', '\n')
  const bytes = body
    .replaceAll(/=\r?\n/g, '')
    .replaceAll(/=([0-9A-F]{2})/gi, (_, hex: string) => String.fromCharCode(Number.parseInt(hex, 16)))
  return Buffer.from(bytes, 'latin1').toString('utf8').replaceAll('\r\n', '\n')
}
