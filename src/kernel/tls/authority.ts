import { createPrivateKey, generateKeyPairSync, X509Certificate, type KeyObject } from 'node:crypto'
import { existsSync, readFileSync, renameSync, writeFileSync } from 'node:fs'
import { hostname, networkInterfaces } from 'node:os'
import type { Secrets } from '../platform.ts'
import { issueCertificate } from './certificate.ts'
import { authorityFile } from './trust.ts'

const dayMs = 86_400_000
const authorityDays = 3652
const serverDays = 90
/** A certificate made now counts from a while ago: clocks of clients are not exact. */
const clockSkewMs = 3_600_000
const secretName = 'tls/authority'

/** The server's own certificate authority: what it signs, clients accept that trust its one certificate. */
export interface Authority {
  /** The certificate to trust, PEM. */
  readonly certificate: string
  /** A new key and a certificate of 90 days for a server of these host names and addresses; the first is its name. */
  issue(hosts: readonly [string, ...string[]]): ServerCertificate
}

export interface ServerCertificate {
  readonly cert: string
  readonly key: string
  readonly expires: Date
}

/**
 * The authority, made on first use and then kept among the secrets, so that a backup of the store and `secret.key`
 * has it; its certificate is written to `{home}/ca.pem`. One that ends within the life of a server's certificate is
 * replaced, and then clients have to trust the new one.
 */
export async function openAuthority(parts: {
  readonly secrets: Secrets
  readonly home: string
  readonly clock: () => Date
}): Promise<Authority> {
  const { secrets, home, clock } = parts
  const kept = await secrets.get(secretName)
  let identity = kept === undefined ? undefined : (JSON.parse(kept) as Identity)
  const mustLast = clock().getTime() + serverDays * dayMs
  if (identity === undefined || new X509Certificate(identity.certificate).validToDate.getTime() < mustLast) {
    identity = makeIdentity(clock())
    await secrets.set(secretName, JSON.stringify(identity))
  }
  const { certificate, name } = identity
  const issuerKey = createPrivateKey(identity.key)
  writeIfChanged(authorityFile(home), certificate)
  return {
    certificate,
    issue(hosts) {
      const { privateKey: key } = generateKeyPairSync('ec', { namedCurve: 'P-256' })
      const [notBefore, notAfter] = validity(clock(), serverDays)
      const subject = hosts[0].slice(0, 64)
      const cert = issueCertificate({ subject, key, issuer: name, issuerKey, notBefore, notAfter, hosts })
      return { cert, key: asPem(key), expires: notAfter }
    },
  }
}

/** Every name and address by which this machine may be reached when it listens on `host`. */
export function hostsOf(host: string): [string, ...string[]] {
  const everywhere = host === '0.0.0.0' || host === '::'
  const addresses = Object.values(networkInterfaces()).flatMap((list) => (list ?? []).map((a) => a.address))
  const own = everywhere ? addresses.map((a) => a.replace(/%.*$/, '')) : [host]
  return [...new Set(['localhost', '127.0.0.1', '::1', hostname().toLowerCase(), ...own])] as [
    string,
    ...string[],
  ]
}

interface Identity {
  readonly name: string
  readonly key: string
  readonly certificate: string
}

function makeIdentity(now: Date): Identity {
  const { privateKey: key } = generateKeyPairSync('ec', { namedCurve: 'P-256' })
  // The name tells authorities of several servers (or of one that was set up anew) apart in a client's list.
  const name = `Twinloop on ${hostname()} since ${now.toISOString().slice(0, 16)}`.slice(0, 64)
  const [notBefore, notAfter] = validity(now, authorityDays)
  const certificate = issueCertificate({
    subject: name,
    key,
    issuer: name,
    issuerKey: key,
    notBefore,
    notAfter,
  })
  return { name, key: asPem(key), certificate }
}

const asPem = (key: KeyObject): string => key.export({ type: 'pkcs8', format: 'pem' }).toString()

const validity = (now: Date, days: number): [Date, Date] => [
  new Date(now.getTime() - clockSkewMs),
  new Date(now.getTime() + days * dayMs),
]

function writeIfChanged(file: string, text: string): void {
  if (existsSync(file) && readFileSync(file, 'utf8') === text) return
  writeFileSync(`${file}.new`, text, { mode: 0o644 })
  renameSync(`${file}.new`, file)
}
