import assert from 'node:assert/strict'
import { test } from 'node:test'
import { signatureHeaders } from './signature.ts'

test('signs as Standard Webhooks’ own example has it', () => {
  // The example of the specification's reference libraries.
  const headers = signatureHeaders(
    'whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw',
    'msg_p5jXN8AQM9LWM0D4loKWxJek',
    new Date(1614265330_999),
    '{"test": 2432232314}',
  )
  assert.deepEqual(headers, {
    'webhook-id': 'msg_p5jXN8AQM9LWM0D4loKWxJek',
    'webhook-timestamp': '1614265330',
    'webhook-signature': 'v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=',
  })
})

test('a secret that is no base64 is taken as it is', () => {
  const signed = (secret: string) => signatureHeaders(secret, 'a', new Date(0), 'x')['webhook-signature']
  assert.equal(signed('secret'), signed(`whsec_${Buffer.from('secret').toString('base64')}`))
  assert.notEqual(signed('secret'), signed('secret2'))
})
