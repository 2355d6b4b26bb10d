import assert from 'node:assert/strict'
import { after, before, describe, test } from 'node:test'
import { startTestApp, type TestApp } from '../../testing/app.ts'
import { lostAgain, waitOf, type Lost } from './lost.ts'

test('tries come after 1, 2, 4, … seconds, and end', () => {
  const now = new Date('2026-01-01T00:00:00Z')
  const waits: number[] = []
  let lost: Lost | undefined
  for (;;) {
    const next = lostAgain(lost, 'Nothing answers.', now)
    if ('gaveUp' in next) {
      assert.equal(next.gaveUp, 'Nothing answers. It was tried 9 times.')
      break
    }
    waits.push(next.again / 1000)
    lost = next.lost
    assert.equal(waitOf(lost, now), next.again)
  }
  assert.deepEqual(waits, [1, 2, 4, 8, 16, 32, 64, 128])
  assert.equal(waitOf(undefined, now), 0)
})

describe('data in a store that is not reached', () => {
  let t: TestApp
  before(async () => {
    t = await startTestApp()
    const lake = { datastoreType: 'S3', bucket: 'lake', endpoint: 'http://127.0.0.1:1' }
    await t.send('PUT', `${t.workspace}/datastores/lake`, { properties: lake })
    const trips = { dataType: 'uri_file', dataUri: 'azureml://datastores/lake/paths/trips.csv' }
    await t.send('PUT', `${t.workspace}/data/trips/versions/1`, { properties: trips })
    const contract = { data: 'trips', checks: [{ row_count: 1 }] }
    await t.send('PUT', `${t.workspace}/providers/Twinloop/dataContracts/trips`, { properties: contract })
  })
  after(() => t.end())

  const version = () => `${t.workspace}/data/trips/versions/1/providers/Twinloop`
  const asked = [
    { what: 'a profile', id: () => `${version()}/profiles/default`, properties: {} },
    { what: 'a contract', id: () => `${version()}/contractResults/trips`, properties: {} },
    {
      what: 'a comparison',
      id: () => `${t.workspace}/providers/Twinloop/dataDiffs/same`,
      properties: { from: 'azureml:trips:1', to: 'azureml:trips:1' },
    },
  ]
  for (const { what, id, properties } of asked)
    test(`${what} says so, gives up after some minutes, and is tried again when it is asked for`, async () => {
      const put = () => t.send('PUT', id(), { properties })
      const isLost = (p: Record<string, unknown>) => Boolean(p['lost'])
      await put()
      const { lost } = (await t.until(id(), isLost)) as { lost: Lost }
      assert.match(lost.message, /'lake' cannot be reached at 127.0.0.1:1: nothing answers there/)
      const retryAt = new Date(0).toISOString()
      await t.app.platform.resources.setStatus(id().toLowerCase(), { lost: { ...lost, times: 8, retryAt } })
      const failed = await t.until(id(), (p) => p['provisioningState'] === 'Failed')
      assert.match(
        JSON.stringify(failed['error']),
        /nothing answers there\. It was tried 9 times\. .* again once/,
      )
      await put()
      const again = (await t.until(id(), isLost)) as { lost: Lost }
      assert.ok(again.lost.times < 8)
    })
})
