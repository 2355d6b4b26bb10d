import assert from 'node:assert/strict'
import { after, before, describe, test } from 'node:test'
import { endpoint, runGateway } from '../../testing/gateway.ts'
import { pythonWith } from '../../testing/test-cache.ts'

/** Azure's own way to say what run() takes, from its package inference-schema. */
const schema = `
import numpy as np
from inference_schema.schema_decorators import input_schema, output_schema
from inference_schema.parameter_types.numpy_parameter_type import NumpyParameterType
from inference_schema.parameter_types.standard_py_parameter_type import StandardPythonParameterType
def init(): pass
@input_schema("data", NumpyParameterType(np.array([[1.0, 2.0]])))
@input_schema("factor", StandardPythonParameterType(1))
@output_schema(NumpyParameterType(np.array([1.0])))
def run(data, factor):
    if factor == 13: raise ValueError("unlucky")
    return (data.sum(axis=1) * factor).tolist()
`

/** The whole request, as Azure's package hands it out, and an answer of one's own. */
const raw = `
from azureml_inference_server_http.api.aml_request import rawhttp
from azureml_inference_server_http.api.aml_response import AMLResponse
def init(): pass
@rawhttp
def run(request):
    if request.headers.get("X-Wanted") == "text": return AMLResponse("tea", 418, {"Content-Type": "text/plain"})
    return {"method": request.method, "got": request.get_json(), "bytes": len(request.get_data())}
`

const tensors = `
import json
def init(): pass
def run(raw):
    body = json.loads(raw)
    if body.get("id") == "own": return {"outputs": [{"name": "y", "shape": [1], "datatype": "FP64", "data": [2.0]}]}
    return [float(x) for x in body["inputs"][0]["data"]]
`

describe('scoring scripts as Azure’s inference server runs them', () => {
  let gateway: Awaited<ReturnType<typeof runGateway>>
  before(async () => {
    const python = await pythonWith('inference-server', ['azureml-inference-server-http==1.4.1', 'numpy<3'])
    gateway = await runGateway()
    await Promise.all([
      gateway.instance('schema.sock', schema, python),
      gateway.instance('raw.sock', raw, python),
      gateway.instance('tensors.sock', tensors, python),
    ])
    gateway.apply({
      'dev/schema': endpoint({ schema: 100 }, { schema: {} }),
      'dev/raw': endpoint({ raw: 100 }, { raw: { headers: true } }),
      'dev/tensors': endpoint({ tensors: 100 }, { tensors: {} }),
    })
  })
  after(() => gateway.stop())

  const post = async (path: string, body: unknown, headers: Record<string, string> = {}) => {
    const answer = await gateway.score(path, typeof body === 'string' ? body : JSON.stringify(body), headers)
    const text = await answer.text()
    return {
      status: answer.status,
      body: text.startsWith('{') || text.startsWith('[') ? JSON.parse(text) : text,
    }
  }

  test('@input_schema: arguments by name, converted; what does not convert is 400, what run() raises is 424', async () => {
    const good = await post('/dev/schema/score', {
      data: [
        [1, 2],
        [3, 4],
      ],
      factor: 2,
      other: 1,
    })
    assert.deepEqual([good.status, good.body], [200, [6, 14]])
    const wrong: [unknown, number, RegExp][] = [
      [{ data: [[1, 2]] }, 400, /has no "factor", which run\(\) needs; it has "data"/],
      [{ data: 'far', factor: 1 }, 400, /does not fit run\(\)'s input schema/],
      [[1], 400, /should be a JSON object with "data", "factor"; it is a list/],
      ['{"data"', 400, /not JSON: .*line 1 column 8/],
      [{ data: [[1, 2]], factor: 13 }, 424, /The model failed/],
    ]
    for (const [body, status, message] of wrong) {
      const answer = await post('/dev/schema/score', body)
      assert.equal(answer.status, status, JSON.stringify(answer))
      assert.match((answer.body as { message: string }).message, message)
    }
  })

  test('@rawhttp: the request as Flask has it, and an answer of one’s own', async () => {
    assert.deepEqual((await post('/dev/raw/score', { a: 1 })).body, {
      method: 'POST',
      got: { a: 1 },
      bytes: 7,
    })
    const tea = await post('/dev/raw/score', '{}', { 'x-wanted': 'text' })
    assert.deepEqual([tea.status, tea.body], [424, 'tea'])
  })

  test('the Open Inference Protocol reaches a script as it is; what it gives becomes tensors', async () => {
    const inputs = [{ name: 'x', shape: [2], datatype: 'FP64', data: [1, 2] }]
    const made = await post('/dev/tensors/v2/models/tensors/infer', { id: '7', inputs })
    assert.deepEqual(made.body, {
      id: '7',
      model_name: 'tensors',
      model_version: '1',
      outputs: [{ name: 'output-0', datatype: 'FP64', shape: [2], data: [1, 2] }],
    })
    const own = await post('/dev/tensors/v2/models/tensors/versions/1/infer', { id: 'own', inputs })
    assert.deepEqual((own.body as { outputs: unknown }).outputs, [
      { name: 'y', shape: [1], datatype: 'FP64', data: [2] },
    ])
  })
})
