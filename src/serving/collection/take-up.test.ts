import assert from 'node:assert/strict'
import { existsSync, mkdirSync, readdirSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { after, before, describe, test } from 'node:test'
import type { Resource } from '../../kernel/resources/resource.ts'
import { startTestApp, type TestApp } from '../../testing/app.ts'
import { withCollected } from './reading/collected.ts'
import { placesOf } from './places.ts'
import { spoolFolder } from './spool.ts'
import { takeUp } from './take-up.ts'

describe('taking up what was collected', () => {
  let twin: TestApp
  let deployment: Resource
  let folder: string
  before(async () => {
    twin = await startTestApp()
    const id = `${twin.workspace}/onlineEndpoints/flights/deployments/blue`
    const enabled = { dataCollectionMode: 'Enabled' }
    const properties = { dataCollector: { collections: { model_inputs: enabled, model_outputs: enabled } } }
    deployment = { id, key: id.toLowerCase(), scope: twin.workspace, properties } as unknown as Resource
    folder = spoolFolder(twin.home, deployment.key)
    mkdirSync(folder, { recursive: true })
  })
  after(() => twin.end())

  async function describeIt() {
    const { platform } = twin.app
    const collections = await placesOf(platform, deployment, deployment.properties)
    const described = {
      deployment: deployment.id,
      modelVersion: '1',
      columns: ['a'],
      rolling: 'Hour',
      collections,
    }
    mkdirSync(folder, { recursive: true })
    writeFileSync(join(folder, 'spool.json'), JSON.stringify(described))
  }
  const lineOf = (id: string, request: string) =>
    `${JSON.stringify({
      kind: 'exchange',
      id,
      at: '2026-01-31T09:05:07.000Z',
      operation: 'score',
      requestType: 'application/json',
      request,
      status: 200,
      responseType: 'application/json',
      response: '[1]',
    })}\n`
  const rows = (a: unknown, more: object = {}) => JSON.stringify({ input_data: [{ a, ...more }] })
  const window = { from: new Date('2026-01-31T00:00:00Z'), to: new Date('2026-02-01T00:00:00Z') }
  const collected = (what: string) =>
    withCollected(
      twin.app.platform,
      deployment,
      window,
      async ({ session }) => (await session.all(what)).rows,
    )

  test('every line once, whoever has written it and however often it is taken up', async () => {
    const old = String(Date.now() - 86_400_000)
    const files: Record<string, string> = {
      [`gateway-999999999-${old}000000.open`]: lineOf('dead', rows(1)) + lineOf('cut', rows(1)).slice(0, 30),
      // An id that another process has by now: this one.
      [`gateway-${process.pid}-${old}000000.open`]: lineOf('reused', rows(2)),
      [`gateway-7-${old}000001.jsonl`]:
        lineOf('deep', `{"input_data": ${'['.repeat(200_000)}${']'.repeat(200_000)}}`) +
        lineOf('flat', rows(3)),
    }
    const living = `gateway-${process.pid}-${Date.now()}000000.open`
    const nobodys = spoolFolder(twin.home, 'nobody')
    mkdirSync(nobodys)
    writeFileSync(join(nobodys, 'spool.json'), '{')
    for (let round = 0; round < 2; round++) {
      await describeIt()
      writeFileSync(join(folder, living), lineOf('living', rows(9)))
      for (const [name, text] of Object.entries(files)) writeFileSync(join(folder, name), text)
      // The server looks, too, when files are closed.
      while (String(readdirSync(folder).toSorted()) !== `${living},spool.json`)
        await takeUp(twin.app.platform)
      assert.deepEqual(await collected('select correlationid, a, prediction from collected order by 1'), [
        ['dead', 1, 1],
        ['flat', 3, 1],
        ['reused', 2, 1],
      ])
    }
  })

  test('the data are assets, and come of the deployment', async () => {
    const asset = `${twin.workspace}/data/flights-blue-model_inputs/versions/1`
    const { body } = await twin.send('POST', `${asset}/lineage`, { direction: 'up' })
    const edges = body.edges as { kind: string; from: string; to: string; name?: string }[]
    const wrote = edges.filter(({ kind }) => kind === 'wrote')
    assert.deepEqual(
      wrote.map(({ from, to, name }) => [from, to, name]),
      [[deployment.id, asset, 'model_inputs']],
    )
  })

  test('columns and types that only later rows have', async () => {
    await describeIt()
    const many = Array.from({ length: 21_000 }, (_, i) => lineOf(`n${i}`, rows(i)))
    writeFileSync(
      join(folder, 'gateway-7-10.jsonl'),
      many.join('') + lineOf('odd', rows(0.5, { late: 'yes' })),
    )
    writeFileSync(join(folder, 'gateway-7-11.jsonl'), lineOf('other', rows('x')))
    while (readdirSync(folder).some((name) => name.endsWith('.jsonl'))) await takeUp(twin.app.platform)
    const [odd] = await collected(`select a, late from collected where correlationid = 'odd'`)
    assert.deepEqual(odd, ['0.5', 'yes'])
    const counted = await collected(`select count(*)::int from collected where correlationid like 'n%'`)
    assert.deepEqual(counted, [[21_000]])
  })

  test('the spool of a deployment that has gone goes, too, once it is empty', async () => {
    await describeIt()
    await takeUp(twin.app.platform)
    assert.equal(existsSync(folder), true, 'somebody still writes')
    for (const name of readdirSync(folder).filter((file) => file.endsWith('.open')))
      rmSync(join(folder, name))
    while (existsSync(folder)) await takeUp(twin.app.platform)
  })
})
