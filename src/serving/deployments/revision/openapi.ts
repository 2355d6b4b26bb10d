import type { Field, ModelMetadata } from './signature.ts'

/** MLflow's column types as JSON Schema. */
const types: Readonly<Record<string, object>> = {
  boolean: { type: 'boolean' },
  integer: { type: 'integer', format: 'int32' },
  long: { type: 'integer', format: 'int64' },
  float: { type: 'number', format: 'float', nullable: true },
  double: { type: 'number', format: 'double', nullable: true },
  string: { type: 'string', nullable: true },
  datetime: { type: 'string', format: 'date-time' },
  binary: { type: 'string', format: 'byte' },
}

/**
 * OpenAPI 3 document of a deployment, without `servers`: what a request body looks like in each protocol, by the
 * model's signature; any JSON where there is none.
 */
export function openapiOf(
  title: string,
  inputs: readonly Field[] | undefined,
  metadata: ModelMetadata,
): Readonly<Record<string, unknown>> {
  const columns = inputs?.every(({ name, shape }) => name !== undefined && shape === undefined)
    ? inputs
    : undefined
  const prediction = { description: 'Predictions, one for each row.' }
  const post = (operationId: string, schema: object, answer: object, error: string): object => ({
    post: {
      operationId,
      requestBody: { required: true, content: { 'application/json': { schema } } },
      responses: responses(answer, error),
    },
  })
  return {
    openapi: '3.0.3',
    info: { title, version: metadata.versions?.[0] ?? '1' },
    security: [{ key: [] }],
    components: {
      securitySchemes: { key: { type: 'http', scheme: 'bearer' } },
      schemas: {
        Message: text('message'),
        MlflowError: text('error_code', 'message'),
        InferenceError: text('error'),
        Tensor: tensor,
      },
    },
    paths: {
      '/score': post('score', columns ? inputData(columns) : {}, prediction, 'Message'),
      '/invocations': post(
        'invocations',
        columns ? invocation(columns) : {},
        { type: 'object', properties: { predictions: prediction } },
        'MlflowError',
      ),
      [`/v2/models/${encodeURIComponent(metadata.name)}/infer`]: post(
        'infer',
        tensors('inputs', metadata.inputs),
        tensors('outputs', metadata.outputs),
        'InferenceError',
      ),
    },
  }
}

const responses = (answer: object, error: string) => {
  const refusal = (description: string) => ({
    description,
    content: { 'application/json': { schema: { $ref: `#/components/schemas/${error}` } } },
  })
  return {
    200: { description: 'The answer of the model.', content: { 'application/json': { schema: answer } } },
    400: refusal('The body does not fit the model.'),
    401: refusal('No valid key or token.'),
    408: refusal('The model took too long.'),
    413: refusal('The body is too large.'),
    424: refusal('The model failed.'),
    429: refusal('Too many requests are waiting.'),
    503: refusal('No instance is up.'),
  }
}

const text = (...names: readonly string[]) => ({
  type: 'object',
  required: names,
  properties: Object.fromEntries(names.map((name) => [name, { type: 'string' }])),
})

const tensor = {
  type: 'object',
  required: ['name', 'shape', 'datatype', 'data'],
  properties: {
    name: { type: 'string' },
    shape: { type: 'array', items: { type: 'integer' } },
    datatype: { type: 'string' },
    parameters: { type: 'object' },
    data: { type: 'array', items: {} },
  },
}

const tensors = (key: string, of: ModelMetadata['inputs']) => ({
  type: 'object',
  required: [key],
  properties: {
    id: { type: 'string' },
    parameters: { type: 'object' },
    [key]: {
      type: 'array',
      items: { $ref: '#/components/schemas/Tensor' },
      ...(of.length > 0
        ? { description: of.map((t) => `${t.name}: ${t.datatype} [${t.shape.join(', ')}]`).join('; ') }
        : {}),
    },
  },
})

function rowShapes(columns: readonly Field[]) {
  const names = columns.map((c) => c.name ?? '')
  const row = { type: 'array', minItems: names.length, maxItems: names.length, items: {} }
  const split = {
    type: 'object',
    required: ['columns', 'data'],
    properties: {
      columns: { type: 'array', items: { type: 'string', enum: names } },
      index: { type: 'array', items: {} },
      data: { type: 'array', items: row },
    },
  }
  const record = {
    type: 'object',
    required: columns.filter((c) => c.required).map((c) => c.name),
    properties: Object.fromEntries(columns.map((c) => [c.name, types[c.type] ?? {}])),
  }
  const records = { type: 'array', items: record }
  const rows = { type: 'array', items: row, description: `Values in this order: ${names.join(', ')}.` }
  return { split, records, rows }
}

function inputData(columns: readonly Field[]) {
  const { split, records, rows } = rowShapes(columns)
  return {
    type: 'object',
    required: ['input_data'],
    properties: { input_data: { oneOf: [split, records, rows] } },
  }
}

function invocation(columns: readonly Field[]) {
  const { split, records } = rowShapes(columns)
  const values = Object.fromEntries(
    columns.map((c) => [c.name, { type: 'array', items: types[c.type] ?? {} }]),
  )
  const only = (key: string, schema: object) => ({
    type: 'object',
    required: [key],
    properties: { [key]: schema },
  })
  return {
    oneOf: [
      only('dataframe_split', split),
      only('dataframe_records', records),
      only('instances', records),
      only('inputs', { oneOf: [records, { type: 'object', properties: values }] }),
    ],
  }
}
