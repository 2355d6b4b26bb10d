import assert from 'node:assert/strict'
import { after, before, describe, test } from 'node:test'
import type { Actor } from '../../kernel/access/access.ts'
import { startTestApp, type TestApp } from '../../testing/app.ts'
import { askData, previewData } from '../exploration/ask.ts'
import { putVersion } from '../contracts/testing/csv-version.ts'

describe('who may not read data', () => {
  let t: TestApp
  let open: string
  let shut: string
  const analyst: Actor = {
    id: '33333333-0000-0000-0000-000000000001',
    name: 'analyst',
    kind: 'User',
    confinedTo: '',
  }

  before(async () => {
    t = await startTestApp()
    open = await putVersion(t, 'open', '1', 'a\n1\n')
    shut = await putVersion(t, 'shut', '1', 'a\n2\n')
    let id = 0
    const allow = async (scope: string, ...actions: readonly string[]) => {
      const guid = `33333333-0000-0000-0000-${String(++id).padStart(12, '0')}`
      const role = `${t.workspace}/providers/Microsoft.Authorization/roleDefinitions/${guid}`
      const made = await t.send('PUT', role, {
        properties: { roleName: `Analyst ${id}`, permissions: [{ actions }] },
      })
      assert.equal(made.status, 201, JSON.stringify(made.body))
      const assigned = await t.send(
        'PUT',
        `${scope}/providers/Microsoft.Authorization/roleAssignments/${guid}`,
        { properties: { roleDefinitionId: role, principalId: analyst.id } },
      )
      assert.equal(assigned.status, 201, JSON.stringify(assigned.body))
    }
    const data = 'Microsoft.MachineLearningServices/workspaces/data'
    await allow(t.workspace, 'Twinloop/*', `${data}/versions/write`)
    await allow(open, `${data}/versions/read`)
  })
  after(() => t.end())

  test('sees no row, by no way that leads to them', async () => {
    const nobody: Actor = { ...analyst, id: '33333333-0000-0000-0000-000000000002', name: 'nobody' }
    const { platform } = t.app
    const asking = (actor: Actor) => ({ platform, actor, workspaceId: t.workspace })
    const looks = (actor: Actor, name: string) => [
      previewData(asking(actor), { reference: `azureml:${name}:1`, limit: 1, offset: 0 }),
      askData(asking(actor), { sql: `select * from ${name}`, limit: 1 }),
      askData(asking(actor), { sql: `with x as (from "azureml:${name}:1") from x`, limit: 1 }),
    ]
    for (const { rows } of await Promise.all(looks(analyst, 'open'))) assert.deepEqual(rows, [[1]])
    for (const [actor, name] of [
      [analyst, 'shut'],
      [nobody, 'open'],
    ] as const)
      for (const look of await Promise.allSettled(looks(actor, name)))
        assert.match(String(look.status === 'rejected' && look.reason), forbidden)
    for (const [path, properties] of [
      [`${open}/providers/Twinloop/profiles/n`, {}],
      [own('dataDiffs/n'), { from: 'azureml:open:1', to: 'azureml:open:1' }],
    ] as const)
      await assert.rejects(platform.resources.put(nobody, path, { properties }), /may not do/)
  })

  const put = (id: string, properties: object) =>
    t.app.platform.resources.put(analyst, id, { properties } as never)
  const own = (path: string) => `${t.workspace}/providers/Twinloop/${path}`
  const forbidden = /may not do '\S+\/read'/

  test('is told nothing of them by profiles, comparisons, imports and exports', async () => {
    const profile = '/providers/Twinloop/profiles/p'
    await put(`${open}${profile}`, {})
    await assert.rejects(put(`${shut}${profile}`, {}), forbidden)
    await assert.rejects(put(`${open}${profile}2`, { against: 'azureml:shut:1' }), forbidden)
    const [from, to] = ['azureml:open:1', 'azureml:shut:1']
    await assert.rejects(put(own('dataDiffs/d'), { from, to }), forbidden)
    for (const path of ['azureml:shut:1', 'azureml://datastores/workspaceblobstore/paths/x']) {
      const source = { sourceType: 'file_system', path }
      await assert.rejects(put(own('dataImports/i'), { assetName: 'mine', source }), forbidden, path)
    }
    const target = { targetType: 'file_system', path: 'azureml://datastores/workspaceblobstore/paths/out/' }
    await assert.rejects(put(own('dataExports/e'), { source: 'azureml:shut:1', target }), forbidden)
    const checks = [{ row_count: { min: 1 } }, { sql: 'select * from data join shut using (a)', name: 'x' }]
    await assert.rejects(put(own('dataContracts/c'), { data: 'shut', checks }), forbidden)
  })
})
