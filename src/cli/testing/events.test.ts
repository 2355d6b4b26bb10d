import assert from 'node:assert/strict'
import { after, before, describe, test } from 'node:test'
import { incidentLab } from '../../alerts/actions/testing/incidents.ts'
import { startTestApp, type TestApp } from '../../testing/app.ts'
import { startWebhookReceiver, type WebhookReceiver } from '../../testing/webhook-receiver.ts'
import { testShell, type TestShell } from './io.ts'

describe('events and proposals on the command line', () => {
  let [server, hook, shell] = [{} as TestApp, {} as WebhookReceiver, {} as TestShell]
  const t = incidentLab(() => server)
  before(async () => {
    ;[server, hook] = [await startTestApp(), await startWebhookReceiver()]
    shell = testShell({ url: server.app.platform.urls.http, token: server.token })
  })
  after(async () => {
    shell.end()
    await server.end()
    await hook.close()
  })
  const ok = async (...argv: readonly string[]) => {
    const ran = await shell.run(...argv)
    assert.equal(ran.code, 0, ran.err)
    return ran
  }
  const fails = async (...argv: readonly string[]) => {
    const ran = await shell.run(...argv)
    assert.notEqual(ran.code, 0, ran.out)
    return ran.err
  }

  test('a subscription is made, shown, paused, replayed and deleted', async () => {
    const filters = ['--advanced-filter', 'data.rule StringIn slow,fast', 'data.incident NumberInRange 1-5']
    const made = await ok(
      'event-subscription',
      'create',
      '-n',
      'ops',
      '--endpoint',
      `${hook.url}/hook?code=secret`,
      '--included-event-types',
      'Twinloop.ActionDone',
      ...filters,
      '-o',
      'json',
    )
    assert.ok(!made.out.includes('code=secret'))
    const { filter } = JSON.parse(made.out) as { filter: { advanced_filters: unknown[] } }
    assert.deepEqual(filter.advanced_filters, [
      { operator_type: 'StringIn', key: 'data.rule', values: ['slow', 'fast'] },
      { operator_type: 'NumberInRange', key: 'data.incident', values: [[1, 5]] },
    ])
    await t.settled(
      `${await t.fire(t.rule([{ kind: 'notify', parameters: { email: 'a@example.org' } }]))}/actions/0-notify`,
    )
    const { out } = await ok('event', 'list')
    assert.match(out, /\d\d:\d\d:\d\d {2}ActionRefused +incidents\/1\/actions\/0-notify/)
    const short = await ok('event', 'list', '--types', 'ActionStarted', '-o', 'json')
    const [event] = JSON.parse(short.out) as { sequence: string; type: string }[]
    assert.equal(event?.type, 'Twinloop.ActionStarted')
    await ok('event-subscription', 'pause', '-n', 'ops')
    assert.match((await ok('event-subscription', 'list', '-o', 'table')).out, /ops +paused +http/)
    await ok('event-subscription', 'resume', '-n', 'ops')
    const replayed = await ok('event-subscription', 'replay', '-n', 'ops', '--from-sequence', '1')
    assert.match(replayed.err, /are looked through again/)
    assert.match((await ok('event-subscription', 'dead-letters', '-n', 'ops', '-o', 'json')).out, /\[\]/)
    assert.match((await ok('event-subscription', 'test', '-n', 'ops')).out, /^taken in \d+ ms: 200/)
    assert.match((await ok('event', 'types', '-o', 'tsv')).out, /Twinloop\.IncidentOpened/)
    await ok('event-subscription', 'delete', '-n', 'ops')
  })

  test('mistakes are told', async () => {
    assert.match(
      await fails('event-subscription', 'create', '-n', 'opx'),
      /either --endpoint URL or --connection NAME/,
    )
    const odd = [
      'event-subscription',
      'create',
      '-n',
      'opx',
      '--endpoint',
      hook.url,
      '--advanced-filter',
      'a',
    ]
    assert.match(await fails(...odd), /'a' is no filter/)
    assert.match(await fails('event-subscription', 'show', '-n', 'opx'), /does not exist/)
  })

  test('a proposal is shown as a difference, and decided', async () => {
    await server.send('PUT', `${server.workspace}/computes/cpu-cluster`, {
      location: 'local',
      properties: { computeType: 'AmlCompute', properties: { scaleSettings: { maxNodeCount: 2 } } },
    })
    const propose = async () => {
      const planned = { kind: 'propose_change', parameters: { compute: 'cpu-cluster', add: 1, max: 8 } }
      const incident = await t.fire(t.rule([planned]))
      const { made = [] } = await t.settled(`${incident}/actions/0-propose_change`)
      return made[0]?.split('/').at(-1) ?? ''
    }
    const name = await propose()
    assert.match(
      (await ok('proposal', 'list')).out,
      new RegExp(`^${name} +. waiting +computes/cpu-cluster +slow: roc_auc`),
    )
    const { out } = await ok('proposal', 'show', '-n', name)
    assert.match(
      out,
      /^computes\/cpu-cluster {2}proposed\n[^]*- {6}maxNodeCount: 2\n\+ {6}maxNodeCount: 3\n[^]*proposal approve -n slow/,
    )
    assert.match(
      (await ok('proposal', 'approve', '-n', name, '-m', 'sale')).out,
      /^computes\/cpu-cluster: approved/,
    )
    await server.until(
      `${server.workspace}/providers/Twinloop/changeProposals/${name}`,
      ({ state }) => state === 'Applied',
    )
    assert.match((await ok('proposal', 'show', '-n', name)).out, /applied by administrator: sale/)
    const other = await propose()
    assert.match((await ok('proposal', 'refuse', '-n', other)).out, /refused/)
    assert.match(await fails('proposal', 'approve', '-n', other), /is refused, by administrator/)
    assert.equal((await ok('proposal', 'list')).out, 'nothing waits for a decision\n')
  })

  test('an action that is over its budget is approved, and one that failed tried again', async () => {
    const planned = {
      kind: 'notify',
      parameters: { email: 'a@example.org', budget: { per: '1d', at_most: 0 } },
    }
    const incident = await t.fire(t.rule([planned]))
    const id = `${incident}/actions/0-notify`
    await server.until(id, ({ awaiting }) => awaiting === 'approval')
    const number = incident.split('/').at(-1) ?? ''
    assert.match(
      (await ok('incident', 'approve', '-n', number, '-a', '0-notify')).err,
      /approved it; it is about to begin/,
    )
    await t.settled(id)
    assert.match(
      await fails('incident', 'retry', '-n', number, '-a', '0-notify'),
      /only what failed is tried again/,
    )
  })
})
