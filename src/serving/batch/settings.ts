import { z } from 'zod'
import { parseDuration } from '../../kernel/duration.ts'
import { errors } from '../../kernel/errors.ts'
import { oneOf, parseOrThrow, textMap } from '../../kernel/resources/schema.ts'

const duration = z.string().refine((text) => (parseDuration(text) ?? 0) > 0, {
  error: (issue) => `'${String(issue.input)}' is not an ISO 8601 duration such as PT30S`,
})

/** Settings of mini-batches, which an invocation may change for its own job. */
const miniBatches = {
  miniBatchSize: z.number().int().min(1).default(10),
  errorThreshold: z.number().int().min(-1).default(-1),
  retrySettings: z.preprocess(
    (value) => value ?? {},
    z.looseObject({
      maxRetries: z.number().int().min(0).max(100).default(3),
      timeout: duration.default('PT30S'),
    }),
  ),
  outputFileName: z
    .string()
    .regex(/^[^/\\]+$/, 'expected the name of a file, without folders')
    .default('predictions.csv'),
}

const component = z.looseObject({
  deploymentConfigurationType: oneOf(['Model', 'PipelineComponent']),
  componentId: z.looseObject({ assetId: z.string().min(1) }).nullish(),
  settings: z.record(z.string(), z.unknown()).nullish(),
})

/** Canonical properties of a batch deployment, with Azure's defaults filled in. */
export const batchDeploymentSchema = z.looseObject({
  ...miniBatches,
  compute: z.string().nullish(),
  model: z.looseObject({ referenceType: z.string().nullish(), assetId: z.string().min(1) }).nullish(),
  codeConfiguration: z
    .looseObject({ codeId: z.string().nullish(), scoringScript: z.string().min(1) })
    .nullish(),
  environmentId: z.string().nullish(),
  environmentVariables: textMap.nullish(),
  resources: z.looseObject({ instanceCount: z.number().int().min(1).max(100).nullish() }).nullish(),
  maxConcurrencyPerInstance: z.number().int().min(1).max(100).default(1),
  outputAction: z.preprocess((value) => value ?? 'AppendRow', oneOf(['AppendRow', 'SummaryOnly'])),
  loggingLevel: z.preprocess((value) => value ?? 'Info', oneOf(['Info', 'Warning', 'Debug'])),
  deploymentConfiguration: component.nullish(),
  description: z.string().nullish(),
  /**
   * Azure's free properties, of which two are ours: `keep_columns`, names apart by commas, and `part_bytes`, the size
   * above which a file of rows is scored in parts.
   */
  properties: textMap
    .nullish()
    .refine((own) => own?.['part_bytes'] === undefined || /^[1-9]\d{3,11}$/.test(own['part_bytes']), {
      path: ['part_bytes'],
      message: 'expected a number of bytes, 1000 at least',
    }),
})

export type BatchDeployment = z.infer<typeof batchDeploymentSchema>

/** The component of a deployment that runs a pipeline; undefined for one that scores with a model. */
export const pipelineOf = ({ deploymentConfiguration: configuration }: BatchDeployment): string | undefined =>
  configuration?.deploymentConfigurationType === 'PipelineComponent'
    ? configuration.componentId?.assetId
    : undefined

/** YAML's names of types, which jobs show; clients send the scoring URI REST's older ones (`UriFile`). */
const types = [
  'uri_file',
  'uri_folder',
  'mltable',
  'custom_model',
  'mlflow_model',
  'triton_model',
  'literal',
  'query',
] as const
const type = oneOf(types)

const value = z.looseObject({
  jobInputType: type.nullish(),
  uri: z.string().nullish(),
  value: z.union([z.string(), z.number(), z.boolean()]).nullish(),
})
/** True for an input that is the answer to a question in SQL: `{ jobInputType: 'query', value: 'select …' }`. */
export const isQuery = ({ jobInputType }: z.infer<typeof value>): boolean => jobInputType === 'query'

const place = z.looseObject({ jobOutputType: type.nullish(), uri: z.string().nullish() })

const invocationSchema = z.looseObject({
  inputData: z.record(z.string(), value).default({}),
  outputData: z.record(z.string(), place).default({}),
  /** The way in which clients of older versions say where the output goes. */
  outputDataset: z.looseObject({ datastoreId: z.string().nullish(), path: z.string().nullish() }).nullish(),
  name: z
    .string()
    .regex(/^[a-zA-Z0-9][\w-]{0,254}$/, 'expected letters, digits, _ and -')
    .nullish(),
  miniBatchSize: miniBatches.miniBatchSize.unwrap().nullish(),
  errorThreshold: miniBatches.errorThreshold.unwrap().nullish(),
  outputFileName: miniBatches.outputFileName.unwrap().nullish(),
  retrySettings: z
    .looseObject({ maxRetries: z.number().int().min(0).nullish(), timeout: duration.nullish() })
    .nullish(),
  compute: z.looseObject({ instanceCount: z.number().int().min(1).nullish() }).nullish(),
  properties: z.record(z.string(), z.unknown()).nullish(),
  /** Which deployment is asked, where it is not the endpoint's default one. */
  deployment: z.string().nullish(),
})

export type Invocation = z.infer<typeof invocationSchema>

/** What a client asks of a batch endpoint; throws a validation error with every field that is wrong. */
export function readInvocation(body: unknown): Invocation {
  const properties = (body as { properties?: unknown } | null)?.properties
  if (typeof properties !== 'object' || properties === null)
    throw errors.validation('A batch endpoint is invoked with { properties: { inputData: … } }.', {
      target: 'properties',
    })
  return parseOrThrow(invocationSchema, properties, 'The invocation')
}

/** Seconds of an ISO duration that the schema has checked. */
export const secondsOf = (text: string): number => (parseDuration(text) ?? 0) / 1000
