import assert from 'node:assert/strict'
import { after, before, describe, test } from 'node:test'
import { startTestApp } from '../../testing/app.ts'
import type { TestApp } from '../../testing/app.ts'
import { ownPython, useOwnPython } from '../../testing/own-python.ts'
import { testShell } from './io.ts'
import type { TestShell } from './io.ts'

describe('online endpoints from the command line', () => {
  let server: TestApp
  let shell: TestShell
  before(async () => {
    server = await startTestApp()
    useOwnPython(server.home)
    shell = testShell({ url: server.app.platform.urls.http, token: server.token })
    shell.write({
      'endpoint.yml':
        '$schema: https://azuremlschemas.azureedge.net/latest/managedOnlineEndpoint.schema.json\nname: other\nauth_mode: Key\n',
      'deployment.yml': `name: blue
endpoint_name: other
model: {path: model.txt, type: custom_model}
code_configuration: {code: score, scoring_script: score.py}
environment: ${ownPython}
instance_type: Standard_DS3_v2
instance_count: 1
environment_variables: {FACTOR: "2"}
data_collector:
  sampling_rate: 0.5
  rolling_rate: hour
  request_logging: {capture_headers: [X-Shop]}
  collections:
    model_inputs:
      enabled: 'True'
      data:
        name: fares-in
        version: 2
        path: azureml://datastores/workspaceblobstore/paths/modelDataCollector/taxi-fare/blue/model_inputs
    request: {enabled: 'False'}
`,
      'model.txt': 'm',
      'request.json': '{"data": [1, 2, 3]}',
      'score/score.py': `import json, os
def init():
    print("reads", sorted(os.listdir(os.environ["AZUREML_MODEL_DIR"])), flush=True)
def run(raw):
    return [x * int(os.environ["FACTOR"]) for x in json.loads(raw)["data"]]
`,
    })
  })
  after(async () => {
    shell.end()
    await server.end()
  })

  test('create, deploy, invoke, split, read logs, delete: as the accelerator does', async () => {
    const az = async (...line: string[]) => {
      const ran = await shell.run('az', 'ml', ...line)
      assert.equal(ran.code, 0, ran.err)
      return ran.out
    }
    const early = await shell.run(
      'online-deployment',
      'create',
      '--endpoint',
      'taxi-far',
      '-f',
      'deployment.yml',
    )
    assert.match(early.err, /endpoint_name: taxi-far does not exist/)

    await az('online-endpoint', 'create', '--name', 'taxi-fare', '-f', 'endpoint.yml')
    await az('online-endpoint', 'create', '--name', 'taxi-fare', '-f', 'endpoint.yml')
    const made = await az(
      'online-deployment',
      'create',
      '--name',
      'blue',
      '--endpoint',
      'taxi-fare',
      '-f',
      'deployment.yml',
      '--query',
      '[provisioning_state, instance_count]',
      '-o',
      'tsv',
    )
    assert.equal(made, 'Succeeded\n1\n')
    const shown = JSON.parse(
      await az('online-deployment', 'show', '-n', 'blue', '-e', 'taxi-fare', '--query', 'data_collector'),
    ) as { collections: { model_inputs: { data: string } } }
    const asset = shown.collections.model_inputs.data
    assert.match(asset, /^azureml:.*\/data\/fares-in\/versions\/2$/)
    assert.deepEqual(shown, {
      rolling_rate: 'hour',
      sampling_rate: 0.5,
      request_logging: { capture_headers: ['X-Shop'] },
      collections: { model_inputs: { enabled: 'true', data: asset }, request: { enabled: 'false' } },
    })
    assert.match(
      await az('data', 'show', '-n', 'fares-in', '-v', '2', '--query', 'path'),
      /modelDataCollector\/taxi-fare\/blue\/model_inputs/,
    )
    await az('online-endpoint', 'update', '--name', 'taxi-fare', '--traffic', 'blue=100')
    assert.equal(
      await az('online-endpoint', 'invoke', '-n', 'taxi-fare', '--request-file', 'request.json'),
      '[2, 4, 6]\n',
    )

    await az(
      'online-deployment',
      'create',
      '--name',
      'green',
      '-e',
      'taxi-fare',
      '-f',
      'deployment.yml',
      '--set',
      'environment_variables.FACTOR=10',
    )
    assert.equal(
      await az(
        'online-endpoint',
        'invoke',
        '-n',
        'taxi-fare',
        '--deployment-name',
        'green',
        '-r',
        'request.json',
        '--query',
        '[2]',
      ),
      '30\n',
    )
    const split = await az(
      'online-endpoint',
      'update',
      '-n',
      'taxi-fare',
      '--traffic',
      'blue=90 green=10',
      '--query',
      'traffic',
    )
    assert.deepEqual(JSON.parse(split), { blue: 90, green: 10 })
    await az('online-endpoint', 'create', '--name', 'taxi-fare', '-f', 'endpoint.yml')
    assert.deepEqual(
      JSON.parse(await az('online-endpoint', 'show', '-n', 'taxi-fare', '--query', 'traffic')),
      { blue: 90, green: 10 },
      'creating again keeps the traffic',
    )
    assert.match(
      await az('online-deployment', 'get-logs', '-n', 'blue', '-e', 'taxi-fare', '--lines', '50'),
      /reads \['model\.txt'\]/,
    )
    assert.match(
      await az('online-deployment', 'list', '-e', 'taxi-fare', '-o', 'table'),
      /^green +taxi-fare +Succeeded/m,
    )
    assert.equal(
      await az('online-endpoint', 'list', '-o', 'tsv', '--query', "[?name=='taxi-fare'][name]"),
      'taxi-fare\n',
    )

    const before = await az(
      'online-endpoint',
      'get-credentials',
      '-n',
      'taxi-fare',
      '--query',
      '[primaryKey, secondaryKey]',
      '-o',
      'tsv',
    )
    const keys = await az(
      'online-endpoint',
      'regenerate-keys',
      '-n',
      'taxi-fare',
      '--key-type',
      'secondary',
      '--query',
      '[primaryKey, secondaryKey]',
      '-o',
      'tsv',
    )
    assert.equal(keys.split('\n')[0], before.split('\n')[0])
    assert.notEqual(keys.split('\n')[1], before.split('\n')[1])

    const words = (line: string) => line.split(' ')
    const settings =
      'scale_settings.type=target_utilization scale_settings.max_instances=3 request_settings.request_timeout_ms=7500 ' +
      'liveness_probe.period=30 properties.scaleDownAfter=PT5M data_collector.sampling_rate=1 ' +
      'data_collector.rolling_rate=day data_collector.collections.request.enabled=true'
    await az(...words(`online-deployment update -n green -e taxi-fare --set ${settings}`))
    const green = JSON.parse(await az(...words('online-deployment show -n green -e taxi-fare'))) as Record<
      string,
      Record<string, unknown>
    >
    assert.deepEqual(green['scale_settings'], {
      type: 'target_utilization',
      min_instances: 1,
      max_instances: 3,
      target_utilization_percentage: 70,
      polling_interval: 1,
    })
    assert.equal(green['request_settings']?.['request_timeout_ms'], 7500)
    assert.equal(green['liveness_probe']?.['period'], 30)
    assert.deepEqual(green['properties'], { scaleDownAfter: 'PT5M' })
    const { rolling_rate: rolling, sampling_rate: rate, collections } = green['data_collector'] ?? {}
    assert.deepEqual(
      [rolling, rate, collections],
      ['day', 1, { model_inputs: { enabled: 'true', data: asset }, request: { enabled: 'true' } }],
    )
    const shares = words(
      'online-endpoint update -n taxi-fare --traffic blue=100 green=0 --mirror-traffic green=20',
    )
    const query = ['--query', '[mirror_traffic, properties]']
    const shared = await az(...shares, '--set', 'properties.stickyHeader=x-customer', ...query)
    assert.deepEqual(JSON.parse(shared), [{ green: 20 }, { stickyHeader: 'x-customer' }])
    await az('online-endpoint', 'update', '-n', 'taxi-fare', '--set', 'mirror_traffic.green=0')

    for (const { argv, says } of [
      { argv: ['--set', 'properties.stickyHeader=no header'], says: /is the name of the request header/ },
      { argv: ['--mirror-traffic', 'green=60'], says: /at most 50/ },
      { argv: ['--traffic', 'blue=50'], says: /sum to 100/ },
      { argv: ['--traffic', 'blue'], says: /NAME=PERCENT/ },
      { argv: ['--traffic', 'red=100'], says: /red/ },
    ]) {
      const refused = await shell.run('online-endpoint', 'update', '-n', 'taxi-fare', ...argv)
      assert.notEqual(refused.code, 0)
      assert.match(refused.err, says)
    }
    await az('online-endpoint', 'update', '-n', 'taxi-fare', '--traffic', 'blue=100 green=0')
    await az('online-deployment', 'delete', '-n', 'green', '-e', 'taxi-fare', '-y')
    await az('online-endpoint', 'delete', '-n', 'taxi-fare', '-y')
    assert.match((await shell.run('online-endpoint', 'show', '-n', 'taxi-fare')).err, /ResourceNotFound/)
  })
})
