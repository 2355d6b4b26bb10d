import assert from 'node:assert/strict'
import { after, before, describe, test } from 'node:test'
import { startTestApp, type TestApp } from '../../testing/app.ts'
import { ownPython, useOwnPython } from '../../testing/own-python.ts'
import { testShell, type TestShell } from './io.ts'

describe('lineage from the command line', () => {
  let server: TestApp
  let shell: TestShell
  before(async () => {
    server = await startTestApp()
    useOwnPython(server.home)
    shell = testShell({ url: server.app.platform.urls.http, token: server.token })
    shell.write({
      'raw.csv': 'a\n1\n',
      'pipeline.yml': `type: pipeline
settings: {default_compute: serverless}
inputs:
  table: {type: uri_file, path: azureml:raw@latest}
jobs:
  clean:
    type: command
    environment: ${ownPython}
    command: cp \${{inputs.table}} \${{outputs.clean}}/t.csv
    inputs: {table: "\${{parent.inputs.table}}"}
    outputs: {clean: {type: uri_folder}}
  keep:
    type: command
    environment: ${ownPython}
    command: cp \${{inputs.from}}/t.csv \${{outputs.kept}}
    inputs: {from: "\${{parent.jobs.clean.outputs.clean}}"}
    outputs: {kept: {type: uri_file, name: kept}}
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
    return ran.out
  }
  /** Without times, and with single spaces. */
  const plain = (text: string) =>
    text.replaceAll(/ +(\d{4}-\d\d-\d\d \d\d:\d\d).*$/gm, '').replaceAll(/(?<=\S) +/g, ' ')

  test('a pipeline is traced from its data to what it registered, and back', async () => {
    await ok('data', 'create', '-n', 'raw', '-v', '1', '-p', 'raw.csv')
    const name = (await ok('job', 'create', '-f', 'pipeline.yml', '--query', 'name', '-o', 'tsv')).trim()
    await server.until(`${server.workspace}/jobs/${name}`, ({ status }) => status === 'Completed')
    assert.equal(
      plain(await ok('data', 'lineage', '-n', 'raw')),
      `raw:1 data

came of: nothing

what came of it
└─ clean job Completed read table
   └─ keep job Completed wrote clean, read from
      └─ kept:1 data wrote kept
`,
    )
    assert.equal(
      plain(await ok('data', 'lineage', '-n', 'kept', '--direction', 'up')),
      `kept:1 data

came of
└─ keep job Completed wrote kept
   └─ clean job Completed wrote clean, read from
      └─ raw:1 data read table
`,
    )
    assert.match(await ok('job', 'lineage', '-n', name), /came of\n└─ raw:1 [^]*what came of it\n└─ clean /)
    const edges = await ok('data', 'lineage', '-n', 'raw', '--query', 'edges[].kind', '-o', 'tsv')
    assert.deepEqual(edges.trim().split('\n').sort(), [
      'ran',
      'ran',
      'read',
      'read',
      'read',
      'wrote',
      'wrote',
    ])
    assert.match(
      await ok('data', 'lineage', '-n', 'raw', '-o', 'mermaid'),
      /^flowchart LR\n {2}n0\["raw:1<br/,
    )

    const near = await shell.run('data', 'lineage', '-n', 'raw', '--depth', '1')
    assert.match(near.err, /there is more: --depth N goes further/)
    const again = (await ok('job', 'create', '-f', 'pipeline.yml', '--query', 'name', '-o', 'tsv')).trim()
    await server.until(`${server.workspace}/jobs/${again}`, ({ status }) => status === 'Completed')
    assert.equal(
      plain(await ok('data', 'lineage', '-n', 'kept', '-v', '2', '--direction', 'up')),
      `kept:2 data

came of
└─ keep job Completed wrote kept
   └─ clean job Completed wrote clean, read from
      └─ raw:1 data read table
`,
    )
    assert.match(
      await ok('job', 'lineage', '-n', `${again}_clean`, '--direction', 'up'),
      /[├└]─ clean .* reused /,
    )
    await ok('data', 'delete', '-n', 'raw', '-v', '1', '-y')
    assert.match(await ok('data', 'lineage', '-n', 'kept'), /raw:1 +data +Deleted +read table/)
  })

  test('what is wrong is said by the nearest name', async () => {
    const wrong = await shell.run('data', 'lineage', '-n', 'kep', '-v', '1')
    assert.deepEqual([wrong.code, /Did you mean|does not exist/.test(wrong.err)], [1, true])
    const format = await shell.run('data', 'lineage', '-n', 'kept', '-o', 'mermiad')
    assert.deepEqual([format.code, /did you mean mermaid\?/.test(format.err)], [2, true])
  })
})
