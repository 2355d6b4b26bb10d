import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { sqlSourceContract } from '../sql-source.contract.ts'
import { readSqlite } from './source.ts'

const folder = mkdtempSync(join(tmpdir(), 'twinloop-'))
const path = join(folder, 'numbers.db')
const database = new DatabaseSync(path)
database.exec(
  `create table numbers (id integer primary key, step integer, text text);
   with recursive i (n) as (select 1 union all select n + 1 from i where n < 10000)
   insert into numbers select n, case when n < 10000 then n / 100 end, '",' from i`,
)
database.close()
const options = { name: 'db', timeoutMs: 60_000 }

sqlSourceContract('SQLite', {
  async open() {
    return readSqlite({ path, isCopy: false }, options)
  },
  end: async () => rmSync(folder, { recursive: true, force: true }),
  integer: 'BIGINT',
})
