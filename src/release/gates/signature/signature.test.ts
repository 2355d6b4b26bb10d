import assert from 'node:assert/strict'
import { after, before, describe, test } from 'node:test'
import { stringify } from 'yaml'
import { startTestApp, type TestApp } from '../../../testing/app.ts'
import { upload } from '../../../testing/serving.ts'
import { drive, released } from '../testing/drive.ts'
import { compareSignatures } from './compare.ts'
import { signature } from './gate.ts'
import { signatureIn } from './signature.ts'

/* As MLflow 2.22 and 3.17 write them. */
const column = (name: string, type: string, required = true) => ({ type, name, required })
const mlmodel = (inputs: readonly object[], outputs: readonly object[], params?: readonly object[]) =>
  stringify({
    flavors: { python_function: { loader_module: 'mlflow.sklearn' } },
    signature: {
      inputs: JSON.stringify(inputs),
      outputs: JSON.stringify(outputs),
      params: params === undefined ? null : JSON.stringify(params),
    },
  })
const outputs = [column('late', 'double')]
const read = (...of: Parameters<typeof mlmodel>) => {
  const found = signatureIn(mlmodel(...of))
  assert.ok(found)
  return found
}
const kinds = (before: readonly object[], after: readonly object[]) =>
  compareSignatures(read(before, outputs), read(after, outputs)).map(({ kind, of }) => `${kind} ${of}`.trim())

describe('differences of signatures', () => {
  const [a, b] = [column('a', 'double'), column('b', 'long')]

  test('of inputs', () => {
    assert.deepEqual(kinds([a, b], [a, b]), [])
    assert.deepEqual(kinds([a], [a, b]), ['input_added b'])
    assert.deepEqual(kinds([a], [a, column('b', 'long', false)]), ['input_added_optional b'])
    assert.deepEqual(kinds([a, b], [a]), ['input_removed b'])
    assert.deepEqual(kinds([a, b], [b, a]), ['inputs_reordered'])
    assert.deepEqual(kinds([column('a', 'long', false)], [column('a', 'long')]), ['input_required a'])
    assert.deepEqual(kinds([column('a', 'long')], [column('a', 'long', false)]), ['input_optional a'])
  })

  test('of types: what can be converted without loss is taken, as by MLflow', () => {
    const change = (from: string, to: string) => kinds([column('a', from)], [column('a', to)])
    assert.deepEqual(change('integer', 'long'), ['input_widened a'])
    assert.deepEqual(change('integer', 'double'), ['input_widened a'])
    assert.deepEqual(change('float', 'double'), ['input_widened a'])
    assert.deepEqual(change('long', 'any'), ['input_widened a'])
    for (const [from, to] of [
      ['long', 'double'],
      ['double', 'long'],
      ['string', 'double'],
      ['boolean', 'long'],
    ] as const)
      assert.deepEqual(change(from, to), ['input_type a'])
  })

  test('of outputs, which are looked at the other way round', () => {
    const change = (from: readonly object[], to: readonly object[]) =>
      compareSignatures(read([a], from), read([a], to)).map(({ kind }) => kind)
    assert.deepEqual(change([column('p', 'double')], [column('p', 'float')]), ['output_narrowed'])
    assert.deepEqual(change([column('p', 'float')], [column('p', 'double')]), ['output_type'])
    assert.deepEqual(change([a, b], [a]), ['output_removed'])
    assert.deepEqual(change([a], [a, b]), ['output_added'])
    const tensor = (dtype: string, shape: readonly number[]) => [
      { type: 'tensor', 'tensor-spec': { dtype, shape } },
    ]
    assert.deepEqual(change(tensor('float64', [-1]), tensor('float64', [-1])), [])
    assert.deepEqual(change(tensor('float64', [-1]), tensor('float64', [-1, 2])), ['output_type'])
    assert.deepEqual(change(tensor('int64', [-1]), tensor('float64', [-1])), ['output_type'])
  })

  test('within lists, maps and objects', () => {
    const list = (type: string) => [{ type: 'array', items: { type }, name: 'a', required: true }]
    assert.deepEqual(kinds(list('integer'), list('long')), ['input_widened a'])
    assert.deepEqual(kinds(list('long'), list('string')), ['input_type a'])
    const object = (properties: object) => [{ type: 'object', name: 'o', properties, required: true }]
    const x = { x: { type: 'long', required: true } }
    assert.deepEqual(kinds(object(x), object({ ...x, y: { type: 'string', required: false } })), [
      'input_widened o',
    ])
    assert.deepEqual(kinds(object(x), object({ ...x, y: { type: 'string', required: true } })), [
      'input_type o',
    ])
    const [found] = compareSignatures(
      read(object(x), outputs),
      read(object({ x: { type: 'string' } }), outputs),
    )
    assert.match(found?.says ?? '', /different: x/)
  })

  test('of parameters', () => {
    const t = { name: 't', type: 'double', default: 0.5, shape: null }
    const change = (from: readonly object[], to: readonly object[]) =>
      compareSignatures(read([a], outputs, from), read([a], outputs, to)).map(({ kind }) => kind)
    assert.deepEqual(change([t], []), ['param_removed'])
    assert.deepEqual(change([], [t]), ['param_added'])
    assert.deepEqual(change([t], [{ ...t, default: 0.4 }]), ['param_default'])
    assert.deepEqual(change([t], [{ ...t, type: 'string' }]), ['param_type'])
    assert.deepEqual(change([t], [{ ...t, shape: [-1] }]), ['param_type'])
  })

  test('cannot be told of what is no signature', () => {
    assert.equal(signatureIn('flavors: {}'), undefined)
    assert.throws(() => signatureIn("signature: {inputs: 'no json'}"), /signature cannot be read/)
  })
})

describe('the gate signature', () => {
  let t: TestApp
  before(async () => {
    t = await startTestApp()
  })
  after(() => t.end())

  async function model(version: string, file: string) {
    const modelUri = await upload(t, `LocalUpload/s${version}/model`, { MLmodel: file })
    const id = `${t.workspace}/models/delay/versions/${version}`
    const { status } = await t.send('PUT', id, { properties: { modelType: 'mlflow_model', modelUri } })
    assert.equal(status, 201)
    return released(t, id)
  }

  test('fails a candidate that breaks callers, with the very list', async () => {
    const champion = await model('1', mlmodel([column('a', 'double')], outputs))
    const candidate = await model('2', mlmodel([column('a', 'double'), column('b', 'long')], outputs))
    const { result } = await drive(t, signature, {}, { candidate, champion })
    assert.equal(result.verdict, 'fail')
    assert.equal(result.summary, 'delay:2 needs the new input b (long): callers of delay:1 would break.')
    assert.match(signature.report?.(result) ?? '', /<td>needs the new input b \(long\)<\/td>/)
    const allowed = await drive(t, signature, { allow: ['input_added'] }, { candidate, champion })
    assert.equal(allowed.result.verdict, 'pass')
    assert.deepEqual(allowed.result.notes, [
      'The candidate needs the new input b (long) (allowed by the plan).',
    ])
    assert.equal((await drive(t, signature, {}, { candidate })).result.verdict, 'not_applicable')
    assert.throws(() => signature.parameters.parse({ allow: ['anything'] }))
  })

  test('is inconclusive without a signature, or fails where the plan says so', async () => {
    const candidate = await model('3', 'flavors: {}\n')
    const asked = await drive(t, signature, {}, { candidate })
    assert.equal(asked.result.verdict, 'inconclusive')
    assert.equal((await drive(t, signature, { missing: 'fail' }, { candidate })).result.verdict, 'fail')
  })
})
