import { z } from 'zod'

const column = z.looseObject({
  type: z.string().optional(),
  name: z.string().optional(),
  required: z.boolean().optional(),
})
type Column = z.infer<typeof column>

/** MLflow's column types as JSON Schema. */
const types: Readonly<Record<string, object>> = {
  boolean: { type: 'boolean' },
  integer: { type: 'integer', format: 'int32' },
  long: { type: 'integer', format: 'int64' },
  float: { type: 'number', format: 'float' },
  double: { type: 'number', format: 'double' },
  string: { type: 'string' },
  datetime: { type: 'string', format: 'date-time' },
  binary: { type: 'string', format: 'byte' },
}

/**
 * OpenAPI 3 document of a deployment: what a request body looks like by the model's signature (`inputs` of an MLmodel
 * file's `signature`, a JSON text), or any JSON where there is none.
 */
export function openapiOf(
  title: string,
  signatureInputs: string | undefined,
): Readonly<Record<string, unknown>> {
  const columns = readColumns(signatureInputs)
  const body = columns === undefined ? {} : inputData(columns)
  const message = { type: 'object', properties: { message: { type: 'string' } } }
  const answer = (description: string, schema: object) => ({
    description,
    content: { 'application/json': { schema } },
  })
  return {
    openapi: '3.0.3',
    info: { title, version: '1' },
    security: [{ key: [] }],
    components: { securitySchemes: { key: { type: 'http', scheme: 'bearer' } } },
    paths: {
      '/score': {
        post: {
          operationId: 'score',
          requestBody: { required: true, content: { 'application/json': { schema: body } } },
          responses: {
            200: answer('Predictions, one for each row.', {}),
            400: answer('The body does not fit the model.', message),
            401: answer('No valid key or token.', message),
            408: answer('The model took too long.', message),
            424: answer('The model failed.', message),
            429: answer('Too many requests are waiting.', message),
          },
        },
      },
    },
  }
}

function readColumns(text: string | undefined): readonly Column[] | undefined {
  if (text === undefined) return undefined
  const read = z.array(column).safeParse(JSON.parse(text))
  const named = read.success && read.data.every((c) => c.name !== undefined && c.type !== 'tensor')
  return named ? read.data : undefined
}

function inputData(columns: readonly Column[]) {
  const names = columns.map((c) => c.name ?? '')
  const value = (c: Column) => types[c.type ?? ''] ?? {}
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
    required: columns.filter((c) => c.required !== false).map((c) => c.name),
    properties: Object.fromEntries(columns.map((c) => [c.name, value(c)])),
  }
  const records = { type: 'array', items: record }
  const rows = { type: 'array', items: row, description: `Values in this order: ${names.join(', ')}.` }
  return {
    type: 'object',
    required: ['input_data'],
    properties: { input_data: { oneOf: [split, records, rows] } },
  }
}
