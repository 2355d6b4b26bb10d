import assert from 'node:assert/strict'
import { after, before, describe, it } from 'node:test'
import { noPostgres, startPostgres } from '../../src/testing/postgres.ts'
import type { TestPostgres } from '../../src/testing/postgres.ts'
import { startKillable } from './killable.ts'
import type { Killable } from './killable.ts'

const rows = 20_000
/** The row at which imports and exports are held up until the test lets them go on. */
const gate = 15_000

describe('a server that is killed while it moves data', { skip: noPostgres }, () => {
  let t: Killable
  let pg: TestPostgres
  before(async () => {
    process.env['TWINLOOP_IMPORT_PART_BYTES'] = String(2 ** 18)
    ;[t, pg] = await Promise.all([startKillable(), startPostgres()])
    delete process.env['TWINLOOP_IMPORT_PART_BYTES']
    await t.send('PUT', `${t.workspace}/connections/db`, {
      properties: {
        category: 'PostgreSql',
        authType: 'UsernamePassword',
        target: pg.target,
        credentials: { username: pg.username, password: pg.password },
      },
    })
    await pg.query(`
      create table source as select i as id, md5(i::text) as text from generate_series(1, ${rows}) i;
      create unique index on source (id);
      create function pass(i integer, which integer) returns integer language plpgsql stable as $$
        begin if i = ${gate} then perform pg_advisory_xact_lock_shared(which); end if; return i; end $$;
      create function pass_in() returns trigger language plpgsql as $$
        begin perform pass(new.id::integer, 2); return new; end $$;
      alter role ${pg.username} set enable_sort = off;
      alter role ${pg.username} set enable_seqscan = off;
    `)
  })
  after(async () => {
    await t.end()
    await pg.end()
  })

  const extension = (type: string, name: string) => `${t.workspace}/providers/Twinloop/${type}/${name}`
  const put = async (type: string, name: string, properties: object) => {
    const { status, body } = await t.send('PUT', extension(type, name), { properties })
    assert.equal(status, 201, JSON.stringify(body))
  }
  const ended = (type: string, name: string) =>
    t.until(extension(type, name), (p) => ['Completed', 'Failed', 'Canceled'].includes(String(p['status'])))
  /** Holds a lock until the returned function is called. */
  async function close(which: number): Promise<() => Promise<void>> {
    const held = pg.query(`select pg_advisory_lock(${which}), pg_sleep(600)`)
    held.catch(() => {})
    await when(`select 1 from pg_locks where locktype = 'advisory' and granted and objid = ${which}`)
    return async () => {
      await pg.query(
        `select pg_terminate_backend(pid) from pg_locks where locktype = 'advisory' and granted and objid = ${which}`,
      )
    }
  }
  /** Resolves when a question has an answer. */
  async function when(sql: string): Promise<void> {
    while ((await pg.query(sql)).length === 0);
  }
  const waits = (which: number) =>
    when(`select 1 from pg_locks where locktype = 'advisory' and not granted and objid = ${which}`)

  it('goes on with an import where it was, and nobody ever sees half of it', async () => {
    const open = await close(1)
    await put('dataImports', 'import_1', {
      assetName: 'imported',
      source: {
        sourceType: 'database',
        connection: 'azureml:db',
        query: 'select id, text, pass(id, 1) as passed from source',
      },
      incremental: { column: 'id' },
    })
    await waits(1)
    const begun = await t.until(
      extension('dataImports', 'import_1'),
      (p) => (p['progress'] as { parts: number }).parts > 0,
    )
    assert.deepEqual(
      [begun['status'], (begun['progress'] as { totalRows: number }).totalRows],
      ['Running', rows],
    )
    assert.equal((await t.send('GET', `${t.workspace}/data/imported`)).status, 404)
    await t.kill()
    await open()
    // Rows that were stored before are not asked for again: they are gone, and nobody misses them.
    await pg.query('delete from source where id <= 1000')
    await t.start()
    const done = await ended('dataImports', 'import_1')
    assert.equal(done['status'], 'Completed', JSON.stringify(done['error']))
    assert.equal((done['progress'] as { rows: number }).rows, rows)
    await put('dataExports', 'check_1', {
      source: 'azureml:imported:1',
      query: 'select count(*) as n, count(distinct id) as d, min(id) as low, max(id) as high from data',
      target: { targetType: 'database', connection: 'azureml:db', table: 'imported_count' },
    })
    assert.equal((await ended('dataExports', 'check_1'))['status'], 'Completed')
    assert.deepEqual((await pg.query('select n::int, d::int, low::int, high::int from imported_count'))[0], {
      n: rows,
      d: rows,
      low: 1,
      high: rows,
    })
    assert.equal((await t.send('GET', `${t.workspace}/data/imported/versions/2`)).status, 404)
  })

  it('appends what it exports once', async () => {
    await pg.query(`create table target (id integer, text text, passed integer);
      create trigger pass_in before insert on target for each row execute function pass_in()`)
    const open = await close(2)
    await put('dataExports', 'export_1', {
      source: 'azureml:imported:1',
      target: { targetType: 'database', connection: 'azureml:db', table: 'target' },
      mode: 'append',
    })
    await waits(2)
    await t.kill()
    await open()
    await t.start()
    const done = await ended('dataExports', 'export_1')
    assert.equal(done['status'], 'Completed', JSON.stringify(done['error']))
    assert.deepEqual(
      (await pg.query('select count(*)::int as n, count(distinct id)::int as d from target'))[0],
      { n: rows, d: rows },
    )
  })
})
