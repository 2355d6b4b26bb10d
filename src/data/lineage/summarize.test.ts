import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { startTestApp, type TestApp } from '../../testing/app.ts'
import { endLineage, recordLineage } from './record.ts'

let t: TestApp
before(async () => {
  t = await startTestApp()
})
after(() => t.end())

test('data assets are told beside each other, with who uses them', async () => {
  const { workspace } = t
  for (const [name, version] of [
    ['raw', '1'],
    ['raw', '2'],
    ['clean', '1'],
    ['idle', '1'],
  ] as const) {
    const dataUri = `azureml://datastores/workspaceblobstore/paths/${name}${version}/f.csv`
    const { status } = await t.send('PUT', `${workspace}/data/${name}/versions/${version}`, {
      properties: { dataType: 'uri_file', dataUri },
    })
    assert.equal(status, 201)
  }
  const data = (name: string, version = '1') => `${workspace}/data/${name}/versions/${version}`
  const model = `${workspace}/models/late/versions/1`
  const endpoint = `${workspace}/onlineEndpoints/live`
  const [blue, green] = [`${endpoint}/deployments/blue`, `${endpoint}/deployments/green`]
  await t.app.platform.store.transaction((db) =>
    recordLineage(
      db,
      workspace,
      [
        { from: data('raw', '1'), to: `${workspace}/jobs/prep`, kind: 'read' },
        { from: data('raw', '2'), to: `${workspace}/jobs/prep`, kind: 'read' },
        { from: data('raw', '2'), to: `${workspace}/jobs/look`, kind: 'read' },
        { from: `${workspace}/jobs/prep`, to: data('clean'), kind: 'wrote' },
        { from: data('clean'), to: `${workspace}/jobs/train`, kind: 'read' },
        { from: `${workspace}/jobs/train`, to: model, kind: 'registered' },
        { from: model, to: blue, kind: 'deployed' },
        { from: model, to: green, kind: 'deployed' },
        { from: blue, to: endpoint, kind: 'serves' },
        { from: green, to: endpoint, kind: 'serves' },
        // What the endpoint was asked came of it, and not of what its model was trained on.
        { from: blue, to: data('idle'), kind: 'wrote' },
      ],
      Date.now(),
    ),
  )
  const usedBy = async (body: object = {}) => {
    const { body: found } = await t.send('POST', `${workspace}/summarizeData`, body)
    return Object.fromEntries(
      (found.value as { name: string; usedBy: object }[]).map(({ name, usedBy: by }) => [
        name,
        Object.values(by).join(' '),
      ]),
    )
  }
  // Jobs, models, endpoints, monitors.
  assert.deepEqual(await usedBy(), { raw: '2 1 1 0', clean: '1 1 1 0', idle: '0 0 0 0' })
  await t.app.platform.store.transaction(async (db) => {
    for (const to of [blue, green])
      await endLineage(db, workspace, { to, kind: 'deployed', from: [] }, Date.now())
  })
  assert.deepEqual(await usedBy({ names: ['Clean'] }), { clean: '1 1 0 0' })
  const { value } = (await t.send('POST', `${workspace}/summarizeData`, { names: ['raw'] })).body
  assert.deepEqual([value[0].versions, value[0].latest.version], [2, '2'])
  assert.equal((await t.send('POST', `${workspace}/summarizeData`, { names: [''] })).status, 400)
})
