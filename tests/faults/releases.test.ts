import assert from 'node:assert/strict'
import { after, before, describe, it } from 'node:test'
import { useOwnPython } from '../../src/testing/own-python.ts'
import { startKillable } from './killable.ts'
import type { Killable } from './killable.ts'

describe('a release', () => {
  let t: Killable
  const sibling = (name: string) => t.workspace.replace(/[^/]+$/, name)
  const ok = async (method: string, path: string, body?: object) => {
    const answer = await t.send(method, path, body)
    assert.ok(answer.status < 300, `${method} ${path}: ${answer.status} ${JSON.stringify(answer.body)}`)
    return answer.body
  }
  const plan = () => `${t.workspace}/providers/Twinloop/releasePlans/flights`
  const first = () => `${plan()}/releases/1`

  before(async () => {
    t = await startKillable('mortal-release.ts')
    useOwnPython(t.home)
    await ok('PUT', sibling('prod'), { location: 'local', properties: {} })
    await ok('PUT', t.workspace.replace(/workspaces\/[^/]+$/, 'registries/shelf'), {
      location: 'local',
      properties: {},
    })
    const asked = { expirableSecret: true, expireAfterHours: 1, through: 'server' }
    const secrets = await ok('POST', `${t.workspace}/datastores/workspaceblobstore/listSecrets`, asked)
    const container = new URL(secrets.containerUri as string).pathname
    const blob = `${t.http}${container}/LocalUpload/m/model.txt?${secrets.sasToken}`
    const put = await fetch(blob, {
      method: 'PUT',
      headers: { 'x-ms-blob-type': 'BlockBlob' },
      body: 'a model',
    })
    assert.equal(put.status, 201)
    await ok('PUT', plan(), {
      properties: {
        model: 'flights',
        registry: 'shelf',
        stages: [
          { name: 'test', gates: ['measures', 'thinks'] },
          {
            name: 'production',
            workspace: 'prod',
            gates: ['thinks'],
            approval: { roles: ['Owner'], not_requester: false },
          },
        ],
      },
    })
    await ok('PUT', `${t.workspace}/models/flights/versions/1`, {
      properties: { modelUri: 'azureml://datastores/workspaceblobstore/paths/LocalUpload/m/model.txt' },
    })
    await t.kill()
  })
  after(() => t.end())

  /** Approves when it is asked, and says whether the release has ended; undefined when the server dies meanwhile. */
  async function live(): Promise<boolean | undefined> {
    const gone = t.gone.then(() => undefined)
    const goOn = async (): Promise<boolean | undefined> => {
      try {
        const found = await t.until(first(), (p) => p['endedAt'] !== undefined || p['state'] === 'waiting')
        if (found['endedAt'] !== undefined) return true
        await t.send('POST', `${first()}/approve`, {})
        await t.until(first(), (p) => p['endedAt'] !== undefined || p['state'] !== 'waiting')
        return await goOn()
      } catch {
        return undefined
      }
    }
    return Promise.race([gone, goOn()])
  }

  it('killed again and again, one to three writes later each time, comes through, and nothing is done twice', async () => {
    let lives = 0
    for (let over: boolean | undefined; over !== true; lives++) {
      assert.ok(lives < 100, 'it gets no farther')
      await t.start({ TWINLOOP_TEST_WRITES: String(1 + (lives % 3)) })

      over = await live()

      await t.kill()
    }
    assert.ok(lives > 8, `it died only ${lives} times`)
    await t.start()
    const found = (await t.until(first(), (p) => p['state'] === 'succeeded')) as unknown as {
      readonly timeline: readonly { readonly what: string }[]
      readonly stages: readonly { readonly gates: readonly { attempt: number; jobs?: object }[] }[]
      readonly published: string
    }
    const said = found.timeline.map(({ what }) => what)
    for (const once of [
      /^entered stage test/,
      /^measures passed/,
      /^asked for approval/,
      /^published/,
      /^succeeded/,
    ])
      assert.equal(said.filter((what) => once.test(what)).length, 1, said.join('\n'))
    assert.deepEqual(
      found.stages.flatMap(({ gates }) => gates.map(({ attempt }) => attempt)),
      [1, 1, 1],
    )
    const jobs = await ok('GET', `${t.workspace}/jobs`)
    assert.equal(jobs.value.length, 1)
    const releases = await ok('GET', `${plan()}/releases`)
    assert.equal(releases.value.length, 1)
    for (const workspace of [t.workspace, sibling('prod')]) {
      const model = await ok('GET', `${workspace}/models/flights`)
      assert.deepEqual(model.properties.aliases, { champion: '1' })
    }
    await ok('GET', found.published)
    const kept = await ok('GET', `${first()}/evidence/production/thinks/1/thought.json`)
    assert.deepEqual(kept, { thought: 42 })
  })
})
