import assert from 'node:assert/strict'
import { after, before, describe, test } from 'node:test'
import { startTestApp, type TestApp } from '../../../testing/app.ts'
import { ownPython, useOwnPython } from '../../../testing/own-python.ts'
import { emptyModel, settled, upload } from '../../../testing/serving.ts'
import { approvals } from '../../../release/testing/people.ts'
import { checkActions } from '../planning/check.ts'
import { rehearseActions } from '../planning/rehearse.ts'
import { incidentLab } from '../testing/incidents.ts'

const script = 'def init(): pass\ndef run(raw): return [1]\n'

describe('what alerts do to endpoints', () => {
  let server: TestApp
  let endpoint: string
  const t = incidentLab(() => server)
  const people = approvals(() => server)
  before(async () => {
    server = await startTestApp()
    useOwnPython(server.home)
    endpoint = `${server.workspace}/onlineEndpoints/flights`
    await people.ok('PUT', endpoint, { location: 'local', properties: { authMode: 'key' } })
    await settled(server, endpoint)
    await upload(server, 'LocalUpload/m1/tiny', emptyModel)
    const codeUri = await upload(server, 'LocalUpload/score/src', { 'score.py': script })
    await people.ok('PUT', `${server.workspace}/codes/score/versions/1`, { properties: { codeUri } })
    for (const name of ['blue', 'green']) {
      await people.ok('PUT', `${endpoint}/deployments/${name}`, {
        location: 'local',
        properties: {
          endpointComputeType: 'Managed',
          model: 'azureml://datastores/workspaceblobstore/paths/LocalUpload/m1/tiny',
          environmentId: ownPython,
          codeConfiguration: {
            codeId: `${server.workspace}/codes/score/versions/1`,
            scoringScript: 'score.py',
          },
        },
      })
      const done = await settled(server, `${endpoint}/deployments/${name}`)
      assert.equal(done['provisioningState'], 'Succeeded', JSON.stringify(done))
    }
    await traffic({ green: 100 })
  })
  after(() => server.end())

  const traffic = async (shares: object) => {
    await people.ok('PATCH', endpoint, { properties: { traffic: shares } })
    await settled(server, endpoint)
  }
  const sharesNow = async () => (await people.ok('GET', endpoint)).properties.traffic
  const run = async (
    kind: string,
    parameters: object,
    labels: Record<string, string> = { endpoint: 'flights' },
  ) => {
    const rule = t.rule([{ kind, parameters: parameters as never }], { name: kind, id: kind })
    const alert = t.alert({ labels })
    const [said] = await rehearseActions(server.app.platform, {
      workspaceId: server.workspace,
      actor: server.app.platform.identity('alerts'),
      rule,
      alert,
    })
    const incident = await t.fire(rule, alert)
    const done = await t.settled(`${incident}/actions/0-${kind}`)
    return { incident, done, said: said?.would ?? said?.problem ?? '' }
  }

  test('shift_traffic gives the requests to others, once', async () => {
    const { done, said } = await run('shift_traffic', { weights: { blue: '90%', green: 10 } })
    assert.equal(said, 'gives the requests of flights to blue 90 %, green 10 % (now green 100 %)')
    assert.equal(done.reason, 'flights answers by blue 90 %, green 10 % (before: green 100 %)')
    assert.deepEqual(await sharesNow(), { green: 10, blue: 90 })
    const again = await run('shift_traffic', { endpoint: 'flights', weights: { blue: 90, green: 10 } })
    assert.equal(again.done.reason, 'flights answers by blue 90 %, green 10 % already')
    const unknown = await run('shift_traffic', { to: 'red' }, {})
    assert.equal(unknown.done.state, 'Refused')
    assert.match(unknown.done.reason, /not known which endpoint is meant/)
  })

  test('rollback of what was not released goes to the former deployment', async () => {
    await traffic({ green: 100, blue: 0 })
    const { done, said } = await run('rollback', {})
    assert.equal(said, 'gives all requests of flights to blue (now green 100 %)')
    assert.equal(done.reason, 'flights answers by blue 100 % (before: green 100 %)')
    assert.deepEqual(await sharesNow(), { green: 0, blue: 100 })
    const none = await run('rollback', {})
    assert.equal(
      none.done.reason,
      "Endpoint 'flights' has no deployment to go back to: none that serves is older than blue.",
    )
  })

  test('rollback of a plan has the former release reign again, and only one', async () => {
    await people.ok('PUT', people.planId('delay'), {
      properties: { model: 'delay', start: 'by_hand', stages: [{ name: 'production', gates: [] }] },
    })
    for (const version of ['1', '2', '3']) {
      await people.register('delay', version)
      await people.ok('POST', `${people.planId('delay')}/start`, { version })
      await server.until(people.releaseId(`delay/${version}`), ({ state }) => state === 'succeeded')
    }
    const { done, said } = await run('rollback', { plan: 'delay' })
    assert.equal(said, 'goes back from delay/3 to delay/2 (delay:2)')
    assert.equal(done.reason, 'went back to delay/2 (delay:2)')
    const { properties } = await people.ok('GET', people.releaseId('delay/3'))
    assert.match(properties.reason, /went back to delay\/2: rollback fired: roc_auc/)
    const { firedAt } = t.alert({ firedAt: new Date(Date.now() - 3_600_000) })
    const incident = await t.fire(
      t.rule([{ kind: 'rollback', parameters: { plan: 'delay' } }], { id: 'late' }),
      t.alert({ firedAt }),
    )
    const late = await t.settled(`${incident}/actions/0-rollback`)
    assert.match(late.reason, /^delay\/2 reigns only since .*, after the alert had fired$/)
  })

  test('scale changes instances within limits, and takes it back when it is over', async () => {
    const labels = { endpoint: 'flights', deployment: 'blue' }
    const { done, said, incident } = await run('scale', { by: 5, max: 2, back: true }, labels)
    assert.equal(said, 'changes the instances of flights/blue from 1 to 2')
    assert.equal(done.reason, 'changed the instances of flights/blue from 1 to 2')
    const capacity = async () => (await people.ok('GET', `${endpoint}/deployments/blue`)).sku.capacity
    assert.equal(await capacity(), 2)
    const most = await run('scale', { add: 1, max: 2 }, labels)
    assert.equal(most.done.reason, 'the instances of flights/blue stay at 2: 1 to 2 are allowed')
    await t.resolve(incident)
    const back = await t.settled(`${incident}/actions/0-scale-resolved`)
    assert.equal(back.reason, 'changed the instances of flights/blue from 2 to 1')
    assert.equal(await capacity(), 1)
  })

  test('scale changes the most nodes of a compute', async () => {
    await people.ok('PUT', `${server.workspace}/computes/cpu-cluster`, {
      location: 'local',
      properties: { computeType: 'AmlCompute', properties: { scaleSettings: { maxNodeCount: 2 } } },
    })
    const { done } = await run('scale', { to: 6, max: 4 }, { compute: 'cpu-cluster' })
    assert.equal(done.reason, 'changed the most nodes of compute cpu-cluster from 2 to 4')
    const { properties } = await people.ok('GET', `${server.workspace}/computes/cpu-cluster`)
    assert.equal(properties.properties.scaleSettings.maxNodeCount, 4)
  })

  test('mistakes are told when the rule is written', async () => {
    const mistakes = await checkActions({
      platform: server.app.platform,
      actor: server.app.platform.identity('alerts'),
      workspaceId: server.workspace,
      actions: [
        { kind: 'shift_traffic', parameters: { weights: { blue: 50 } } },
        { kind: 'shift_traffic', parameters: {} },
        { kind: 'shift_traffic', parameters: { endpoint: 'flights', to: 'gren' } },
        { kind: 'rollback', parameters: { plan: 'delays' } },
        { kind: 'scale', parameters: { compute: 'gpu', to: 2, max: 3 } },
        { kind: 'scale', parameters: { to: 2, by: 2, max: 3 } },
        { kind: 'scale', parameters: { to: 2 } },
      ],
    })
    assert.deepEqual(mistakes.map(({ message }) => message).toSorted(), [
      'actions[0].shift_traffic: weights: the shares are to sum to 100',
      'actions[1].shift_traffic: needs either to: DEPLOYMENT or weights: { blue: 90, green: 10 }',
      "actions[2].shift_traffic.to: there is no deployment 'gren'; there are blue, green: did you mean green?",
      "actions[3].rollback.plan: there is no release plan 'delays'",
      "actions[4].scale.compute: there is no compute 'gpu'",
      'actions[5].scale: needs one of to: 4, by: 2 (times) and add: 1',
      'actions[6].scale: scale needs max',
    ])
  })
})
