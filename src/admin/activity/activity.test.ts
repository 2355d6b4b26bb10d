import assert from 'node:assert/strict'
import { after, before, describe, test } from 'node:test'
import { startTestApp, type TestApp } from '../../testing/app.ts'
import { readFilter } from './filter.ts'

describe('a filter of the activity log', () => {
  test('is read as Azure writes it', () => {
    assert.deepEqual(
      readFilter(
        "eventTimestamp ge '2026-11-01T00:00:00Z' and eventTimestamp le '2026-11-02' AND caller eq 'O''Neil'",
      ),
      { from: Date.UTC(2026, 10, 1), to: Date.UTC(2026, 10, 2), caller: "O'Neil" },
    )
    assert.deepEqual(readFilter(''), {})
  })
  test('is refused with where it breaks off, and the nearest field', () => {
    for (const [text, says] of [
      ["caller eq 'ana", /from 'caller eq 'ana' on/],
      ["caller eq 'ana' or caller eq 'bo'", /from 'caller eq 'ana' or/],
      ["calller eq 'ana'", /did you mean 'caller'/],
      ["caller ge 'ana'", /'eq' only/],
      ["eventTimestamp eq '2026-11-01'", /'ge' and 'le'/],
      ["eventTimestamp ge 'yesterday'", /no time/],
      ["caller eq 'ana' and", /nothing follows/],
    ] as const)
      assert.throws(() => readFilter(text), says, text)
  })
})

describe('the activity log', () => {
  let t: TestApp
  let as: Record<string, string>
  let subscription: string
  before(async () => {
    t = await startTestApp()
    subscription = /^\/subscriptions\/[^/]+/.exec(t.workspace)?.[0] ?? ''
    const { body } = await t.send('PUT', '/providers/Twinloop/users/ana', { properties: {} })
    const token = (await t.send('POST', '/providers/Twinloop/users/ana/addPassword', {})).body.secretText
    as = { authorization: `Bearer ${token}` }
    await t.send(
      'PUT',
      `${t.workspace}/providers/Microsoft.Authorization/roleAssignments/55555555-0000-0000-0000-000000000001`,
      { properties: { roleDefinitionId: 'Contributor', principalId: body.properties.principalId } },
    )
    for (const name of ['a', 'b', 'c'])
      await t.send('PUT', `${t.workspace}/environments/${name}`, { properties: {} }, as)
  })
  after(() => t.end())

  const read = (filter = '', more = '', headers = {}, base = subscription) =>
    t.send(
      'GET',
      `${base}/providers/Microsoft.Insights/eventtypes/management/values?$filter=${encodeURIComponent(filter)}${more}`,
      undefined,
      headers,
    )

  test('tells who did what, newest first, by person, resource, operation and time', async () => {
    const { body } = await read("caller eq 'ana'")
    assert.deepEqual(
      body.value.map((one: { resourceId: string }) => one.resourceId.split('/').at(-1)),
      ['c', 'b', 'a'],
    )
    const [newest] = body.value
    assert.equal(newest.caller, 'ana')
    assert.equal(
      newest.operationName.value,
      'Microsoft.MachineLearningServices/workspaces/environments/write',
    )
    assert.equal(newest.properties.detail, 'created')
    assert.equal(newest.resourceGroupName, 'twinloop')
    assert.ok((await read("operations eq 'roleAssignments'")).body.value.length > 0)
    assert.equal((await read(`resourceUri eq '${t.workspace}/environments/a'`)).body.value.length, 1)
    assert.deepEqual((await read("eventTimestamp le '2020-01-01'")).body.value, [])
    assert.deepEqual((await read("caller eq 'nobody'")).body.value, [])
  })

  test('comes in pages, and with the fields that were asked for', async () => {
    const first = (await read("caller eq 'ana'", '&$top=2&$select=caller,resourceId')).body
    assert.deepEqual(Object.keys(first.value[0]).sort(), ['caller', 'resourceId'])
    assert.equal(first.value.length, 2)
    const next = new URL(first.nextLink)
    const second = (await t.send('GET', `${next.pathname}${next.search}`)).body
    assert.equal(second.value.length, 1)
    assert.equal(second.nextLink, undefined)
  })

  test('of a workspace is read by who may do so there, that of the whole server by an owner of it', async () => {
    assert.equal((await read('', '', as)).status, 403)
    assert.equal((await read(`resourceUri eq '${t.workspace}'`, '', as)).status, 200)
    const { body } = await read('', '', {}, '')
    assert.ok(
      body.value.some((one: { resourceId: string }) => one.resourceId === '/providers/twinloop/users/ana'),
    )
    assert.equal((await read('', '', as, '')).status, 403)
  })

  test('refuses what it cannot read', async () => {
    assert.equal((await read("caler eq 'ana'")).status, 400)
    assert.equal((await read('', '&$top=none')).status, 400)
    assert.equal((await read("resourceUri eq '/subscriptions/other'")).status, 400)
    assert.equal((await read("resourceGroupName eq 'x'", '', {}, '')).status, 400)
  })
})
