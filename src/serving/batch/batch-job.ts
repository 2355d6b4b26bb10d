import { extname } from 'node:path'
import { errors } from '../../kernel/errors.ts'
import type { Json } from '../../kernel/resources/resource.ts'
import { bound, queryStep, tableInputs, type QueryPlan } from './query/plan.ts'
import { rowsOutput } from './query/question.ts'
import { isQuery, pipelineOf, secondsOf, type BatchDeployment, type Invocation } from './settings.ts'

/** What a batch scoring job is made of, beside the deployment's own properties. */
export interface BatchJobParts {
  readonly endpoint: string
  readonly deployment: string
  readonly name: string
  readonly properties: BatchDeployment
  /** What the model's files are, and the name of the folder that they lay in. */
  readonly model?: { readonly id: string; readonly type: string; readonly folder: string }
  /** Id of the environment to score in. */
  readonly environmentId?: string
  /** What scores, and why, as one line; and the compiled model, where that does. */
  readonly runtime?: string
  readonly compiledUri?: string
  /** What is asked for the rows to score, where that is a query. */
  readonly query?: QueryPlan
  /** Outputs that the deployment's pipeline declares, with their types. */
  readonly outputs?: Readonly<Record<string, string>>
}

/**
 * The pipeline job that an invocation becomes, as it is put: one step `batchscoring` whose output `score` has the
 * predictions, or the deployment's own pipeline. Throws a validation error for inputs and outputs that do not fit.
 */
export function batchJob(parts: BatchJobParts, invocation: Invocation): Json {
  const { endpoint, deployment, properties } = parts
  const { experimentName: said, ...own } = invocation.properties ?? {}
  const texts = Object.entries(own).filter(([, value]) => typeof value === 'string')
  const common: Json = {
    jobType: 'Pipeline',
    displayName: parts.name,
    experimentName: typeof said === 'string' ? said : endpoint,
    properties: {
      ...Object.fromEntries(texts),
      batchEndpoint: endpoint,
      batchDeployment: deployment,
      ...(parts.runtime === undefined ? {} : { runtime: parts.runtime }),
    },
    tags: { endpoint, deployment },
  }
  const component = pipelineOf(properties)
  return component === undefined
    ? { ...common, ...scoring(parts, invocation) }
    : { ...common, ...pipeline(component, parts, invocation) }
}

function pipeline(component: string, { properties, outputs = {} }: BatchJobParts, invocation: Invocation) {
  const query = Object.entries(invocation.inputData).find(([, input]) => isQuery(input))
  if (query !== undefined)
    throw errors.validation(
      `The input '${query[0]}' is a query, and the deployment runs a pipeline, which takes paths: ask in a step of the pipeline, or register the answer as data first.`,
      { target: `properties.inputData.${query[0]}` },
    )
  const declared = Object.entries(outputs).map(([name, jobOutputType]) => [name, { jobOutputType }])
  return {
    componentId: component,
    inputs: invocation.inputData,
    outputs: { ...Object.fromEntries(declared), ...invocation.outputData },
    settings: { force_rerun: true, ...properties.deploymentConfiguration?.settings },
  }
}

function scoring(parts: BatchJobParts, invocation: Invocation): Json {
  const { properties, model, environmentId, query, compiledUri } = parts
  const inputs = {
    data: { type: 'uri_folder' },
    ...(model === undefined ? {} : { model: { type: model.type } }),
    ...(compiledUri === undefined ? {} : { compiled: { type: 'uri_folder' } }),
  }
  const { code, instances, settings } = wanted(parts, invocation)
  const variables = {
    ...properties.environmentVariables,
    TWINLOOP_BATCH_SETTINGS: JSON.stringify(settings),
    TWINLOOP_BATCH_PARQUET: parquetProgram,
    ...(compiledUri === undefined ? {} : { TWINLOOP_BATCH_PROGRAM: nativeProgram }),
    ...(model === undefined ? {} : { TWINLOOP_BATCH_MODEL_NAME: model.folder }),
  }
  const place = outputPlace(invocation)
  return {
    inputs: {
      ...(query === undefined ? { data: dataInput(invocation) } : tableInputs(query)),
      ...(model === undefined ? {} : { model: { jobInputType: model.type, uri: model.id } }),
      ...(compiledUri === undefined ? {} : { compiled: { jobInputType: 'uri_folder', uri: compiledUri } }),
    },
    outputs: {
      score: { jobOutputType: 'uri_folder', ...(place.folder === undefined ? {} : { uri: place.folder }) },
    },
    settings: { force_rerun: true },
    jobs: {
      ...(query === undefined ? {} : { query: queryStep(query, environmentId, properties.compute) }),
      batchscoring: {
        type: 'command',
        component: {
          type: 'command',
          command: commandOf(Object.keys(inputs)),
          ...(code === undefined ? {} : { code }),
          environment: environmentId,
          inputs,
          outputs: { score: { type: 'uri_folder' } },
          is_deterministic: false,
          // A driver that is lost goes on where it was: what was scored lies in its output.
          limits: { max_restarts: 3 },
        },
        inputs: Object.fromEntries(
          Object.keys(inputs).map((name) => [
            name,
            name === 'data' && query !== undefined
              ? bound(`parent.jobs.query.outputs.${rowsOutput}`)
              : bound(`parent.inputs.${name}`),
          ]),
        ),
        outputs: { score: { type: 'literal', value: '${{parent.outputs.score}}' } },
        environment_variables: variables,
        resources: { instance_count: instances },
        ...(properties.compute ? { computeId: properties.compute } : {}),
      },
    },
  }
}

/** The program of Twinloop's own that scores with a compiled model. */
const nativeProgram = `serving/batch/native/main${extname(import.meta.url)}`
/** The one that makes Parquet of the parts where the model's environment has no pyarrow. */
const parquetProgram = `serving/batch/assemble/main${extname(import.meta.url)}`

const commandOf = (inputs: readonly string[]) =>
  [
    'python "$TWINLOOP_PYTHON/batch.py"',
    ...inputs.map((name) => `--${name} "\${{inputs.${name}}}"`),
    '--output "${{outputs.score}}"',
  ].join(' ')

/** The deployment's settings with what the invocation changes of them, as the driver reads them. */
function wanted({ properties, runtime = '' }: BatchJobParts, invocation: Invocation) {
  const instances = invocation.compute?.instanceCount ?? properties.resources?.instanceCount ?? 1
  const { maxRetries, timeout } = { ...properties.retrySettings, ...defined(invocation.retrySettings) }
  const { keep_columns: keep = '', part_bytes: part } = properties.properties ?? {}
  return {
    code: properties.codeConfiguration?.codeId ?? undefined,
    instances,
    settings: {
      runtime,
      script: properties.codeConfiguration?.scoringScript ?? null,
      mini_batch_size: invocation.miniBatchSize ?? properties.miniBatchSize,
      concurrency: instances * properties.maxConcurrencyPerInstance,
      error_threshold: invocation.errorThreshold ?? properties.errorThreshold,
      max_retries: maxRetries,
      timeout: secondsOf(timeout),
      output_action: properties.outputAction === 'SummaryOnly' ? 'summary_only' : 'append_row',
      output_file_name:
        outputPlace(invocation).file ?? invocation.outputFileName ?? properties.outputFileName,
      logging_level: properties.loggingLevel.toLowerCase(),
      ...(part === undefined ? {} : { part_bytes: Number(part) }),
      keep_columns: keep.split(',').flatMap((name) => (name.trim() === '' ? [] : [name.trim()])),
    },
  }
}

const defined = <T extends object>(values: T | null | undefined) =>
  Object.fromEntries(Object.entries(values ?? {}).filter(([, v]) => v !== null && v !== undefined)) as {
    [K in keyof T]?: NonNullable<T[K]>
  }

/** The question of an invocation whose one input is a query. Throws a validation error for one without a text. */
export function queryOf({ inputData }: Invocation): string | undefined {
  const found = Object.entries(inputData).find(([, input]) => isQuery(input))
  if (found === undefined || Object.keys(inputData).length > 1) return undefined
  const [name, { value }] = found
  if (typeof value === 'string' && value.trim() !== '') return value
  throw errors.validation(`The input '${name}' is a query without a value: expected a select.`, {
    target: `properties.inputData.${name}.value`,
  })
}

/** The one input that is scored, whatever the client calls it. */
function dataInput({ inputData }: Invocation): Json {
  const inputs = Object.entries(inputData)
  const [first] = inputs
  if (first === undefined || inputs.length > 1)
    throw errors.validation(
      `A deployment of a model scores one input of data; there ${inputs.length === 0 ? 'is none' : `are ${inputs.length}: ${inputs.map(([name]) => name).join(', ')}`}.`,
      { target: 'properties.inputData' },
    )
  const [name, { uri, jobInputType }] = first
  if (uri === undefined || uri === null || uri === '')
    throw errors.validation(
      `The input '${name}' needs a uri (a file, a folder or a data asset), or to be of type query.`,
      {
        target: `properties.inputData.${name}.uri`,
      },
    )
  return { jobInputType: jobInputType ?? 'uri_folder', uri }
}

/** Where the client wants the output: a folder, or a file in one. */
function outputPlace({ outputData, outputDataset }: Invocation): {
  readonly folder?: string
  readonly file?: string
} {
  const [first, ...more] = Object.entries(outputData)
  if (more.length > 0)
    throw errors.validation('A deployment of a model has one output.', { target: 'properties.outputData' })
  const uri = first?.[1].uri ?? legacyUri(outputDataset)
  if (uri === undefined) return {}
  if (!/file/i.test(first?.[1].jobOutputType ?? '')) return { folder: uri }
  const cut = uri.replace(/\/+$/, '').lastIndexOf('/')
  return { folder: uri.slice(0, cut), file: uri.slice(cut + 1) }
}

function legacyUri(dataset: Invocation['outputDataset']): string | undefined {
  if (!dataset?.datastoreId) return undefined
  const name = dataset.datastoreId.split(/[/:]/).at(-1) ?? ''
  return `azureml://datastores/${name}/paths/${(dataset.path ?? '').replace(/^\/+/, '')}`
}
