import assert from 'node:assert/strict'
import { mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { after, before, describe, test } from 'node:test'
import { startTestApp, type TestApp } from '../../../../testing/app.ts'
import { containerOf } from '../../../containers.ts'
import { importing, type Importing } from './importing.ts'

describe('imports from SQLite', () => {
  const root = mkdtempSync(join(tmpdir(), 'twinloop-'))
  const path = join(root, 'shop.db')
  const database = new DatabaseSync(path)
  let t: TestApp
  let by: Importing
  before(async () => {
    t = await startTestApp({ dataRoots: root })
    by = importing(t, 'azureml:db')
    await by.connect('db', 'sqlite', path)
  })
  after(async () => {
    await t.end()
    database.close()
    rmSync(root, { recursive: true, force: true })
  })

  test('a query becomes a version, by what columns are declared as and by what values they have', async () => {
    database.exec(`create table kinds (i integer, big bigint, r real, n decimal(10,2), b boolean, s varchar(10), y blob, d date, ts datetime, j json, x);
      insert into kinds values (-1, 9223372036854775807, 0.1, 12.5, 1, 'a,"b"
''c'' 🛫', x'00ff10', '2024-02-29', '2024-02-29 12:34:56.789', '{"a": 1}', 1),
        (null, null, 9e999, null, 0, '', x'', null, '2024-02-29T12:00:00Z', null, 'two'), (null, null, -1e-300, null, null, x'41', 'text', null, null, null, null)`)
    const done = await by.run(
      'kinds',
      'select *, i + r as sum, count(*) over () as rows, null as none from kinds',
    )
    assert.equal(done.status, 'Completed', JSON.stringify(done.error))
    assert.deepEqual(done.warnings, [
      "Column 'x' has values of several kinds (integer and text), and is kept as text.",
    ])
    const types = await by.content(done.assetId, 'select column_type from (describe t)')
    assert.deepEqual(types.flat(), [
      'BIGINT',
      'BIGINT',
      'DOUBLE',
      'DECIMAL(10,2)',
      'BOOLEAN',
      'VARCHAR',
      'BLOB',
      'DATE',
      'TIMESTAMP',
      'JSON',
      'VARCHAR',
      'DOUBLE',
      'BIGINT',
      'VARCHAR',
    ])
    const rows = await by.content(done.assetId, 'select * from t order by i nulls last, r desc')
    assert.deepEqual(rows[0], [
      -1,
      '9223372036854775807',
      0.1,
      '12.50',
      true,
      `a,"b"\n'c' 🛫`,
      'AP8Q',
      '2024-02-29',
      '2024-02-29T12:34:56.789',
      '{"a": 1}',
      '1',
      -0.9,
      3,
      null,
    ])
    assert.deepEqual(rows[1]?.slice(2, 9), [
      Number.POSITIVE_INFINITY,
      null,
      false,
      '',
      '',
      null,
      '2024-02-29T12:00:00',
    ])
    assert.deepEqual(rows[2]?.slice(2, 7), [-1e-300, null, null, 'A', 'dGV4dA=='])
  })

  test('an incremental import adds what is new while the application goes on writing', async () => {
    database.exec(`pragma journal_mode = wal; create table words (id integer primary key, word text collate nocase);
      insert into words (word) values ('a'), ('B'), ('b'), (null)`)
    const byWord = { assetName: 'words', incremental: { column: 'word' } }
    const first = await by.run('words_1', 'select * from words', byWord)
    assert.deepEqual(
      [first.status, first.watermark, first.progress.rows],
      ['Completed', 'b', 3],
      JSON.stringify(first.error),
    )
    database.exec(`insert into words (word) values ('A'), ('it''s'), ('C')`)
    const second = await by.run('words_2', 'select * from words', byWord)
    assert.deepEqual([second.watermark, second.progress.rows], ["it's", 1])
    const byId = { assetName: 'ids', incremental: { column: 'id', from: 5 } }
    const numbers = await by.run('ids_1', 'select * from words', byId)
    assert.deepEqual([numbers.watermark, numbers.progress.rows], ['7', 2], JSON.stringify(numbers.error))
  })

  test('what cannot be imported says why, and leaves no version', async () => {
    database.exec(
      `create table odd (i integer, d date); insert into odd values (1.5, '2024-01-01 10:00:00'), (2, '2024-01-01')`,
    )
    assert.match(await by.failing('bad_1', 'select * from nowhere'), /refuses: no such table: nowhere/)
    assert.match(
      await by.failing('bad_2', 'select 1 as a; drop table odd'),
      /refuses: near ";": syntax error/,
    )
    assert.match(
      await by.failing('bad_3', 'delete from odd returning i'),
      /refuses: .*(?:readonly|near "delete")/i,
    )
    assert.match(await by.failing('bad_4', 'pragma user_version'), /refuses: near "pragma"/)
    assert.match(
      await by.failing('bad_5', 'select i from odd'),
      /Column 'i' is integer, and its value "1.5" is no BIGINT/,
    )
    assert.match(
      await by.failing('bad_6', 'select d from odd'),
      /Column 'd' is date, and its value "2024-01-01 10:00:00" is no DATE/,
    )
    assert.match(await by.failing('bad_7', `attach '${path}' as other`), /no columns|refuses/)
    assert.match(
      await by.failing(
        'bad_8',
        'with recursive i (n) as (select 1 union all select n + 1 from i) select max(n) as n from i where n < 0',
        { timeout: 0.3 },
      ),
      /the query was ended after 0.3 s. Raise the import's timeout/,
    )
    assert.equal(database.prepare('select count(*) as n from odd').get()?.['n'], 2)
  })

  test('only what lies in an open folder is opened', async () => {
    const refused = async (name: string, target: string) => {
      await by.connect(name, 'Sqlite', target)
      const source = { sourceType: 'database', connection: `azureml:${name}`, query: 'select 1' }
      return by.failing(name, 'select 1', { source })
    }
    assert.match(await refused('own', join(t.home, 'store.db')), /does not lie below a folder that is open/)
    symlinkSync(join(t.home, 'store.db'), join(root, 'link.db'))
    assert.match(await refused('link', join(root, 'link.db')), /does not lie below a folder that is open/)
    assert.match(await refused('gone', join(root, 'gone.db')), /or does not exist/)
    assert.match(await refused('folder', root), /is not a file/)
    writeFileSync(join(root, 'text.db'), 'no database at all, but long enough to look at'.repeat(100))
    assert.match(await refused('text', join(root, 'text.db')), /is no SQLite database, or an encrypted one/)
    assert.match(await refused('relative', 'shop.db'), /Expected the absolute path/)
  })

  test('a file in a datastore is read as it was when it was asked for', async () => {
    database.exec('pragma wal_checkpoint(truncate)')
    const container = containerOf(await t.app.platform.resources.get(t.workspace), 'blobstore')
    await t.app.platform.artifacts.put({ container, path: 'landed/shop.db' }, readFileSync(path))
    await by.connect('landed', 'Sqlite', 'azureml://datastores/workspaceblobstore/paths/landed/shop.db')
    const source = { sourceType: 'database', connection: 'azureml:landed', query: 'select * from words' }
    const done = await by.run('landed', '', { source })
    assert.deepEqual([done.status, done.progress.rows], ['Completed', 7], JSON.stringify(done.error))
  })

  test('what is canceled ends at once, though SQLite is still looking', async () => {
    const id = `${t.workspace}/providers/Twinloop/dataImports/slow`
    const query =
      'with recursive i (n) as (select 1 union all select n + 1 from i) select n from i where n < 0'
    await t.send('PUT', id, {
      properties: { assetName: 'slow', source: { sourceType: 'database', connection: 'azureml:db', query } },
    })
    await t.until(id, (p) => p['status'] === 'Running')
    assert.equal((await t.send('POST', `${id}/cancel`)).status, 202)
    await t.until(id, (p) => p['status'] === 'Canceled')
  })
})
