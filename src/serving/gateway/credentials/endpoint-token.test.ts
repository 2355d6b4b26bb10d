import assert from 'node:assert/strict'
import { generateKeyPairSync } from 'node:crypto'
import test from 'node:test'
import { endpointTokenReader, signEndpointToken } from './endpoint-token.ts'

const { privateKey, publicKey } = generateKeyPairSync('ed25519')
const pem = publicKey.export({ type: 'spki', format: 'pem' }).toString()
const claims = { sub: 'ann', aud: '/e', iat: 1000, exp: 2000 }
const token = signEndpointToken(privateKey, claims)
const at = (seconds: number) => endpointTokenReader(pem, () => seconds * 1000)

test('a token is good for its endpoint and its time', () => {
  assert.deepEqual(at(1500)(token, '/e'), claims)
  assert.equal(at(1500)(token, '/other'), undefined)
  assert.equal(at(2000)(token, '/e'), undefined)
  assert.equal(at(900)(token, '/e'), undefined)
})

test('what was not signed by the key, or was changed, is none', () => {
  const other = generateKeyPairSync('ed25519').privateKey
  const [head = '', body = '', signature = ''] = token.split('.')
  const later = Buffer.from(JSON.stringify({ ...claims, exp: 9000 })).toString('base64url')
  const none = Buffer.from('{"alg":"none","typ":"JWT"}').toString('base64url')
  for (const wrong of [
    signEndpointToken(other, claims),
    `${head}.${later}.${signature}`,
    `${none}.${body}.`,
    `${head}.${body}`,
    `${head}.${body}.${signature}.x`,
    '',
    'a.b.c',
  ])
    assert.equal(at(1500)(wrong, '/e'), undefined, wrong)
})
