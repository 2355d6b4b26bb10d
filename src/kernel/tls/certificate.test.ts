import assert from 'node:assert/strict'
import { generateKeyPairSync, X509Certificate } from 'node:crypto'
import { describe, test } from 'node:test'
import { addressBytes, issueCertificate } from './certificate.ts'
import { integer, oid, time } from './der.ts'

const key = () => generateKeyPairSync('ec', { namedCurve: 'P-256' }).privateKey
const [notBefore, notAfter] = [new Date('2026-01-02T03:04:05Z'), new Date('2061-01-02T03:04:05Z')]

describe('certificates', () => {
  const authorityKey = key()
  const authority = new X509Certificate(
    issueCertificate({
      subject: 'Töst authority',
      key: authorityKey,
      issuer: 'Töst authority',
      issuerKey: authorityKey,
      notBefore,
      notAfter,
    }),
  )
  const serverKey = key()
  const server = new X509Certificate(
    issueCertificate({
      subject: 'localhost',
      key: serverKey,
      issuer: 'Töst authority',
      issuerKey: authorityKey,
      notBefore,
      notAfter,
      hosts: ['localhost', 'ml.example.org', '127.0.0.1', '::1', 'fe80::1:2'],
    }),
  )

  test('an authority signs itself and may sign servers', () => {
    assert.equal(authority.ca, true)
    assert.ok(authority.verify(authority.publicKey))
    assert.match(authority.subject, /O=Twinloop\nCN=Töst authority/)
    assert.equal(authority.validToDate.getTime(), notAfter.getTime(), 'also after 2049')
  })

  test('a server has its names and addresses, and its issuer is the authority', () => {
    assert.equal(server.ca, false)
    assert.ok(server.checkIssued(authority))
    assert.ok(server.verify(authority.publicKey))
    assert.ok(server.checkPrivateKey(serverKey))
    for (const name of ['localhost', 'ml.example.org']) assert.equal(server.checkHost(name), name)
    for (const address of ['127.0.0.1', '::1', 'fe80::1:2']) assert.equal(server.checkIP(address), address)
    assert.equal(server.checkHost('elsewhere.example.org'), undefined)
    assert.equal(server.validFromDate.getTime(), notBefore.getTime())
  })

  test('another key did not sign it', () => {
    const stranger = key()
    assert.equal(server.verify(new X509Certificate(authority.toString()).publicKey), true)
    const other = issueCertificate({
      subject: 'x',
      key: stranger,
      issuer: 'x',
      issuerKey: stranger,
      notBefore,
      notAfter,
    })
    assert.equal(server.verify(new X509Certificate(other).publicKey), false)
  })
})

test('DER writes numbers, identifiers and times as the standards show them', () => {
  const hex = (bytes: Uint8Array) => Buffer.from(bytes).toString('hex')
  assert.equal(hex(integer(Buffer.from([0]))), '020100')
  assert.equal(hex(integer(Buffer.from([0, 0, 0x7f]))), '02017f')
  assert.equal(hex(integer(Buffer.from([0x80]))), '02020080')
  assert.equal(hex(oid('1.2.840.113549')), '06062a864886f70d')
  assert.equal(hex(time(new Date('2049-12-31T23:59:59Z'))), `170d${hex(Buffer.from('491231235959Z'))}`)
  assert.equal(hex(time(new Date('2050-01-01T00:00:00Z'))), `180f${hex(Buffer.from('20500101000000Z'))}`)
})

test('addresses are written in their bytes', () => {
  assert.equal(addressBytes('10.0.255.1').toString('hex'), '0a00ff01')
  assert.equal(addressBytes('::').toString('hex'), '0'.repeat(32))
  assert.equal(addressBytes('2001:db8::ff').toString('hex'), '20010db8' + '0'.repeat(22) + 'ff')
  assert.equal(addressBytes('::ffff:1.2.3.4').toString('hex'), '00000000000000000000ffff01020304')
  assert.equal(addressBytes('1:2:3:4:5:6:7:8').toString('hex'), '00010002000300040005000600070008')
})
