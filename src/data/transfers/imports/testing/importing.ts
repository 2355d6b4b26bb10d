import assert from 'node:assert/strict'
import type { Cell } from '../../../../analytics/analytics.ts'
import type { TestApp } from '../../../../testing/app.ts'
import { withTables } from '../../../tables/with-tables.ts'

/** Imports by connections of an app that a test has started. */
export interface Importing {
  /** Puts a connection; with a user name, it authenticates by that and the password. */
  connect(name: string, category: string, target: string, username?: string, password?: string): Promise<void>
  /** Asks for an import of a query by a connection and waits for its end. */
  run(name: string, query: string, more?: object): Promise<Ended>
  /** Asks for an import that is to fail, and answers why. No version may be there of it. */
  failing(name: string, query: string, more?: object): Promise<string>
  /** Rows that SQL over `t`, the version's table, answers with. */
  content(assetId: string, sql: string): Promise<readonly (readonly Cell[])[]>
}

interface Ended {
  readonly status: string
  readonly assetId: string
  readonly error?: { readonly code: string; readonly message: string }
  readonly warnings?: readonly string[]
  readonly watermark?: string
  readonly progress: { readonly rows: number; readonly parts: number }
}

/** `connection` is what queries go by where nothing else is said. */
export function importing(t: TestApp, connection: string): Importing {
  const by: Importing = {
    async connect(name, category, target, username, password) {
      const { status, body } = await t.send('PUT', `${t.workspace}/connections/${name}`, {
        properties: {
          category,
          target,
          ...(username === undefined
            ? { authType: 'None' }
            : { authType: 'UsernamePassword', credentials: { username, password } }),
        },
      })
      assert.equal(status, 200, JSON.stringify(body))
    },
    async run(name, query, more = {}) {
      const id = `${t.workspace}/providers/Twinloop/dataImports/${name}`
      const source = { sourceType: 'database', connection, query }
      const { status, body } = await t.send('PUT', id, { properties: { assetName: name, source, ...more } })
      assert.equal(status, 201, JSON.stringify(body))
      await t.until(id, (p) => ['Completed', 'Failed', 'Canceled'].includes(String(p['status'])))
      return (await t.send('GET', id)).body.properties
    },
    async failing(name, query, more) {
      const done = await by.run(name, query, more)
      assert.equal(done.status, 'Failed', query)
      assert.equal((await t.send('GET', `${t.workspace}/data/${name}`)).status, 404)
      return String(done.error?.message)
    },
    async content(assetId, sql) {
      const { body } = await t.send('GET', assetId)
      const references = { t: String(body.properties.dataUri).replace(/\/$/, '') }
      return withTables(
        t.app.platform,
        t.workspace,
        references,
        async (session) => (await session.all(sql)).rows,
      )
    },
  }
  return by
}
