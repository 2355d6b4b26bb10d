import assert from 'node:assert/strict'
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, before, describe, test } from 'node:test'
import { startTestApp, type TestApp } from '../../../testing/app.ts'
import { collectingEndpoint } from '../../../serving/testing/collecting-endpoint.ts'
import { windowSchema } from './parameters.ts'
import { gather } from './window.ts'

const now = new Date('2026-11-23T12:00:00Z')
const daysAgo = (days: number) => new Date(now.getTime() - days * 86_400_000)

describe('a window of production data', () => {
  let t: TestApp
  let endpoint: string
  let folder: string
  before(async () => {
    t = await startTestApp()
    folder = mkdtempSync(join(tmpdir(), 'twinloop-'))
    const flights = await collectingEndpoint(
      { platform: t.app.platform, workspaceId: t.workspace },
      'flights',
      ['blue', 'green'],
    )
    endpoint = flights.id
    await flights.write('blue', [
      { id: 'a', at: daysAgo(40), inputs: [{ distance: 1, hour: '2013-05-01 05:00' }], truth: { late: 1 } },
      { id: 'b', at: daysAgo(20), inputs: [{ distance: 2, hour: '2013-06-01 05:00' }], truth: { late: 0 } },
      { id: 'c', at: daysAgo(10), inputs: [{ distance: 3, hour: '2013-01-01 05:00' }] },
    ])
    // A newer version may know more columns.
    await flights.write('green', [
      {
        id: 'd',
        at: daysAgo(1),
        inputs: [{ distance: 4, hour: '2013-06-15 05:00', wind: 7 }],
        truth: { late: 1 },
      },
    ])
    await collectingEndpoint({ platform: t.app.platform, workspaceId: t.workspace }, 'quiet', ['blue'])
  })
  after(async () => {
    await t.end()
    rmSync(folder, { recursive: true })
  })

  const csv = async (given: object, at = endpoint) => {
    const file = join(folder, 'data.csv')
    const found = await gather(t.app.platform, at, windowSchema.parse(given), {
      file,
      format: 'csv',
      now,
      signal: new AbortController().signal,
    })
    return { ...found, lines: readFileSync(file, 'utf8').trim().split('\n') }
  }

  test('has inputs and labels of all deployments, in the order of time, without predictions', async () => {
    const { rows, inWords, lines } = await csv({ window: '30d' })
    assert.equal(rows, 2)
    assert.equal(inWords, '2 labelled rows of flights from 2026-11-03 to 2026-11-22')
    assert.deepEqual(lines, ['distance,hour,late,wind', '2,2013-06-01 05:00,0,', '4,2013-06-15 05:00,1,7'])
  })

  test('has rows without labels where they are asked for', async () => {
    const { rows } = await csv({ window: '30d', labelled: false })
    assert.equal(rows, 3)
  })

  test('is of the time of the events where a column tells it, back from the newest', async () => {
    const { inWords, lines } = await csv({ window: '20d', time_column: 'hour' })
    assert.equal(inWords, '2 labelled rows of flights from 2013-06-01 to 2013-06-15')
    assert.equal(lines.length, 3)
    await assert.rejects(csv({ window: '20d', time_column: 'houre' }), /no column 'houre'.*mean 'hour'/)
  })

  test('with too little in it is refused, with what there is', async () => {
    await assert.rejects(
      csv({ window: '30d', at_least: 1000 }),
      /^UserError: 2 labelled rows .* at least 1,000 are wanted/,
    )
    await assert.rejects(
      csv({ window: '30d' }, `${t.workspace}/onlineEndpoints/quiet`),
      /Nothing that endpoint 'quiet' was asked in the last 30d was collected/,
    )
    await assert.rejects(
      csv({ window: '30d' }, `${t.workspace}/onlineEndpoints/flihgts`),
      /Did you mean 'flights'/,
    )
  })
})
