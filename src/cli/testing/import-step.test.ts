import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { startTestApp, type TestApp } from '../../testing/app.ts'
import { testShell, type TestShell } from './io.ts'

let t: TestApp
let shell: TestShell
before(async () => {
  t = await startTestApp()
  shell = testShell({ url: t.app.platform.urls.http, token: t.token })
})
after(async () => {
  shell.end()
  await t.end()
})

const pipeline = (path: string, task = 'import_data') => `type: pipeline
jobs:
  bring:
    type: data_transfer
    task: ${task}
    source: { type: file_system, path: "${path}" }
    outputs:
      sink: { type: uri_folder, name: landed, path: "azureml://datastores/workspaceblobstore/paths/landed/\${{name}}" }
`

test('a step of a pipeline imports data, as Azure ML writes it', async () => {
  shell.write({ 'raw.csv': 'id\n1\n' })
  const made = await shell.run('data', 'create', '-n', 'raw', '-t', 'uri_file', '-p', 'raw.csv', '-o', 'json')
  assert.equal(made.code, 0, made.err)
  const { path } = JSON.parse(made.out) as { readonly path: string }
  shell.write({ 'pipeline.yml': pipeline(path), 'export.yml': pipeline(path, 'export_data') })
  const { code, err } = await shell.run('job', 'create', '-f', 'pipeline.yml', '--stream')
  assert.equal(code, 0, err)
  const { out } = await shell.run('data', 'show', '-n', 'landed', '-v', '1', '-o', 'json')
  assert.equal((JSON.parse(out) as { readonly type: string }).type, 'uri_folder')
  const refused = await shell.run('job', 'create', '-f', 'export.yml')
  assert.match(refused.err, /export.yml:5:11 .*import_data/)
})
