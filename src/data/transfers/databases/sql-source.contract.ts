import assert from 'node:assert/strict'
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, before, describe, test } from 'node:test'
import { setImmediate } from 'node:timers/promises'
import { UserError } from '../../../kernel/errors.ts'
import type { ReadOptions, SqlSource } from './sql-source.ts'

/**
 * What every database that is read must do. `open` connects to one with a table `numbers` of 10,000 rows: `id` from 1,
 * `step` of id / 100 (whole), and `text` of `"` and a comma; `step` is null where id is 10,000. Whole numbers of it
 * become `integer`.
 */
export function sqlSourceContract(
  name: string,
  database: { open(): Promise<SqlSource>; end(): Promise<void>; readonly integer?: string },
  skip: string | false = false,
): void {
  describe(`${name} as a source`, { skip }, () => {
    const integer = database.integer ?? 'INTEGER'
    let folder: string
    let source: SqlSource
    before(async () => {
      folder = mkdtempSync(join(tmpdir(), 'twinloop-'))
      source = await database.open()
    })
    after(async () => {
      await source.close()
      await database.end()
      rmSync(folder, { recursive: true, force: true })
    })

    const query = 'select id, step, text from numbers'
    const all = async (options: Omit<ReadOptions, 'folder' | 'columns'>) => {
      const columns = await source.describe(query)
      const parts = []
      for await (const part of source.read(query, { ...options, columns, folder })) {
        parts.push({ ...part, lines: readFileSync(part.path, 'utf8').trimEnd().split('\n') })
        rmSync(part.path)
      }
      return parts
    }

    test('describes the columns of a query, whatever stands at its end', async () => {
      const columns = await source.describe(`${query} -- all\n;`)
      assert.deepEqual(
        columns.map((c) => [c.name, c.position, c.duckdb]),
        [
          ['id', 0, integer],
          ['step', 1, integer],
          ['text', 2, 'VARCHAR'],
        ],
      )
    })

    test('tells what is beyond a value', async () => {
      const columns = await source.describe(query)
      const step = columns[1]
      assert.ok(step)
      assert.deepEqual(await source.span(query, columns, step), { rows: 9999, high: '99', nulls: 1 })
      assert.deepEqual(await source.span(query, columns, step, '98'), { rows: 100, high: '99', nulls: 1 })
      assert.deepEqual(await source.span(query, columns, step, '99'), { rows: 0, high: undefined, nulls: 1 })
    })

    test('gives all rows in files of about a size, every one once', async () => {
      const parts = await all({ partBytes: 20_000 })
      assert.ok(parts.length > 5)
      const lines = parts.flatMap((part) => part.lines)
      assert.equal(lines.length, 10_000)
      assert.equal(new Set(lines).size, 10_000)
      assert.ok(lines.includes('"10000",,""","'))
      for (const { rows, bytes, lines: own, longestRow } of parts) {
        assert.deepEqual([own.length, Buffer.byteLength(`${own.join('\n')}\n`)], [rows, bytes])
        assert.ok(bytes <= 20_000 + longestRow)
      }
    })

    test('in an order, no two files share a value, and it goes on from the last of one', async () => {
      const columns = await source.describe(query)
      const column = columns[1]
      assert.ok(column)
      const whole = await all({ partBytes: 20_000, order: { column, upTo: '99' } })
      const lasts = whole.map(({ last }) => Number(last))
      assert.equal(
        whole.reduce((sum, { rows }) => sum + rows, 0),
        9999,
      )
      assert.deepEqual(
        lasts,
        lasts.toSorted((a, b) => a - b),
      )
      assert.equal(new Set(lasts).size, lasts.length)
      const rest = await all({ partBytes: 20_000, order: { column, after: String(lasts[0]), upTo: '99' } })
      assert.equal(
        rest.reduce((sum, { rows }) => sum + rows, 0),
        9999 - (whole[0]?.rows ?? 0),
      )
    })

    test('a reader that leaves early leaves nothing behind', async () => {
      const other = await database.open()
      const columns = await other.describe(query)
      for await (const part of other.read(query, { columns, folder, partBytes: 1000 })) {
        rmSync(part.path)
        break
      }
      await other.close()
      await other.close()
    })

    test('holds rows back while a file is used, and ends when it is closed, whatever is left', async () => {
      const endless = 'select a.id, a.text from numbers a, numbers b, numbers c'
      const own = await database.open()
      const columns = await own.describe(endless)
      let [arrived, taken] = [0, 0]
      const told = (_: number, bytes: number) => {
        arrived += bytes
      }
      const reading = own.read(endless, { columns, folder, partBytes: 2 ** 20, arrived: told })
      const parts = reading[Symbol.asyncIterator]()
      for (let i = 0; i < 8; i++) {
        const { value } = await parts.next()
        taken += value.bytes
        rmSync(value.path)
        for (let turn = 0; turn < 50; turn++) await setImmediate()
      }
      assert.ok(arrived - taken < 16 * 2 ** 20, `${arrived - taken} bytes lie in memory`)
      await own.close()
      await assert.rejects(async () => {
        for (;;) await parts.next()
      })
    })

    test('refuses what is no question in a sentence of its own', async () => {
      for (const wrong of [
        '',
        ';',
        'select 1; select 2',
        'select * from no_such_table',
        'drop table numbers',
        'select 1 as a, 2 as a',
      ]) {
        const own = await database.open()
        await assert.rejects(
          own.describe(wrong),
          (error) => error instanceof UserError && error.kind.status === 400,
          wrong,
        )
        await own.close()
      }
      assert.equal((await source.describe(query)).length, 3)
    })
  })
}
