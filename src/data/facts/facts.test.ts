import assert from 'node:assert/strict'
import { createHash } from 'node:crypto'
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, before, describe, test } from 'node:test'
import { startTestApp, type TestApp } from '../../testing/app.ts'
import { backfillFacts } from './backfill.ts'
import type { DataFacts } from './facts.ts'

let t: TestApp
const root = mkdtempSync(join(tmpdir(), 'twinloop-'))
const sha = (text: string) => createHash('sha256').update(text).digest('hex')

before(async () => {
  t = await startTestApp({ dataRoots: root })
  await t.send('PUT', `${t.workspace}/datastores/lake`, {
    properties: { datastoreType: 'LocalFolder', path: root },
  })
})
after(async () => {
  await t.end()
  rmSync(root, { recursive: true, force: true })
})

const write = (files: Readonly<Record<string, string>>) => {
  for (const [name, text] of Object.entries(files)) {
    mkdirSync(join(root, name, '..'), { recursive: true })
    writeFileSync(join(root, name), text)
  }
}
const at = (path: string) => `azureml://datastores/lake/paths/${path}`

/** Registers a version and waits for what is found of it. */
async function factsOf(name: string, dataType: string, dataUri: string): Promise<DataFacts> {
  const id = `${t.workspace}/data/${name}/versions/1`
  const { status, body } = await t.send('PUT', id, { properties: { dataType, dataUri } })
  assert.equal(status, 201, JSON.stringify(body))
  const { facts } = await t.until(id, ({ facts: found }) => found !== undefined)
  return facts as DataFacts
}

test('of a version that was made before they were recorded, at the next start and once', async () => {
  write({ 'old.csv': 'a\n1\n' })
  await factsOf('old', 'uri_file', at('old.csv'))
  const key = `${t.workspace}/data/old/versions/1`
  const { platform } = t.app
  await platform.resources.setStatus(key.toLowerCase(), { facts: null })
  await platform.store.db.deleteFrom('lineage_backfills').where('name', '=', 'data-facts').execute()
  await backfillFacts(platform)
  const { facts } = await t.until(key, ({ facts: found }) => found !== undefined && found !== null)
  assert.equal((facts as DataFacts).state, 'recorded')
})

describe('of a new version is recorded', () => {
  test('a file: hash, size, rows, columns', async () => {
    const text = 'carrier,delay\nAA,1.5\nUA,NA\n'
    write({ 'one/flights.csv': text })
    const { recordedAt, ...facts } = await factsOf('flights', 'uri_file', at('one/flights.csv'))
    assert.ok(Date.parse(recordedAt) > 0)
    assert.deepEqual(facts, {
      state: 'recorded',
      attempts: 1,
      bytes: text.length,
      files: 1,
      contentHash: sha(text),
      format: 'csv',
      rows: 2,
      columns: [
        { name: 'carrier', type: 'VARCHAR' },
        { name: 'delay', type: 'DOUBLE' },
      ],
      notes: ["'NA' is read as missing (as in delay)"],
    })
  })

  test('a folder, wherever it is, with the same hash', async () => {
    write({
      'two/a.csv': 'x\n1\n',
      'two/b/c.csv': 'x\n2\n',
      'three/a.csv': 'x\n1\n',
      'three/b/c.csv': 'x\n2\n',
    })
    const expected = sha(`a.csv\0${sha('x\n1\n')}\nb/c.csv\0${sha('x\n2\n')}\n`)
    const [two, three] = [
      await factsOf('two', 'uri_folder', at('two')),
      await factsOf('three', 'uri_folder', at('three/')),
    ]
    assert.deepEqual([two.contentHash, three.contentHash, two.rows, two.files], [expected, expected, 2, 2])
    const workspace = await t.app.platform.resources.get(t.workspace)
    const container = `${String(workspace.status['workspaceId'])}-blobstore`
    await t.app.platform.artifacts.storeFolder(join(root, 'two'), { container, path: 'LocalUpload/x/two' })
    const uploaded = await factsOf(
      'uploaded',
      'uri_folder',
      'azureml://datastores/workspaceblobstore/paths/LocalUpload/x/two/',
    )
    assert.deepEqual([uploaded.contentHash, uploaded.rows], [expected, 2])
    const { body } = await t.send('GET', `${t.workspace}/data/uploaded/versions/1`)
    assert.deepEqual(body.properties.origin, { kind: 'upload', by: body.systemData.createdBy })
  })

  test('a table, by its MLTable', async () => {
    write({
      'table/x.csv': 'a\n1\n2\n3\n',
      'table/MLTable': 'paths: [{ file: ./x.csv }]\ntransformations:\n  - read_delimited: {}\n  - take: 2\n',
    })
    const { rows, format } = await factsOf('table', 'mltable', at('table'))
    assert.deepEqual([rows, format], [2, 'mltable'])
  })

  test('what is no table: its bytes, and why', async () => {
    write({ 'picture.png': '%PDF-1.4', 'ragged.csv': 'a,b\n1,2\n3\n' })
    const picture = await factsOf('picture', 'uri_file', at('picture.png'))
    assert.deepEqual([picture.state, picture.files, picture.rows], ['recorded', 1, undefined])
    const ragged = await factsOf('ragged', 'uri_file', at('ragged.csv'))
    assert.match(ragged.problem ?? '', /^ragged\.csv:3 has 1 field where 2 are expected/)
    assert.equal(ragged.contentHash, sha('a,b\n1,2\n3\n'))
  })

  test('what is not there: why', async () => {
    const { state, problem } = await factsOf('missing', 'uri_file', at('no-such.csv'))
    assert.equal(state, 'unreachable')
    assert.match(problem ?? '', /no-such\.csv/)
  })

  test('and a client that sends it back changes nothing', async () => {
    const id = `${t.workspace}/data/flights/versions/1`
    const { body } = await t.send('GET', id)
    const again = await t.send('PUT', id, {
      properties: { ...body.properties, facts: { rows: 99 }, description: 'x' },
    })
    assert.equal(again.status, 200)
    assert.equal(again.body.properties.facts.rows, 2)
    assert.equal(again.body.properties.origin.kind, 'path')
  })
})

describe('an MLTable that is there is checked when it is registered', () => {
  const put = (path: string) =>
    t.send('PUT', `${t.workspace}/data/tables/versions/1`, {
      properties: { dataType: 'mltable', dataUri: at(path) },
    })

  test('one that is not right is refused with its line', async () => {
    write({ 'wrong/MLTable': 'paths: [{ file: x.csv }]\ntransformations:\n  - read_delimted: {}\n' })
    const { status, body } = await put('wrong')
    assert.equal(status, 400)
    assert.match(body.error.message, /MLTable:3:5: .*did you mean read_delimited\?/)
    assert.equal(body.error.target, 'properties.dataUri')
  })

  test('a folder without one is refused, and one that comes later is not', async () => {
    write({ 'none/x.csv': 'a\n1\n' })
    assert.match((await put('none')).body.error.message, /has no file called MLTable/)
    assert.match((await put('none/x.csv')).body.error.message, /is a file; an mltable is a folder/)
    assert.equal((await put('later')).status, 201)
  })
})
