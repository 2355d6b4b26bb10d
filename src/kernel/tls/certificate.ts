import { createHash, createPublicKey, randomBytes, sign, type KeyObject } from 'node:crypto'
import { isIP } from 'node:net'
import { bits, explicit, implicit, integer, octets, oid, sequence, set, time, utf8, yes } from './der.ts'

/** What a certificate says, and who says it. */
export interface CertificateRequest {
  /** Common name of the subject. */
  readonly subject: string
  /** The subject's key, P-256. */
  readonly key: KeyObject
  /** Common name and key of who signs; the subject's own for an authority that signs itself. */
  readonly issuer: string
  readonly issuerKey: KeyObject
  readonly notBefore: Date
  readonly notAfter: Date
  /** Host names and IP addresses that a server answers to; undefined for an authority. */
  readonly hosts?: readonly string[]
}

const ecdsaWithSha256 = sequence(oid('1.2.840.10045.4.3.2'))
const commonName = '2.5.4.3'
const organization = '2.5.4.10'

/**
 * An X.509 version 3 certificate (RFC 5280) as PEM, signed with ECDSA and SHA-256: an authority that may sign
 * servers and no further authorities, or a server. It holds what OpenSSL's and Python's strict checks ask for.
 */
export function issueCertificate(request: CertificateRequest): string {
  const body = sequence(
    explicit(0, integer(Buffer.from([2]))),
    integer(Buffer.concat([Buffer.from([1]), randomBytes(15)])),
    ecdsaWithSha256,
    distinguishedName(request.issuer),
    sequence(time(request.notBefore), time(request.notAfter)),
    distinguishedName(request.subject),
    publicKeyInfo(request.key),
    explicit(3, sequence(...extensions(request))),
  )
  const signature = sign('sha256', body, request.issuerKey)
  return pem('CERTIFICATE', sequence(body, ecdsaWithSha256, bits(signature)))
}

function extensions({ hosts, key, issuerKey }: CertificateRequest): readonly Buffer[] {
  const identifiers = [
    extension('2.5.29.14', octets(keyIdentifier(key))),
    extension('2.5.29.35', sequence(implicit(0, keyIdentifier(issuerKey)))),
  ]
  if (hosts === undefined)
    return [
      critical('2.5.29.19', sequence(yes, integer(Buffer.from([0])))),
      critical('2.5.29.15', bits(Buffer.from([keyCertSign | crlSign]), 1)),
      ...identifiers,
    ]
  return [
    critical('2.5.29.19', sequence()),
    critical('2.5.29.15', bits(Buffer.from([digitalSignature]), 7)),
    extension('2.5.29.37', sequence(oid('1.3.6.1.5.5.7.3.1'))),
    extension('2.5.29.17', sequence(...hosts.map(generalName))),
    ...identifiers,
  ]
}

const digitalSignature = 0x80
const keyCertSign = 0x04
const crlSign = 0x02

const extension = (id: string, value: Buffer) => sequence(oid(id), octets(value))
const critical = (id: string, value: Buffer) => sequence(oid(id), yes, octets(value))

const distinguishedName = (name: string) =>
  sequence(set(sequence(oid(organization), utf8('Twinloop'))), set(sequence(oid(commonName), utf8(name))))

const publicKeyInfo = (key: KeyObject): Buffer =>
  (key.type === 'private' ? createPublicKey(key) : key).export({ type: 'spki', format: 'der' })

/** Method 4 of RFC 7093: 160 bits of the SHA-256 of the public key. */
const keyIdentifier = (key: KeyObject) =>
  createHash('sha256').update(publicKeyInfo(key)).digest().subarray(0, 20)

const generalName = (host: string) =>
  isIP(host) === 0 ? implicit(2, Buffer.from(host, 'ascii')) : implicit(7, addressBytes(host))

/** The 4 or 16 bytes of an IP address. */
export function addressBytes(address: string): Buffer {
  if (isIP(address) === 4) return Buffer.from(address.split('.').map(Number))
  // The URL parser writes any IPv6 address, also one with a dotted tail, in hexadecimal groups.
  const [head = '', tail] = new URL(`http://[${address}]`).hostname.slice(1, -1).split('::')
  const groups = (part: string | undefined) => (part ?? '').split(':').filter((g) => g !== '')
  const [left, right] = [groups(head), groups(tail)]
  const all = [...left, ...Array<string>(8 - left.length - right.length).fill('0'), ...right]
  return Buffer.from(all.map((group) => group.padStart(4, '0')).join(''), 'hex')
}

const pem = (label: string, der: Buffer): string =>
  `-----BEGIN ${label}-----\n${(der.toString('base64').match(/.{1,64}/g) ?? []).join('\n')}\n-----END ${label}-----\n`
