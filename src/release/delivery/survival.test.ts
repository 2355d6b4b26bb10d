import assert from 'node:assert/strict'
import { mkdtempSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as wait } from 'node:timers/promises'
import { after, before, describe, test } from 'node:test'
import { startTestApp, type TestApp } from '../../testing/app.ts'
import { openLoop } from '../../testing/open-loop.ts'
import { serverProcess } from '../../testing/server-process.ts'
import { deliveredModels } from './testing/delivered-models.ts'

/** What is looked at often, while the process that it is asked of dies again and again. */
interface Seen {
  readonly state: string
  readonly reason: string
  readonly stages: readonly {
    readonly delivery?: { readonly working?: { readonly phase?: string; readonly step?: number } }
  }[]
}

describe('a delivery whose server is killed in each of its states', () => {
  const home = mkdtempSync(join(tmpdir(), 'twinloop-'))
  const server = serverProcess(home)
  let twin: TestApp
  let models: ReturnType<typeof deliveredModels>
  let headers: Readonly<Record<string, string>> = {}
  let uri = ''
  before(async () => {
    twin = await startTestApp({ home })
    models = deliveredModels(twin)
    await models.plan()
    await models.register(1, {})
    await models.until(1, ({ state }) => state === 'succeeded')
    ;({ uri, headers } = await models.address())
  })
  after(() => server.end())

  const outcomes: [string, object, string, string][] = [
    ['promoted', {}, 'succeeded', 'flights-2'],
    ['rolled back', { fails: 0.3 }, 'failed', 'flights-2'],
  ]
  for (const [i, [what, how, end, serving]] of outcomes.entries())
    test(`is ${what} all the same, and loses no request of the champion`, async () => {
      if (i > 0) twin = await startTestApp({ home })
      models = deliveredModels(twin)
      const flow = openLoop(uri, {
        rate: 60,
        body: '{}',
        headers: (number) => ({ ...headers, 'x-forwarded-for': `10.0.0.${number % 200}` }),
      })
      await models.register(2 + i, how)
      await models.until(2 + i, ({ state }) => state === 'delivering')
      const { token } = twin
      await twin.app.stop()
      let { http } = await server.start()
      const look = async (): Promise<Seen> => {
        const url = `${http}${models.releaseId(2 + i)}`
        const answer = await fetch(url, { headers: { authorization: `Bearer ${token}` } })
        return ((await answer.json()) as { properties: Seen }).properties
      }
      const killed = new Set<string>()
      let seen = await look()
      while (seen.state === 'delivering') {
        const { phase = '', step = 0 } = seen.stages[0]?.delivery?.working ?? {}
        const at = `${phase} ${step}`
        if (!killed.has(at)) {
          killed.add(at)
          await server.kill()
          ;({ http } = await server.start())
        }
        await wait(50)
        seen = await look()
      }
      await flow.stop()
      await server.kill()
      assert.equal(seen.state, end, seen.reason)
      // Going back may be over before it is seen.
      assert.ok(killed.size >= (i === 0 ? 3 : 2), [...killed].join())
      const champion = flow.shots.filter(({ deployment }) => deployment === `flights-${1 + i}`)
      assert.deepEqual([...new Set(champion.map(({ status }) => status))], [200])
      assert.deepEqual(
        flow.shots.filter(({ status }) => status === 0),
        [],
      )
      const back = await startTestApp({ home })
      assert.deepEqual(await deliveredModels(back).traffic(), { [serving]: 100 })
      await back.app.stop()
    })
})
