import assert from 'node:assert/strict'
import { execFileSync } from 'node:child_process'
import { once } from 'node:events'
import { existsSync, mkdirSync } from 'node:fs'
import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { join } from 'node:path'
import { text } from 'node:stream/consumers'
import { after, before, describe, test } from 'node:test'
import { startTestApp, type TestApp } from '../../../testing/app.ts'
import { useOwnPython } from '../../../testing/own-python.ts'
import { uploadFolder } from '../../../testing/serving.ts'
import { pythonWith } from '../../../testing/test-cache.ts'
import { specificationOf } from '../../../training/environments/specification.ts'
import { drive, mistakes, released } from '../testing/drive.ts'
import { supplyChain } from './gate.ts'
import { pinsOf } from './pins.ts'

describe('pins', () => {
  const of = (requirements: string, python = '==3.11.7') => pinsOf(specificationOf({ requirements, python }))
  test('are versions, files with a hash and commits', () => {
    const hash = 'a'.repeat(64)
    const commit = 'b'.repeat(40)
    const pinned = [
      'scikit-learn==1.5.2',
      "pywin32==306 ; sys_platform == 'win32'",
      'mlflow[extras]===2.22.5',
      `mine @ https://example.org/mine.whl#sha256=${hash}`,
      `theirs @ git+https://example.org/theirs@${commit}`,
    ]
    assert.deepEqual(of(pinned.join('\n')).unpinned, [])
    const loose = ['numpy', 'pandas>=2', 'scipy==1.*', 'theirs @ git+https://example.org/theirs@main', 'x!=1']
    assert.deepEqual(of(loose.join('\n')).pinned, [])
    assert.equal(of('numpy').unpinned.length, 1)
  })
  test('tell a python that is not, and packages from elsewhere', () => {
    assert.equal(of('a==1').pythonIsPinned, true)
    // As conda's `python=3.11` and `python=3.11.7` are read.
    assert.equal(of('a==1', '==3.11.*').pythonIsPinned, true)
    assert.equal(of('a==1', '==3.11.7.*').pythonIsPinned, true)
    assert.equal(of('a==1', '==3.*').pythonIsPinned, false)
    assert.equal(of('a==1', '>=3.9').pythonIsPinned, false)
    assert.equal(of('a==1', '').pythonIsPinned, false)
    assert.deepEqual(of('--extra-index-url https://x.example/\na==1').sources, [
      '--extra-index-url https://x.example/',
    ])
  })
})

/** Writes a model of a few files; what is evil would make a file, if anything ever loaded it. */
const writer = `
import os, pickle, sys, zlib
folder, kind, trap = sys.argv[1:4]
class Evil:
    def __reduce__(self):
        return os.system, ("touch " + trap,)
def write(name, data):
    open(os.path.join(folder, name), "wb").write(data)
write("model.pkl", pickle.dumps({"weights": [1, 2, 3]}))
write("requirements.txt", b"jinja2==2.4.1\\n")
write("python_env.yaml", b"python: 3.11.7\\n")
if kind == "plain":
    write("model.pkl", pickle.dumps(Evil()))
if kind == "named":
    write("notes.txt", pickle.dumps(Evil(), protocol=0))
if kind == "packed":
    write("weights.z", zlib.compress(pickle.dumps(Evil(), protocol=4)))
def array(name, descr, data):
    header = ("{'descr': %s, 'fortran_order': False, 'shape': (1,), }\\n" % descr).encode()
    write(name, b"\\x93NUMPY\\x01\\x00" + len(header).to_bytes(2, "little") + header + data)
if kind == "numbers":
    array("numbers.npy", "[('Offset', '<f8'), ('count', '<u4')]", b"\\0|O" * 3)
if kind == "objects":
    array("objects.npy", "[('a', '<f8'), (('title', 'b'), [('c', 'O', (2,))])]", pickle.dumps(Evil()))
if kind == "broken":
    write("more.pkl", pickle.dumps({"a": Evil})[:-3])
if kind == "loose":
    write("requirements.txt", b"numpy>=1\\njinja2==2.4.1\\n")
    write("helper.py", b"print(1)\\n")
`

describe('the gate supply_chain', () => {
  let t: TestApp
  let osv: Server
  let audit: object
  const asked: string[] = []
  before(async () => {
    t = await startTestApp()
    for (const requirement of ['picklescan==1.0.5', 'pip-audit==2.10.1']) {
      const python = await pythonWith(requirement.replace('==', '-'), [requirement])
      useOwnPython(t.home, specificationOf({ requirements: requirement }), python)
    }
    // What OSV answers, in its format, of one package.
    osv = createServer((request, response) => {
      void text(request).then((body) => {
        asked.push(body)
        const isJinja = body.includes('jinja2')
        const affected = [
          {
            package: { name: 'jinja2', ecosystem: 'PyPI' },
            ranges: [{ type: 'ECOSYSTEM', events: [{ introduced: '0' }, { fixed: '2.7.2' }] }],
          },
        ]
        const vuln = {
          id: 'PYSEC-2014-8',
          aliases: ['CVE-2014-1402'],
          details: 'tmp files',
          published: '2014-05-19T14:55:00Z',
          affected,
        }
        response
          .setHeader('content-type', 'application/json')
          .end(JSON.stringify(isJinja ? { vulns: [vuln] } : {}))
      })
    }).listen(0, '127.0.0.1')
    await once(osv, 'listening')
    const audit_url = `http://127.0.0.1:${(osv.address() as AddressInfo).port}/v1/query`
    audit = { audit_service: 'osv', audit_url }
  })
  after(async () => {
    osv.close()
    await t.end()
  })

  async function model(kind: string) {
    const folder = join(t.home, `model-${kind}`)
    mkdirSync(folder)
    const trap = join(t.home, 'trapped')
    execFileSync('python3', ['-c', writer, folder, kind, trap])
    const modelUri = await uploadFolder(t, `LocalUpload/${kind}/model`, folder)
    const id = `${t.workspace}/models/${kind}/versions/1`
    const { status } = await t.send('PUT', id, { properties: { modelType: 'custom_model', modelUri } })
    assert.equal(status, 201)
    return released(t, id)
  }
  const ask = async (kind: string, parameters: object = { audit: 'off' }) =>
    drive(t, supplyChain, { ...parameters }, { candidate: await model(kind) })

  test('passes what is safe, and keeps the hash of every file', async () => {
    const { result, kept } = await ask('safe')
    assert.equal(result.verdict, 'pass', JSON.stringify(result))
    assert.equal(result.summary, '3 files, 1 pickle: nothing dangerous was found.')
    const { files } = JSON.parse(kept['files.json'] ?? '') as { files: { path: string; sha256: string }[] }
    assert.deepEqual(
      files.map(({ path }) => path),
      ['model.pkl', 'python_env.yaml', 'requirements.txt'],
    )
    assert.match(files[0]?.sha256 ?? '', /^[0-9a-f]{64}$/)
  })

  test('fails a pickle that would run a command, whatever it is called and however it is packed', async () => {
    for (const [kind, file] of [
      ['plain', 'model.pkl'],
      ['named', 'notes.txt'],
      ['packed', 'weights.z'],
      ['objects', 'objects.npy'],
    ] as const) {
      const { result } = await ask(kind)
      assert.equal(result.verdict, 'fail', kind)
      assert.equal(result.summary, `Loading ${file} would run posix.system.`)
      assert.match(supplyChain.report?.(result) ?? '', /posix\.system/)
    }
    assert.equal(existsSync(join(t.home, 'trapped')), false)
  })

  test('takes an array of numbers for no pickle, whatever its numbers and the names of its fields look like', async () => {
    const { result } = await ask('numbers')
    assert.equal(result.summary, '4 files, 1 pickle: nothing dangerous was found.')
  })

  test('is inconclusive where a pickle cannot be read to its end', async () => {
    const { result } = await ask('broken')
    assert.equal(result.verdict, 'inconclusive')
    assert.match(result.notes.join('\n'), /more\.pkl could not be read to the end/)
  })

  test('fails requirements that are not pinned, unless the plan only wants to know', async () => {
    const { result } = await ask('loose')
    assert.equal(result.verdict, 'fail')
    assert.equal(result.summary, 'Unpinned requirements: numpy>=1.')
    assert.match(result.notes.join('\n'), /code of its own.*helper\.py/)
    const candidate = await released(t, `${t.workspace}/models/loose/versions/1`)
    const told = await drive(t, supplyChain, { unpinned: 'note', audit: 'off' }, { candidate })
    assert.equal(told.result.verdict, 'pass')
  })

  test('asks pip-audit for known vulnerabilities', async () => {
    const candidate = await released(t, `${t.workspace}/models/safe/versions/1`)
    const { result } = await drive(t, supplyChain, audit as never, { candidate })
    assert.ok(
      asked.some((body) => body.includes('2.4.1')),
      'pip-audit asked about the very version',
    )
    assert.equal(result.verdict, 'fail', JSON.stringify(result))
    assert.match(result.summary, /^Known vulnerabilities: PYSEC-2014-8 in jinja2 2\.4\.1\.$/)
    const ignored = { ...audit, ignore: ['CVE-2014-1402'] }
    const again = await drive(t, supplyChain, ignored as never, { candidate })
    assert.equal(again.result.verdict, 'pass')
    assert.match(again.result.notes.join('\n'), /ignores PYSEC-2014-8 in jinja2/)
  })

  test('records as not checked what nobody could be asked', async () => {
    const candidate = await released(t, `${t.workspace}/models/safe/versions/1`)
    const away = { audit_service: 'osv', audit_url: 'http://127.0.0.1:9/' }
    const { result } = await drive(t, supplyChain, away, { candidate })
    assert.equal(result.verdict, 'pass')
    assert.match(result.notes.join('\n'), /Known vulnerabilities were not checked: .*127\.0\.0\.1/)
    const required = await drive(t, supplyChain, { ...away, audit: 'required' }, { candidate })
    assert.equal(required.result.verdict, 'inconclusive')
  })

  test('tells mistakes of a plan before anything runs', async () => {
    assert.deepEqual(await mistakes(t, supplyChain, {}), [])
    const [url] = await mistakes(t, supplyChain, { audit_url: 'https://osv.example.org/' })
    assert.deepEqual(url?.path, ['audit_url'])
    const [environment] = await mistakes(t, supplyChain, { environment: 'azureml:none:1' })
    assert.deepEqual(environment?.path, ['environment'])
  })
})
