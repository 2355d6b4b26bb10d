import assert from 'node:assert/strict'
import { createHash } from 'node:crypto'
import test from 'node:test'
import { createCredentials, type Verdict } from './credentials.ts'
import type { EndpointRoute } from '../routes/route-table.ts'

const route = (keys: readonly string[], tokens: boolean): EndpointRoute => ({
  id: '/e',
  keys: keys.map((key) => createHash('sha256').update(key).digest('hex')),
  endpointTokens: tokens,
  platformTokens: tokens,
  traffic: {},
  mirror: {},
  deployments: {},
})

const table = { authorizeUrl: 'http://control', tokenKey: '', endpoints: {} }

/** A control plane that says this, and throws where it is undefined; and a clock that is moved by hand. */
function setUp(says: () => Verdict | undefined) {
  let [asked, now] = [0, 0]
  const check = createCredentials(
    () => {
      asked++
      const verdict = says()
      return verdict === undefined ? Promise.reject(new Error('away')) : Promise.resolve(verdict)
    },
    () => now,
  )
  return {
    check: (token: string, at = route([], true)) => check(`Bearer ${token}`, at, table),
    pass: (ms: number) => void (now += ms),
    asked: () => asked,
  }
}

test('either key is allowed, without asking anybody', () => {
  const { check, asked } = setUp(() => 'forbidden')
  const keys = route(['first', 'second'], false)
  assert.equal(check('first', keys), 'allowed')
  assert.equal(check('second', keys), 'allowed')
  assert.equal(check('third', keys), 'unauthenticated')
  assert.equal(asked(), 0)
})

test('an answer about a token holds for a minute, is asked again aside for another, and holds for an hour while the control plane is away', async () => {
  let says: Verdict | undefined = 'allowed'
  const { check, pass, asked } = setUp(() => says)
  assert.equal(await check('t'), 'allowed')
  says = 'forbidden'
  assert.equal(await check('t'), 'allowed')
  assert.equal(asked(), 1)
  pass(61_000)
  assert.equal(await check('t'), 'allowed')
  await Promise.resolve()
  assert.equal(await check('t'), 'forbidden')
  assert.equal(asked(), 2)
  says = 'allowed'
  pass(121_000)
  assert.equal(await check('t'), 'allowed')
  says = 'forbidden'
  pass(121_000)
  assert.equal(await check('t'), 'forbidden')
  says = undefined
  pass(121_000)
  assert.equal(await check('t'), 'forbidden')
  assert.equal(await check('another'), 'unknown')
  pass(3_600_000)
  assert.equal(await check('t'), 'unknown')
})
