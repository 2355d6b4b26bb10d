import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { after, before, describe, test } from 'node:test'
import { startTestApp } from '../../testing/app.ts'
import type { TestApp } from '../../testing/app.ts'
import { testShell } from './io.ts'
import type { TestShell } from './io.ts'

describe('the command line against a server', () => {
  let server: TestApp
  let shell: TestShell
  before(async () => {
    server = await startTestApp()
    shell = testShell({ url: server.app.platform.urls.http, token: server.token })
    shell.write({
      'assets/data.yml': 'type: uri_file\nname: taxi-data\npath: ../data/taxi.csv\ntags: {team: fares}\n',
      'data/taxi.csv': 'a,b\n1,2\n',
      'model/MLmodel': 'flavors: {}\n',
      'model/deep/weights.bin': '\u0000\u0001\u0002',
      'model/notes.tmp': 'not for others',
      'model/.amlignore': '*.tmp\n',
    })
  })
  after(async () => {
    shell.end()
    await server.end()
  })

  test('a data asset is uploaded once and registered under the next version', async () => {
    const first = await shell.run(
      'az',
      'ml',
      'data',
      'create',
      '--file',
      'assets/data.yml',
      '--name',
      'taxi-data',
      '--query',
      'version',
      '-o',
      'tsv',
    )
    assert.deepEqual(first, { code: 0, out: '1\n', err: '' })
    const second = await shell.run(
      'data',
      'create',
      '-n',
      'taxi-data',
      '-t',
      'uri_file',
      '-p',
      'data/taxi.csv',
      '--set',
      'tags.by=hand',
    )
    const { version, path, tags } = JSON.parse(second.out) as { version: string; path: string; tags: unknown }
    assert.deepEqual([version, tags], ['2', { by: 'hand' }])
    assert.match(
      path,
      /^azureml:\/\/subscriptions\/.*\/workspaceblobstore\/paths\/LocalUpload\/[0-9a-f]{64}\/taxi\.csv$/,
    )
    const { out } = await shell.run(
      'data',
      'list',
      '-n',
      'taxi-data',
      '--query',
      '[].[version, path]',
      '-o',
      'tsv',
    )
    const [newer, older] = out
      .trim()
      .split('\n')
      .map((line) => line.split('\t')[1])
    assert.equal(newer, older, 'the same content lies in the same place')
  })

  test('a file is no folder, and the other way round', async () => {
    const file = await shell.run('data', 'create', '-n', 'x', '-t', 'uri_folder', '-p', 'data/taxi.csv')
    assert.match(file.err, /data\/taxi\.csv is a file, not a uri_folder[^]*--type uri_file/)
    const folder = await shell.run('data', 'create', '-n', 'x', '-t', 'uri_file', '-p', 'data')
    assert.match(folder.err, /data is a folder, not a uri_file/)
    const told = await shell.run(
      'data',
      'create',
      '-n',
      'x',
      '-p',
      'data/taxi.csv',
      '--query',
      'type',
      '-o',
      'tsv',
    )
    assert.equal(told.out, 'uri_file\n')
  })

  test('what is not there is told with the command that lists what is', async () => {
    const { code, err } = await shell.run('data', 'show', '-n', 'nowhere')
    assert.equal(code, 1)
    assert.match(err, /no data asset nowhere[^]*twinloop data list lists them/)
  })

  test('show, update, archive and restore', async () => {
    await shell.run(
      'data',
      'create',
      '-n',
      'd',
      '-p',
      'azureml://datastores/workspaceblobstore/paths/x/',
      '-v',
      '01',
    )
    assert.equal(
      (await shell.run('data', 'show', '-n', 'd', '--query', 'version', '-o', 'tsv')).out,
      '01\n',
      'zeros are kept',
    )
    const updated = await shell.run(
      'data',
      'update',
      '-n',
      'd',
      '-v',
      '01',
      '--set',
      'description=new words',
      'tags.a=b',
    )
    assert.equal(updated.code, 0, updated.err)
    assert.equal(
      (
        await shell.run(
          'data',
          'show',
          '-n',
          'd',
          '-l',
          'latest',
          '--query',
          '[description, tags.a]',
          '-o',
          'tsv',
        )
      ).out,
      'new words\nb\n',
    )
    await shell.run('data', 'archive', '-n', 'd', '-v', '01')
    assert.equal((await shell.run('data', 'list', '-n', 'd', '--query', 'length(@)')).out, '0\n')
    assert.equal(
      (await shell.run('data', 'list', '-n', 'd', '--archived-only', '--query', 'length(@)')).out,
      '1\n',
    )
    await shell.run('data', 'restore', '-n', 'd', '-v', '01')
    assert.equal((await shell.run('data', 'list', '-n', 'd', '--query', 'length(@)')).out, '1\n')
  })

  test("a model's folder goes up, less what it ignores, and comes down as it was", async () => {
    const made = await shell.run('model', 'create', '-n', 'm', '-t', 'custom_model', '-p', 'model')
    assert.equal(made.code, 0, made.err)
    const got = await shell.run('model', 'download', '-n', 'm', '-l', 'latest', '-p', 'down')
    assert.equal(got.code, 0, got.err)
    assert.match(got.err, /3 files/)
    assert.equal(readFileSync(join(shell.folder, 'down/m/deep/weights.bin'), 'latin1'), '\u0000\u0001\u0002')
  })

  test('a compute, with the flags that the accelerator gives', async () => {
    const made = await shell.run(
      'az',
      'ml',
      'compute',
      'create',
      '--name',
      'cpu-cluster',
      '--type',
      'AmlCompute',
      '--tier',
      'low_priority',
      '--size',
      'STANDARD_DS3_V2',
      '--min-instances',
      '0',
      '--max-instances',
      '4',
      '--resource-group',
      'twinloop',
      '--workspace-name',
      'dev',
    )
    assert.equal(made.code, 0, made.err)
    assert.equal(
      (
        await shell.run(
          'compute',
          'show',
          '-n',
          'cpu-cluster',
          '--query',
          '[type, max_instances, tier]',
          '-o',
          'tsv',
        )
      ).out,
      'amlcompute\n4\nlow_priority\n',
    )
    assert.equal(
      (
        await shell.run(
          'compute',
          'update',
          '-n',
          'cpu-cluster',
          '--max-instances',
          '8',
          '--query',
          'max_instances',
          '-o',
          'tsv',
        )
      ).out,
      '8\n',
    )
    assert.equal((await shell.run('compute', 'delete', '-n', 'cpu-cluster', '-y')).code, 0)
    const gone = await shell.run('compute', 'show', '-n', 'cpu-cluster')
    assert.equal(gone.code, 1)
    assert.match(gone.err, /ResourceNotFound/)
  })

  test('defaults that az configure sets are used, and flags win over them', async () => {
    assert.equal(
      (await shell.run('az', 'configure', '--defaults', 'group=twinloop', 'workspace=nowhere')).code,
      0,
    )
    const lost = await shell.run('data', 'list')
    assert.equal(lost.code, 1)
    assert.match(lost.err, /nowhere/)
    assert.equal((await shell.run('data', 'list', '-w', 'dev')).code, 0)
    await shell.run('az', 'configure', '--defaults', 'workspace=')
    assert.equal((await shell.run('data', 'list')).code, 0)
  })

  test('a workspace of its own', async () => {
    const made = await shell.run('workspace', 'create', '-n', 'staging', '--display-name', 'Staging')
    assert.equal(made.code, 0, made.err)
    assert.match((await shell.run('workspace', 'list', '-o', 'table')).out, /^staging +twinloop/m)
    assert.match(
      (await shell.run('env', '-w', 'staging')).out,
      /^export MLFLOW_TRACKING_URI='http:.*\/workspaces\/staging'$/m,
    )
  })

  test('a wrong token says what to do', async () => {
    const stranger = testShell({ url: server.app.platform.urls.http, token: 'tl_wrong' })
    const { code, err } = await stranger.run('data', 'list')
    stranger.end()
    assert.equal(code, 1)
    assert.match(err, /InvalidAuthenticationToken[^]*twinloop login/)
  })
})

describe('the command line without a server', () => {
  let shell: TestShell
  before(() => {
    shell = testShell()
  })
  after(() => shell.end())

  test('what needs one says how to start it', async () => {
    const { code, out, err } = await shell.run('job', 'list')
    assert.deepEqual([code, out], [1, ''])
    assert.match(err, /no Twinloop server is running[^]*twinloop up --detach/)
  })

  test('what is wrong with a file is said first, even so', async () => {
    shell.write({ 'job.yml': 'command: echo ${{inputs.x}}\nenvironment: azureml:e:1\n' })
    const { err } = await shell.run('job', 'create', '-f', 'job.yml')
    assert.match(err, /there is no input x/)
    assert.doesNotMatch(err, /no Twinloop server/)
  })

  for (const { argv, says } of [
    { argv: ['jbo'], says: /jbo is not a command[^]*did you mean job\?/ },
    { argv: ['job', 'strem'], says: /strem is not a verb of job[^]*did you mean stream\?/ },
    { argv: ['job', 'create'], says: /needs --file\/-f/ },
    {
      argv: ['az', 'vm', 'list'],
      says: /az vm list is not a line that Twinloop answers|az vm is not|az vm list/,
    },
  ])
    test(`twinloop ${argv.join(' ')} is a usage error`, async () => {
      const { code, err } = await shell.run(...argv)
      assert.equal(code, 2)
      assert.match(err, says)
    })

  for (const line of [
    'extension add -n ml -y',
    'extension update -n ml',
    'account set -s 00000000-0000-0000-0000-000000000001',
    'login --service-principal -u a -p b --tenant c',
    'config set extension.use_dynamic_install=yes_without_prompt',
    'group create --location westus --name rg --tags a=b',
  ])
    test(`az ${line} is answered`, async () => {
      assert.equal((await shell.run('az', ...line.split(' '))).code, 0)
    })

  test('the shim hands its line on', async () => {
    const { out } = await shell.run('az', '--shim')
    assert.match(out, /^export PATH='.*shim':"\$PATH"$/m)
    assert.match(readFileSync(join(shell.home, 'shim/az'), 'utf8'), /^exec .* az "\$@"$/m)
  })
})
