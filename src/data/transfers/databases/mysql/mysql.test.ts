import assert from 'node:assert/strict'
import { generateKeyPairSync } from 'node:crypto'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { test } from 'node:test'
import type { OpenConnection } from '../../../../admin/connections.ts'
import { issueCertificate } from '../../../../kernel/tls/certificate.ts'
import { noMariaDb, startMariaDb, type TestMariaDb } from '../../../../testing/mariadb.ts'
import { sqlSourceContract } from '../sql-source.contract.ts'
import { ConnectionLost } from '../sql-source.ts'
import { mysqlConfig } from './config.ts'
import { openMysql } from './source.ts'

const connection = (
  target: string,
  credentials: Readonly<Record<string, string>> = { username: 'me', password: 'x' },
): OpenConnection => ({
  name: 'db',
  category: 'MySql',
  target,
  authType: 'UsernamePassword',
  credentials,
  metadata: {},
})
const options = { name: 'db', timeoutMs: 60_000 }

let db: TestMariaDb | undefined
sqlSourceContract(
  'MariaDB',
  {
    async open() {
      if (db === undefined) {
        db = await startMariaDb()
        await db.query(`create table numbers (id int primary key, step int, text varchar(20))`)
        await db.query(
          `insert into numbers select seq, case when seq < 10000 then seq div 100 end, '",' from seq_1_to_10000`,
        )
      }
      const { username, password, target } = db
      return openMysql(mysqlConfig(connection(target, { username, password })), options)
    },
    end: async () => db?.end(),
  },
  noMariaDb,
)

test('addresses of databases in the ways in which people write them', () => {
  const read = (target: string) => {
    const { host, port, database, ssl } = mysqlConfig(connection(target))
    return [host, port, database, ssl]
  }
  const verified = { rejectUnauthorized: true, verifyIdentity: true }
  assert.deepEqual(read('mysql://db.example.org/flights'), ['db.example.org', 3306, 'flights', verified])
  assert.deepEqual(read('mariadb://127.0.0.1:6000/my%20db'), ['127.0.0.1', 6000, 'my db', undefined])
  assert.deepEqual(read('mysql://10.0.0.1/x?ssl-mode=REQUIRED'), [
    '10.0.0.1',
    3306,
    'x',
    { rejectUnauthorized: false, verifyIdentity: false },
  ])
  assert.deepEqual(read('Server=tcp:db.example.org,3307;Database=flights;Ssl-Mode=VERIFY_CA'), [
    'db.example.org',
    3307,
    'flights',
    { rejectUnauthorized: true, verifyIdentity: false },
  ])
  const refused = (target: string, why: RegExp) => assert.throws(() => mysqlConfig(connection(target)), why)
  refused('mysql://me:secret@db/flights', /password in it, where everybody sees it/)
  refused('postgresql://db/flights', /no address of a MySQL database: it is a URL of postgresql:/)
  refused('mysql://db/x?ssl-mode=PREFERRED', /sslmode=PREFERRED; there are disable, require/)
  refused('mysql://10.0.0.1/x', /by an address, 10.0.0.1, with which no certificate is compared/)
})

test('nobody there is a lost connection, said without what is secret', async () => {
  await assert.rejects(openMysql(mysqlConfig(connection('mysql://127.0.0.1:1/x')), options), (error) => {
    assert.ok(error instanceof ConnectionLost)
    assert.equal(
      error.message,
      "Database 'x' at 127.0.0.1:1 (connection 'db') cannot be reached: nothing listens there.",
    )
    return true
  })
})

test(
  'TLS: encrypted, verified against an authority, and by the name',
  { skip: noMariaDb },
  async (context) => {
    const folder = mkdtempSync(join(tmpdir(), 'twinloop-'))
    context.after(() => rmSync(folder, { recursive: true, force: true }))
    const key = () => generateKeyPairSync('ec', { namedCurve: 'P-256' }).privateKey
    const [issuerKey, serverKey] = [key(), key()]
    const [now, day] = [Date.now(), 86_400_000]
    const dates = {
      notBefore: new Date(now - day),
      notAfter: new Date(now + day),
      issuer: 'authority',
      issuerKey,
    }
    const ssl_root_cert = issueCertificate({ ...dates, subject: 'authority', key: issuerKey })
    const certificate = (host: string) =>
      writeFileSync(
        join(folder, 'cert.pem'),
        issueCertificate({ ...dates, subject: 'server', key: serverKey, hosts: [host] }),
      )
    certificate('db.example.org')
    writeFileSync(join(folder, 'key.pem'), serverKey.export({ type: 'pkcs8', format: 'pem' }))
    const server = await startMariaDb([`ssl-cert=${folder}/cert.pem`, `ssl-key=${folder}/key.pem`])
    context.after(() => server.end())
    const { username, password, port } = server
    const cipher = async (mode: string, metadata = {}) => {
      const target = `mysql://localhost:${port}/test?ssl-mode=${mode}`
      const source = await openMysql(
        mysqlConfig({ ...connection(target, { username, password }), metadata }),
        options,
      )
      try {
        const query = `select variable_value as value from information_schema.session_status where variable_name = 'SSL_CIPHER'`
        const columns = await source.describe(query)
        return (await source.span(query, columns, columns[0] ?? assert.fail())).high
      } finally {
        await source.close()
      }
    }
    assert.equal(await cipher('DISABLED'), '')
    assert.match((await cipher('REQUIRED')) ?? '', /^TLS_/)
    await assert.rejects(cipher('VERIFY_CA'), /The certificate of .* cannot be verified: .* as ssl_root_cert/)
    assert.match((await cipher('VERIFY_CA', { ssl_root_cert })) ?? '', /^TLS_/)
    await assert.rejects(cipher('VERIFY_IDENTITY', { ssl_root_cert }), /cannot be verified: .*altnames/)
    certificate('localhost')
    await server.query('flush ssl')
    assert.match((await cipher('VERIFY_IDENTITY', { ssl_root_cert })) ?? '', /^TLS_/)
  },
)
