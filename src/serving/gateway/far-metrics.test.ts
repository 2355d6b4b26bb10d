import assert from 'node:assert/strict'
import { test } from 'node:test'
import { runGateway } from '../../testing/gateway.ts'

test('measurements are for this machine, and elsewhere for whom the control plane lets read them', async () => {
  const asked: string[] = []
  const gateway = await runGateway({
    isNear: () => false,
    ask: async (_url, endpoint, token) => {
      asked.push(endpoint)
      return token === 'reader' ? 'allowed' : 'forbidden'
    },
  })
  try {
    gateway.apply({})
    const get = async (headers: Record<string, string>) =>
      (await fetch(`${gateway.base}/metrics`, { headers })).status
    assert.equal(await get({}), 401)
    assert.match(await (await fetch(`${gateway.base}/metrics`)).text(), /who may read metrics/)
    assert.equal(await get({ authorization: 'Bearer other' }), 403)
    assert.equal(await get({ authorization: 'Bearer reader' }), 200)
    assert.deepEqual(asked, ['', ''])
  } finally {
    await gateway.stop()
  }
})
