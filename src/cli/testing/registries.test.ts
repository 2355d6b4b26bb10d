import assert from 'node:assert/strict'
import { after, before, describe, test } from 'node:test'
import { startTestApp, type TestApp } from '../../testing/app.ts'
import { ownPython, useOwnPython } from '../../testing/own-python.ts'
import { testShell, type TestShell } from './io.ts'

describe('registries from the command line', () => {
  let server: TestApp
  let shell: TestShell
  before(async () => {
    server = await startTestApp()
    useOwnPython(server.home)
    shell = testShell({ url: server.app.platform.urls.http, token: server.token })
    shell.write({
      'model/weights.txt': 'w1',
      'registry.yml':
        '$schema: https://azuremlschemas.azureedge.net/latest/registry.schema.json\nname: shelf\nlocation: local\nreplication_locations: [{location: local}]\n',
      'src/say.sh': 'cat $1/weights.txt',
      'say.yml': `type: command
name: say
version: "1"
code: ./src
command: sh say.sh \${{inputs.model}}
environment: ${ownPython}
inputs: {model: {type: custom_model}}
`,
      'job.yml': `type: pipeline
settings: {default_compute: serverless}
jobs:
  say:
    type: command
    component: azureml://registries/shelf/components/say/versions/1
    inputs: {model: {type: custom_model, path: azureml://registries/shelf/models/taxi/labels/champion}}
`,
    })
  })
  after(async () => {
    shell.end()
    await server.end()
  })
  const ok = async (...line: string[]) => {
    const ran = await shell.run(...line)
    assert.equal(ran.code, 0, ran.err)
    return ran.out.trim()
  }
  const refused = async (message: RegExp, ...line: string[]) => {
    const ran = await shell.run(...line)
    assert.equal(ran.code, 1, ran.out)
    assert.match(ran.err, message)
  }

  test('a model is shared, found and downloaded under its name there', async () => {
    assert.equal(
      await ok('registry', 'create', '-f', 'registry.yml', '--query', 'name', '-o', 'tsv'),
      'shelf',
    )
    assert.equal(await ok('registry', 'list', '--query', '[].name', '-o', 'tsv'), 'shelf')
    await ok('model', 'create', '-n', 'fare', '-v', '3', '-p', 'model')
    const as = ['--registry-name', 'shelf', '--share-with-name', 'taxi', '--share-with-version', '1']
    await ok('model', 'share', '-n', 'fare', '-v', '3', ...as)
    const there = ['-n', 'taxi', '--registry-name', 'shelf']
    const shown = JSON.parse(await ok('model', 'show', ...there, '-v', '1'))
    assert.match(shown.published_from.id, /\/workspaces\/dev\/models\/fare\/versions\/3$/)
    assert.equal(shown.integrity.files, 1)
    await ok('model', 'set-alias', ...there, '-v', '1', '--alias', 'champion')
    assert.equal(
      await ok('model', 'show', ...there, '-l', 'champion', '--query', 'version', '-o', 'tsv'),
      '1',
    )
    await ok('model', 'download', ...there, '-v', '1', '-p', 'down')
    assert.match(
      await ok('model', 'lineage', '-n', 'fare', '-v', '3'),
      /taxi:1 +model +published .*in registry shelf/,
    )
    await ok('model', 'archive', ...there, '-v', '1')
    assert.equal(await ok('model', 'list', ...there, '--query', '[].version', '-o', 'tsv'), '')
    await ok('model', 'restore', ...there, '-v', '1')
    assert.equal(await ok('model', 'list', ...there, '--query', '[].version', '-o', 'tsv'), '1')
  })

  test('what is made in a registry runs in any workspace', async () => {
    const shelf = ['--registry-name', 'shelf']
    await ok('component', 'create', '-f', 'say.yml', ...shelf)
    for (const [noun, ...flags] of [
      ['model', '-p', 'model'],
      ['data', '-p', 'model/weights.txt'],
      ['environment', '--image', 'python:3.11'],
    ] as const) {
      await ok(noun, 'create', '-n', 'direct', '-v', '1', ...flags, ...shelf)
      assert.equal(
        await ok(noun, 'list', '-n', 'direct', ...shelf, '--query', '[].version', '-o', 'tsv'),
        '1',
      )
      assert.equal(await ok(noun, 'list', '--query', "[?name=='direct'].name", '-o', 'tsv'), '')
    }
    await ok('workspace', 'create', '-n', 'prod')
    const prod = server.workspace.replace(/[^/]+$/, 'prod')
    await server.until(prod, ({ provisioningState }) => provisioningState === 'Succeeded')
    const name = await ok('job', 'create', '-f', 'job.yml', '-w', 'prod', '--query', 'name', '-o', 'tsv')
    const ended = await server.until(`${prod}/jobs/${name}`, ({ status }) =>
      ['Completed', 'Failed'].includes(String(status)),
    )
    assert.equal(ended['status'], 'Completed', JSON.stringify(ended))
  })

  test('what cannot be is told with the nearest name', async () => {
    await refused(
      /no registry 'shelv' here. Did you mean 'shelf'/,
      'model',
      'list',
      '--registry-name',
      'shelv',
    )
    await refused(
      /there is no model nix in registry shelf/,
      'model',
      'show',
      '-n',
      'nix',
      '--registry-name',
      'shelf',
    )
    shell.write({ 'model/weights.txt': 'w2' })
    await ok('model', 'create', '-n', 'fare', '-v', '4', '-p', 'model')
    const taken = ['--registry-name', 'shelf', '--share-with-name', 'taxi', '--share-with-version', '1']
    await refused(
      /published in registry 'shelf' with other content/,
      'model',
      'share',
      '-n',
      'fare',
      '-v',
      '4',
      ...taken,
    )
  })
})
