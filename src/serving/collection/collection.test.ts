import assert from 'node:assert/strict'
import { chmodSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, test } from 'node:test'
import { createSpooler } from '../gateway/collecting/spooler.ts'
import { eventsOf, isSampled, rolledPath } from './events.ts'
import { answerRows, requestRows } from './rows.ts'
import { readSpool, writerOf } from './spool.ts'

describe('rows of requests and answers', () => {
  const rows = [
    { a: 1, b: 'x' },
    { a: 2, b: null },
  ]
  const shapes: [object, 'score' | 'infer'][] = [
    [
      {
        input_data: {
          columns: ['a', 'b'],
          data: [
            [1, 'x'],
            [2, null],
          ],
        },
      },
      'score',
    ],
    [
      {
        input_data: [
          [1, 'x'],
          [2, null],
        ],
      },
      'score',
    ],
    [{ input_data: rows }, 'score'],
    [
      {
        dataframe_split: {
          columns: ['a', 'b'],
          data: [
            [1, 'x'],
            [2, null],
          ],
        },
      },
      'score',
    ],
    [{ dataframe_records: rows }, 'score'],
    [{ instances: rows }, 'score'],
    [{ inputs: { a: [1, 2], b: ['x', null] } }, 'score'],
    [
      {
        inputs: [
          { name: 'a', shape: [2], datatype: 'FP64', data: [1, 2] },
          { name: 'b', shape: [2, 1], datatype: 'BYTES', data: [['x'], [null]] },
        ],
      },
      'infer',
    ],
  ]
  for (const [body, operation] of shapes)
    test(`${operation}: ${JSON.stringify(body).slice(0, 60)}`, () =>
      assert.deepEqual(
        requestRows(JSON.stringify(body), 'application/json', operation, { columns: ['a', 'b'] }),
        rows,
      ))

  test('answers', () => {
    const of = (value: unknown, operation: 'score' | 'infer' = 'score') =>
      answerRows(JSON.stringify(value), operation)
    assert.deepEqual(of([1, 0]), [{ prediction: 1 }, { prediction: 0 }])
    assert.deepEqual(of({ predictions: [[0.2, 0.8]] }), [{ prediction_0: 0.2, prediction_1: 0.8 }])
    assert.deepEqual(of([{ late: true }]), [{ late: true }])
    const tensor = { name: 'p', shape: [2, 2], datatype: 'FP32', data: [1, 2, 3, 4] }
    assert.deepEqual(of({ outputs: [tensor] }, 'infer'), [
      { p_0: 1, p_1: 2 },
      { p_0: 3, p_1: 4 },
    ])
  })

  test('CSV: texts stay what they are, and quotes hold what they hold', () => {
    const csv = 'a,b,c\r\n1,007,TRUE\n-2.5e3,"say ""x"", y\nz",\n\n,,x'
    const found = requestRows(csv, 'text/csv; charset=utf-8', 'invocations', { columns: [], texts: ['b'] })
    assert.deepEqual(found, [
      { a: 1, b: '007', c: true },
      { a: -2500, b: 'say "x", y\nz', c: null },
      { a: null, b: null, c: 'x' },
    ])
    assert.deepEqual(requestRows('a\n1\n2', 'text/csv', 'invocations', { columns: [] }), [{ a: 1 }, { a: 2 }])
  })

  test('whole numbers that a double does not hold stay what they are', () => {
    const big = '9007199254740993'
    const columns = { columns: ['id'] }
    for (const [body, type, operation] of [
      [`{"input_data": [[${big}]]}`, 'application/json', 'score'],
      [`{"instances": [${big}]}`, 'application/json', 'invocations'],
      [`{"instances": [{"id": ${big}, "none": NaN}]}`, 'application/json', 'invocations'],
      [`{"inputs": [{"name": "id", "shape": [1], "data": [${big}]}]}`, 'application/json', 'infer'],
      [`id\n${big}\n`, 'text/csv', 'invocations'],
    ] as const) {
      const [row] = requestRows(body, type, operation, columns) ?? []
      assert.equal(JSON.stringify(row?.['id']), big, body)
    }
    assert.equal(
      JSON.stringify(answerRows(`[-${big}, 1e30, 0.12345678901234567]`, 'score')),
      `[{"prediction":-${big}},{"prediction":1e+30},{"prediction":0.12345678901234566}]`,
    )
  })

  test('the missing numbers of Python’s JSON', () => {
    const body = '{"input_data": [[NaN, "NaN \\" Infinity"], [-Infinity, "b"]]}'
    assert.deepEqual(requestRows(body, 'application/json', 'score', { columns: ['a', 'b'] }), [
      { a: null, b: 'NaN " Infinity' },
      { a: null, b: 'b' },
    ])
  })

  test('what is none of them gives no rows', () => {
    const none = { columns: [] }
    for (const body of ['{', '5', '[1]', '{}', '{"input_data": 5}', '{"inputs": {"a": [1], "b": [1, 2]}}'])
      assert.equal(requestRows(body, 'application/json', 'score', none), undefined, body)
    assert.equal(requestRows('a,b\n1,"2\n', 'text/csv', 'score', none), undefined)
    assert.equal(requestRows('a,b\n1,2,3\n', 'text/csv', 'score', none), undefined)
    assert.equal(
      requestRows('{"inputs": [{"name": "a", "shape": [3], "data": [1]}]}', '', 'infer', none),
      undefined,
    )
  })
})

describe('events', () => {
  test('folders roll as the rate says', () => {
    const at = new Date('2026-01-31T09:05:07Z')
    assert.equal(rolledPath(at, 'Hour'), '2026/01/31/09')
    assert.equal(rolledPath(at, 'Minute'), '2026/01/31/09/05')
    assert.equal(rolledPath(at, 'Day'), '2026/01/31')
    assert.equal(rolledPath(at, 'Year'), '2026')
  })

  test('a sample is as large as asked, and who keeps less keeps a part of it', () => {
    const ids = Array.from(
      { length: 20_000 },
      (_, i) => `00000000-0000-4000-8000-${String(i).padStart(12, '0')}`,
    )
    const kept = (rate: number) => ids.filter((id) => isSampled(id, rate))
    assert.ok(Math.abs(kept(0.1).length - 2000) < 150, String(kept(0.1).length))
    const half = new Set(kept(0.5))
    assert.ok(kept(0.1).every((id) => half.has(id)))
    assert.equal(kept(0).length, 0)
    assert.equal(kept(1).length, ids.length)
  })

  test('a request becomes one event of each collection that wants it, and none of predictions where it failed', () => {
    const exchange = {
      kind: 'exchange' as const,
      id: 'r1',
      at: '2026-01-31T09:05:07.000Z',
      operation: 'score' as const,
      requestType: 'application/json',
      request: '{"input_data": [[1, 2]]}',
      status: 200,
      responseType: 'application/json',
      response: '[0.5]',
    }
    const source = {
      deployment: '/d',
      modelVersion: '3',
      columns: ['a', 'b'],
      collections: new Map([
        ['model_inputs', 1],
        ['model_outputs', 1],
        ['response', 1],
      ]),
    }
    const events = eventsOf(exchange, source).map(({ collection, line }) => [collection, JSON.parse(line)])
    assert.deepEqual(
      events.map(([name]) => name),
      ['response', 'model_inputs', 'model_outputs'],
    )
    assert.deepEqual(events[1]?.[1], {
      specversion: '1.0',
      id: 'r1-model_inputs',
      source: '/d',
      type: 'azureml.inference.model_inputs',
      datacontenttype: 'application/json',
      time: '2026-01-31T09:05:07.000Z',
      data: [{ a: 1, b: 2 }],
      correlationid: 'r1',
      xrequestid: 'r1',
      modelversion: '3',
      collectdatatype: 'pandas.core.frame.DataFrame',
      agent: 'twinloop-gateway',
      contentrange: 'bytes 0-14/15',
    })
    const both = new Map([
      ['model_inputs_outputs', 1],
      ['request', 1],
    ])
    const said = { ...exchange, response: '[{"b": 7, "c": 8}]', headers: { 'x-shop': '12' } }
    assert.deepEqual(
      eventsOf(said, { ...source, collections: both }).map(({ line }) => {
        const { data, headers } = JSON.parse(line) as { data: unknown; headers?: unknown }
        return [data, headers]
      }),
      [
        [{ input_data: [[1, 2]] }, { 'x-shop': '12' }],
        [[{ a: 1, b: 2, 'model_outputs.b': 7, c: 8 }], undefined],
      ],
    )
    const failed = eventsOf({ ...exchange, status: 424 }, source).map(({ collection }) => collection)
    assert.deepEqual(failed, ['response'])
  })
})

test('a spool is read as far as it can be', () => {
  const line = JSON.stringify({
    kind: 'logged',
    id: '1',
    type: 'azureml.inference.x',
    at: '2026-01-31T09:05:07Z',
    contentType: 'application/json',
    body: '[]',
  })
  const { lines, broken } = readSpool(`${line}\n{"kind": "logged"}\n${line.slice(0, 20)}`)
  assert.deepEqual([lines.length, broken], [1, 2])
  assert.deepEqual(writerOf('gateway-123-1769850000000000001.open'), { pid: 123, since: 1769850000000 })
  assert.equal(writerOf('gateway-123-1769850000000000001.jsonl'), undefined)
})

describe('the spooler', () => {
  const routes = (spool: string, rate = 1) => ({
    endpoints: { 'dev/e': { deployments: { blue: { collect: { spool, rate } } } } },
  })
  const scored = (id: string, body = '{}') => ({
    endpoint: 'dev/e',
    deployment: 'blue',
    requestId: id,
    clientRequestId: undefined,
    arrived: new Date(0),
    operation: 'score' as const,
    request: { contentType: 'application/json', body: Buffer.from(body) },
    response: { status: 200, contentType: 'application/json', body: Buffer.from('[1]') },
    mirrored: false,
  })
  const open = () => {
    const folder = mkdtempSync(join(tmpdir(), 'twinloop-'))
    const dropped: string[] = []
    let collected = 0
    const spooler = createSpooler({
      folder,
      togetherMs: 1,
      closeBytes: 300,
      onCollected: () => collected++,
      onDropped: (_endpoint, _deployment, reason) => dropped.push(reason),
    })
    return { folder, spooler, dropped, collected: () => collected }
  }

  test('keeps what is wanted in whole files, and closes them when asked', async () => {
    const { folder, spooler, dropped, collected } = open()
    assert.equal(spooler.wants('dev/e', 'blue'), false)
    spooler.apply(routes('s1') as never)
    assert.equal(spooler.wants('dev/e', 'Blue'), true)
    assert.equal(spooler.wants('dev/e', 'green'), false)
    for (let i = 0; i < 5; i++) spooler.collect(scored(`r${i}`))
    spooler.collect(scored('big', 'x'.repeat(5 * 2 ** 20)))
    await spooler.close()
    const files = readdirSync(join(folder, 's1'))
    assert.ok(
      files.every((name) => name.endsWith('.jsonl')),
      String(files),
    )
    const text = files.map((name) => readFileSync(join(folder, 's1', name), 'utf8')).join('')
    assert.deepEqual(
      readSpool(text).lines.map(({ id }) => id),
      ['r0', 'r1', 'r2', 'r3', 'r4'],
    )
    assert.deepEqual([collected(), dropped], [5, ['too-large']])
    rmSync(folder, { recursive: true })
  })

  test('counts what a disk does not take, and goes on', async () => {
    const { folder, spooler, dropped, collected } = open()
    // A file where the folder should be: no disk could be fuller.
    writeFileSync(join(folder, 's2'), '')
    spooler.apply(routes('s2') as never)
    spooler.collect(scored('r1'))
    await spooler.close()
    assert.deepEqual([collected(), dropped], [0, ['disk']])
    rmSync(join(folder, 's2'))
    spooler.collect(scored('r2'))
    await spooler.close()
    assert.equal(collected(), 1)
    chmodSync(folder, 0o700)
    rmSync(folder, { recursive: true })
  })
})
