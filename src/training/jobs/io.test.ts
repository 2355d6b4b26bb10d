import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { inputBody, outputBody, readJobInput, readJobOutput } from './io.ts'

describe('readJobInput', () => {
  const table: readonly [unknown, ReturnType<typeof readJobInput>][] = [
    [{ jobInputType: 'literal', value: '0.1' }, { literal: '0.1' }],
    [{ job_input_type: 'literal', value: '' }, { literal: '' }],
    [7, { literal: '7' }],
    [true, { literal: 'True' }],
    [null, undefined],
    [
      { jobInputType: 'uri_file', uri: 'azureml:d:1' },
      { type: 'uri_file', uri: 'azureml:d:1', mode: 'ro_mount' },
    ],
    [
      { jobInputType: 'UriFolder', uri: 'u', mode: 'Direct' },
      { type: 'uri_folder', uri: 'u', mode: 'direct' },
    ],
    [
      { job_input_type: 'mltable', uri: 'u', mode: 'eval_mount' },
      { type: 'mltable', uri: 'u', mode: 'eval_mount' },
    ],
    [
      { jobInputType: 'MLFlowModel', uri: 'u', mode: 'Download' },
      { type: 'mlflow_model', uri: 'u', mode: 'download' },
    ],
    [{ uri: 'u' }, { type: 'uri_folder', uri: 'u', mode: 'ro_mount' }],
  ]
  for (const [given, expected] of table)
    it(`reads ${JSON.stringify(given)}`, () => {
      const input = readJobInput(given, 'properties.inputs.x')
      assert.deepEqual(input, expected)
      if (input) assert.deepEqual(readJobInput(inputBody(input), 'x'), input)
    })

  const bad: readonly [unknown, string, RegExp][] = [
    [{ jobInputType: 'uri_foldr', uri: 'u' }, 'x.jobInputType', /Did you mean 'uri_folder'/],
    [{ jobInputType: 'uri_file' }, 'x.uri', /needs a uri/],
    [{ jobInputType: 'literal' }, 'x.value', /needs a value/],
    [{ jobInputType: 'uri_file', uri: 'u', mode: 'downlod' }, 'x.mode', /Did you mean 'download'/],
    [[1], 'x', /is a value or an object/],
  ]
  for (const [given, target, message] of bad)
    it(`refuses ${JSON.stringify(given)}`, () =>
      assert.throws(() => readJobInput(given, 'x'), { target, message }))
})

describe('readJobOutput', () => {
  it('takes null for a folder', () => {
    assert.deepEqual(readJobOutput(null, 'x'), { type: 'uri_folder', mode: 'rw_mount' })
  })
  it('takes the type that the component declares', () => {
    assert.equal(readJobOutput({ mode: 'Upload' }, 'x', 'mlflow_model').type, 'mlflow_model')
  })
  it('reads and writes the asset to be made', () => {
    const output = readJobOutput(
      { jobOutputType: 'uri_file', assetName: 'd', asset_version: '3', uri: 'u' },
      'x',
    )
    assert.deepEqual(output, {
      type: 'uri_file',
      mode: 'rw_mount',
      uri: 'u',
      assetName: 'd',
      assetVersion: '3',
    })
    assert.deepEqual(readJobOutput(outputBody(output), 'x'), output)
  })
  it('refuses a mode of inputs', () =>
    assert.throws(() => readJobOutput({ mode: 'ro_mount' }, 'x'), { target: 'x.mode' }))
  it('refuses literals', () =>
    assert.throws(() => readJobOutput({ jobOutputType: 'literal' }, 'x'), /is no type of output/))
})
