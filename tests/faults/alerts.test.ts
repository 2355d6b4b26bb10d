import assert from 'node:assert/strict'
import { after, before, describe, it } from 'node:test'
import { createApp } from '../../src/app.ts'
import { readConfig } from '../../src/config.ts'
import { createLog } from '../../src/kernel/log.ts'
import { ownPython, useOwnPython } from '../../src/testing/own-python.ts'
import { startWebhookReceiver, type WebhookReceiver } from '../../src/testing/webhook-receiver.ts'
import { startKillable } from './killable.ts'
import type { Killable } from './killable.ts'

const ends = ['Done', 'Refused', 'Skipped', 'Failed']

/** Every kind of action at every commit is in src/alerts/actions/kinds/kills.test.ts; here whole servers die of SIGKILL. */
describe('what an alert does', () => {
  let [t, hook] = [{} as Killable, {} as WebhookReceiver]
  const ok = async (method: string, path: string, body?: object) => {
    const answer = await t.send(method, path, body)
    assert.ok(answer.status < 300, `${method} ${path}: ${answer.status} ${JSON.stringify(answer.body)}`)
    return answer.body
  }
  const incident = () => `${t.workspace}/providers/Twinloop/incidents/1`
  const rule = () =>
    JSON.stringify([
      { kind: 'notify', parameters: { webhook: 'ops' } },
      {
        kind: 'retrain',
        parameters: {
          job: {
            jobType: 'Command',
            command: 'echo model > ${{outputs.model}}/model.txt',
            environmentId: ownPython,
            outputs: { model: { jobOutputType: 'custom_model', assetName: 'delay' } },
          },
        },
        afterwards: 'release',
      },
    ])

  before(async () => {
    ;[t, hook] = [await startKillable('mortal-alerts.ts'), await startWebhookReceiver()]
    useOwnPython(t.home)
    await ok('PUT', `${t.workspace}/connections/ops`, {
      properties: { category: 'GenericHttp', target: hook.url },
    })
    await ok('PUT', `${t.workspace}/providers/Twinloop/releasePlans/delay`, {
      properties: { model: 'delay', start: 'by_hand', stages: [{ name: 'production', gates: [] }] },
    })
    await t.kill()
  })
  after(async () => {
    await t.kill()
    const app = await createApp(readConfig({}, { home: t.home, port: 0, httpsPort: 0, gatewayPort: 0 }), {
      log: createLog({ level: 'error' }),
    })
    await app.stop({ everything: true })
    await t.end()
    await hook.close()
  })

  /** Lets servers live and die until nothing is left to do in one of them; how many died. */
  async function liveAndDie(names: readonly string[]) {
    for (let deaths = 0; deaths < 200; deaths++) {
      await t.start({ TWINLOOP_TEST_RULE: rule(), TWINLOOP_TEST_WRITES: '2' }).catch(() => {})
      const done = Promise.all(
        names.map((name) =>
          t.until(`${incident()}/actions/${name}`, ({ state }) => ends.includes(String(state))),
        ),
      ).then(
        () => true,
        () => false,
      )
      const isOver = await Promise.race([done, t.gone.then(() => false)])
      // All are done, and whatever was still to be told of them is told by one that lives.
      if (isOver) return deaths
      await t.gone
    }
    throw new Error('it never ends')
  }

  it('is done once, though the server is killed at every second write', { timeout: 240_000 }, async () => {
    const deaths = await liveAndDie(['0-notify', '1-retrain'])
    assert.ok(deaths > 4, `only ${deaths} servers died`)
    await t.kill()
    await t.start({ TWINLOOP_TEST_RULE: rule() })
    const { value } = await ok('GET', `${incident()}/actions`)
    const all = (value as { name: string; properties: { state: string; reason: string } }[]).toSorted(
      (a, b) => a.name.localeCompare(b.name),
    )
    const byName = Object.fromEntries(all.map(({ name, properties }) => [name, properties]))
    for (const { name, properties } of all)
      assert.equal(properties.state, 'Done', `${name}: ${properties.reason}`)
    assert.equal(byName['1-retrain']?.reason, 'trained delay:1 and started release delay/1')

    // One of each, whatever was tried how often.
    const ids = new Map(
      hook.calls.map(({ headers, body }) => [headers['webhook-id'], JSON.parse(body) as { type: string }]),
    )
    assert.deepEqual(
      [...ids.values()].map(({ type }) => type),
      ['Twinloop.AlertFired'],
    )
    const names_ = async (path: string) =>
      ((await ok('GET', `${t.workspace}/${path}`)).value as { name: string }[]).map(({ name }) => name)
    assert.equal((await names_('jobs')).length, 1)
    assert.deepEqual(await names_('models/delay/versions'), ['1'])
    assert.deepEqual(await names_('providers/Twinloop/releasePlans/delay/releases'), ['1'])
    const told = await t.until(incident(), ({ timeline }) =>
      (timeline as { what: string }[]).some(({ what }) => /notify: told ops/.test(what)),
    )
    const timeline = (told['timeline'] as { at: string; what: string }[]).map(
      ({ at, what }) => `${at} ${what}`,
    )
    assert.equal(new Set(timeline).size, timeline.length)
    assert.match(timeline.join('\n'), /retrain: trained delay:1 and started release delay\/1/)
  })
})
