import assert from 'node:assert/strict'
import { after, before, describe, test } from 'node:test'
import type { Resource } from '../../../kernel/resources/resource.ts'
import { startTestApp, type TestApp } from '../../../testing/app.ts'
import { rolledPath } from '../events.ts'
import { labelsPath } from '../labels/labels.ts'
import { withCollected } from './collected.ts'
import { countRows } from './count.ts'
import { collectionsOf } from './files.ts'
import { newestRows } from './newest.ts'
import type { Window } from './window.ts'

const start = Date.parse('2026-01-31T22:00:00Z')
const minuteMs = 60_000
const window: Window = { from: new Date('2026-01-01'), to: new Date('2026-03-01') }

describe('the latest rows that were collected', () => {
  let twin: TestApp
  let deployment: Resource
  before(async () => {
    twin = await startTestApp()
    const id = `${twin.workspace}/onlineEndpoints/flights/deployments/blue`
    const enabled = { dataCollectionMode: 'Enabled' }
    const properties = { dataCollector: { collections: { model_inputs: enabled, model_outputs: enabled } } }
    deployment = { id, key: id.toLowerCase(), scope: twin.workspace, properties } as unknown as Resource
    // A request every ten minutes for five hours, of one to three rows; files by the hour, some of two writers.
    for (let hour = 0; hour < 5; hour++)
      for (const writer of [0, 1]) {
        const requests = Array.from({ length: 3 }, (_, i) => hour * 6 + i * 2 + writer)
        await write('model_inputs', hour, writer, requests.map(inputOf))
        await write('model_outputs', hour, writer, requests.map(outputOf))
      }
    // What is said again of a request counts once, as it was said last.
    await write('model_inputs', 4, 2, [line(29, 'again', [{ a: -1 }], 5000)])
    await label(1, [3])
    await label(6, [28, 29])
  })
  after(() => twin.end())

  const at = (request: number) => new Date(start + request * 10 * minuteMs)
  const line = (request: number, id: string, data: readonly object[], laterMs = 0) =>
    JSON.stringify({
      id: `${id}-${request}`,
      correlationid: `r${String(request).padStart(2, '0')}`,
      time: new Date(at(request).getTime() + laterMs).toISOString(),
      data,
    })
  const rowsIn = (request: number) => Array.from({ length: (request % 3) + 1 }, (_, i) => i)
  const inputOf = (request: number) =>
    line(
      request,
      'in',
      rowsIn(request).map((row) => ({ a: request + row / 10, late: row === 0 ? 'never' : undefined })),
    )
  const outputOf = (request: number) =>
    line(
      request,
      'out',
      rowsIn(request).map((row) => ({ prediction: row })),
    )

  async function put(container: string, path: string, lines: readonly string[]) {
    await twin.app.platform.artifacts.put({ container, path }, Buffer.from(`${lines.join('\n')}\n`))
  }
  async function write(collection: string, hour: number, writer: number, lines: readonly string[]) {
    const lies = (await collectionsOf(twin.app.platform, deployment)).get(collection)
    const folder = rolledPath(new Date(start + hour * 60 * minuteMs), 'Hour')
    await put(lies?.container ?? '', `${lies?.path}/${folder}/gateway-7-${writer}.jsonl`, lines)
  }
  async function label(hour: number, requests: readonly number[]) {
    const received = new Date(start + hour * 60 * minuteMs)
    const lies = (await collectionsOf(twin.app.platform, deployment)).get('ground_truth')
    assert.equal(lies?.path, labelsPath('flights'))
    const lines = requests.map((request) =>
      JSON.stringify({
        ...JSON.parse(line(request, 'label', [{ truth: true }])),
        receivedtime: received,
        row: 0,
      }),
    )
    await put(lies.container, `${lies.path}/${rolledPath(received, 'Hour')}/${hour}.jsonl`, lines)
  }

  const all = (of: Window, limit: number) =>
    withCollected(twin.app.platform, deployment, of, async ({ session }) =>
      session.select('from collected order by time desc, correlationid, "row"', { limit }),
    )

  test('are those of the whole window, however many are asked for', async () => {
    const upTo = { from: window.from, to: at(17) }
    for (const [of, limit] of [
      [window, 1],
      [window, 7],
      [window, 40],
      [window, 1000],
      [upTo, 5],
    ] as const) {
      const { columns, rows, truncated } = await all(of, limit)
      const found = await newestRows(twin.app.platform, deployment, of, limit)
      assert.deepEqual([found.rows, found.truncated], [rows, truncated], `${limit} rows`)
      assert.deepEqual(found.columns, columns, `${limit} rows`)
    }
  })

  test('nothing earlier is read for them', async () => {
    const lies = (await collectionsOf(twin.app.platform, deployment)).get('model_inputs')
    const broken = `${lies?.path}/2026/01/30/09/gateway-7-0.jsonl`
    await put(lies?.container ?? '', broken, ['{ this is no JSON'])
    await assert.rejects(all(window, 7))
    assert.equal((await newestRows(twin.app.platform, deployment, window, 7)).rows.length, 7)
    await twin.app.platform.artifacts.remove({ container: lies?.container ?? '', path: broken })
  })

  test('are counted as the whole window has them', async () => {
    const { length } = (await all(window, 1000)).rows
    assert.deepEqual(await countRows(twin.app.platform, deployment, window), { total: length, labelled: 3 })
    const before = { from: new Date('2025-01-01'), to: new Date('2025-02-01') }
    assert.deepEqual(await countRows(twin.app.platform, deployment, before), { total: 0, labelled: 0 })
    assert.deepEqual((await newestRows(twin.app.platform, deployment, before, 5)).rows, [])
  })
})
