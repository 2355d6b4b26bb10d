import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { after, before, describe, test } from 'node:test'
import { startTestApp, type TestApp } from '../../../testing/app.ts'
import { putVersion } from '../../contracts/testing/csv-version.ts'
import type { Profile } from '../profile.ts'

const flights = readFileSync(
  join(import.meta.dirname, '../../../../examples/flights/data/flights-2013-02.parquet'),
)
const small = 'id,carrier,distance,late\n1,AA,100,0\n2,UA,200,1\n3,AA,,0\n4,,400,1\n'

describe('profiles of data', () => {
  let t: TestApp
  let version: string
  before(async () => {
    t = await startTestApp()
    version = await putVersion(t, 'small', '1', small)
    await putVersion(t, 'small', '2', `${small}5,DL,9000,1\n`)
  })
  after(() => t.end())

  const profileOf = (of: string, name = 'default') => `${of}/providers/Twinloop/profiles/${name}`
  const make = async (id: string, properties: object = {}) => {
    const put = await t.send('PUT', id, { properties })
    assert.ok(put.status < 300, JSON.stringify(put.body))
    return t.until(id, (p) => p['provisioningState'] === 'Succeeded' || p['provisioningState'] === 'Failed')
  }
  const read = async (id: string) => (await t.send('GET', `${id}/result`)).body as Profile

  test('are made of a version and kept', async () => {
    const id = profileOf(version)
    const status = await make(id)
    assert.deepEqual(
      [
        (status['error'] as Error | undefined)?.message ?? status['provisioningState'],
        status['rows'],
        status['columnCount'],
        status['progress'],
      ],
      ['Succeeded', 4, 4, undefined],
    )
    const profile = await read(id)
    assert.deepEqual(
      profile.columns.map(({ name, missing, distinct }) => [name, missing.count, distinct.count]),
      [
        ['id', 0, 4],
        ['carrier', 1, 2],
        ['distance', 1, 3],
        ['late', 0, 2],
      ],
    )
    assert.deepEqual(profile.source, { id: version, name: 'small', version: '1', format: 'csv' })
    const byAction = await t.send('POST', `${id}/result`)
    assert.deepEqual(byAction.body, profile)
  })

  test('are not made again for what is there', async () => {
    const id = profileOf(version, 'again')
    await make(id, { target: 'late' })
    const first = await t.send('GET', id)
    const put = await t.send('PUT', id, { properties: { target: 'late' } })
    assert.equal(put.status, 200)
    assert.equal(put.body.properties.provisioningState, 'Succeeded')
    assert.equal(put.body.etag, first.body.etag)
    const changed = await t.send('PUT', id, { properties: { target: 'carrier' } })
    assert.equal(changed.body.properties.provisioningState, 'Running')
    await t.until(id, (p) => p['provisioningState'] === 'Succeeded')
    assert.equal((await read(id)).target?.column, 'carrier')
  })

  test('of the same options under another name are taken over', async () => {
    await make(profileOf(version, 'one'), { columns: ['distance'] })
    await make(profileOf(version, 'two'), { columns: ['distance'] })
    assert.deepEqual(await read(profileOf(version, 'two')), await read(profileOf(version, 'one')))
  })

  test('are held against another version', async () => {
    const id = profileOf(version.replace(/1$/, '2'), 'drift')
    await make(id, { against: '1' })
    const { drift } = await read(id)
    assert.equal(drift?.against.version, '1')
    assert.deepEqual(drift?.columns.find(({ name }) => name === 'carrier')?.newValues, ['DL'])
  })

  test('refuse what they cannot be of, in words', async () => {
    const unknown = await make(profileOf(version, 'unknown'), { target: 'lat' })
    assert.equal(unknown['provisioningState'], 'Failed')
    assert.match((unknown['error'] as Error).message, /no column 'lat'.*Did you mean 'late'\?/)
    const asked = await t.send('GET', `${profileOf(version, 'unknown')}/result`)
    assert.equal(asked.status, 409)
    assert.match(asked.body.error.message, /no column 'lat'/)

    const noVersion = await t.send('PUT', profileOf(version, 'x'), { properties: { against: '11' } })
    assert.equal(noVersion.status, 404)
    assert.match(noVersion.body.error.message, /'small' has no version '11'.*Did you mean '1'\?/)
    const noData = await t.send('PUT', profileOf(version, 'x'), { properties: { against: 'runs:/a/b' } })
    assert.equal(noData.status, 400)
    assert.match(noData.body.error.message, /no version of data/)
    const wrongParent = await t.send('PUT', profileOf(t.workspace, 'x'), { properties: {} })
    assert.equal(wrongParent.status, 400)
    assert.match(wrongParent.body.error.message, /Only versions of data have profiles/)
    assert.equal((await t.send('PUT', profileOf(version, 'x'), { properties: { sample: 3 } })).status, 400)
    assert.equal((await t.send('GET', `${profileOf(version, 'never')}/result`)).status, 404)
    const stranger = { authorization: 'Bearer nobody' }
    assert.equal((await t.send('GET', `${profileOf(version)}/report`, undefined, stranger)).status, 401)
  })

  test('of what is no table say why', async () => {
    const broken = await putVersion(t, 'broken', '1', 'not parquet at all', 'data.parquet')
    const status = await make(profileOf(broken))
    assert.equal(status['provisioningState'], 'Failed')
    assert.match((status['error'] as Error).message, /data\.parquet/)
  })

  test('of nothing are empty', async () => {
    const empty = await putVersion(t, 'empty', '1', 'a,b\n')
    await make(profileOf(empty))
    const { rows, columns, warnings } = await read(profileOf(empty))
    assert.equal(rows, 0)
    assert.deepEqual(
      columns.map(({ name }) => name),
      ['a', 'b'],
    )
    assert.deepEqual(
      warnings.map(({ code }) => code),
      ['empty_table'],
    )
  })

  test('go with their version', async () => {
    const gone = await putVersion(t, 'gone', '1', small)
    await make(profileOf(gone))
    const stored = async () => {
      const containers = await t.app.platform.artifacts.containers()
      const container = containers.find((name) => name.endsWith('-artifacts')) ?? ''
      return (await t.app.platform.artifacts.list(container, 'profiles/')).blobs.length
    }
    const before = await stored()
    assert.ok(before > 0)
    await t.send('DELETE', gone)
    await t.until(profileOf(gone), (p) => Object.keys(p).length === 0)
    assert.equal(await stored(), before - 1)
  })

  test('are a page, too, that needs nothing else', async () => {
    const version = await putVersion(t, 'flights', '1', flights as unknown as string, 'flights.parquet')
    await make(profileOf(version), { target: 'arr_delay' })
    const page = await t.send('GET', `${profileOf(version)}/report`)
    assert.equal(page.status, 200)
    assert.match(page.headers.get('content-security-policy') ?? '', /default-src 'none'/)
    const again = await t.send('GET', `${profileOf(version)}/report`, undefined, {
      'if-none-match': page.headers.get('etag') ?? '',
    })
    assert.equal(again.status, 304)
  })
})
