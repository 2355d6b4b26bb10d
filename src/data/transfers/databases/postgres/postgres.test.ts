import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { OpenConnection } from '../../../../admin/connections.ts'
import { noPostgres, startPostgres, type TestPostgres } from '../../../../testing/postgres.ts'
import { postgresConfig } from './config.ts'
import { openPostgres } from './source.ts'
import { mappingOf } from './types.ts'
import { sqlSourceContract } from '../sql-source.contract.ts'
import { ConnectionLost } from '../sql-source.ts'

const connection = (
  target: string,
  credentials: Readonly<Record<string, string>> = { username: 'me', password: 'x' },
): OpenConnection => ({
  name: 'db',
  category: 'PostgreSql',
  target,
  authType: 'UsernamePassword',
  credentials,
  metadata: {},
})
const options = { name: 'db', timeoutMs: 60_000 }

let pg: TestPostgres | undefined
sqlSourceContract(
  'PostgreSQL',
  {
    async open() {
      if (pg === undefined) {
        pg = await startPostgres()
        await pg.query(
          `create table numbers as select i as id, case when i < 10000 then i / 100 end as step, '",'::text as text from generate_series(1, 10000) i`,
        )
      }
      const { username, password, target } = pg
      return openPostgres(postgresConfig(connection(target, { username, password })), options)
    },
    end: async () => pg?.end(),
  },
  noPostgres,
)

test('addresses of databases in the three ways in which people write them', () => {
  const read = (target: string) => {
    const { host, port, database, ssl } = postgresConfig(connection(target))
    return [host, port, database, ssl]
  }
  const verified = { rejectUnauthorized: true }
  assert.deepEqual(read('postgresql://db.example.org/flights'), ['db.example.org', 5432, 'flights', verified])
  assert.deepEqual(read('postgres://[::1]:6000/my%20db?sslmode=require'), [
    '::1',
    6000,
    'my db',
    { rejectUnauthorized: false },
  ])
  assert.deepEqual(read('Server=db.example.org;Port=5433;Database=flights;Ssl Mode=VerifyFull'), [
    'db.example.org',
    5433,
    'flights',
    verified,
  ])
  assert.deepEqual(read("host=127.0.0.1 dbname='flights'"), ['127.0.0.1', 5432, 'flights', false])
})

test('what is no address, or has secrets in it, is refused; nothing is taken from the environment', () => {
  const refused = (target: string, why: RegExp) =>
    assert.throws(() => postgresConfig(connection(target)), why)
  refused('postgresql://me:secret@db/flights', /password in it, where everybody sees it/)
  refused('postgresql://db', /names no database/)
  refused('host=/var/run/postgresql dbname=x', /names no host/)
  refused('jdbc:sqlserver://db', /URL of jdbc/)
  refused('postgresql://db/x?sslmode=maybe', /sslmode=maybe; there are/)
  refused('host=db port=99999 dbname=x', /'99999' is no port/)
  assert.throws(() => postgresConfig(connection('postgresql://db/x', {})), /no user name/)
  process.env['PGPASSWORD'] = 'of the server'
  assert.equal(postgresConfig(connection('postgresql://db/x', { username: 'me' })).password, '')
  delete process.env['PGPASSWORD']
})

test('nobody there is a lost connection, said without what is secret', async () => {
  const config = postgresConfig(connection('postgresql://127.0.0.1:1/x'))
  await assert.rejects(openPostgres(config, options), (error) => {
    assert.ok(error instanceof ConnectionLost)
    assert.equal(
      error.message,
      "Database 'x' at 127.0.0.1:1 (connection 'db') cannot be reached: nothing listens there.",
    )
    return true
  })
})

test('types and what becomes of them', () => {
  const duckdb = (type: string) => mappingOf(type).duckdb
  assert.deepEqual(
    [
      'numeric(38,10)',
      'numeric(39,0)',
      'numeric(3,-2)',
      'numeric',
      'timestamp(3) with time zone',
      'character varying(20)',
      'numeric(5,1)[]',
      'int4range',
    ].map(duckdb),
    [
      'DECIMAL(38,10)',
      'DOUBLE',
      'DOUBLE',
      'DOUBLE',
      'TIMESTAMP WITH TIME ZONE',
      'VARCHAR',
      'DECIMAL(5,1)[]',
      'VARCHAR',
    ],
  )
})
