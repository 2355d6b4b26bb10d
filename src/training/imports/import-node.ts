import { errors } from '../../kernel/errors.ts'
import type { Json } from '../../kernel/resources/resource.ts'
import type { ComponentSpec } from '../components/spec.ts'
import { field } from '../jobs/io.ts'
import { isJson, json, present, text } from '../wire.ts'

/** A step that imports data, as Azure's clients write it: what is read, and the asset that comes of it. */
export interface ImportNode {
  readonly source: Json
  readonly sink: {
    readonly type: 'mltable' | 'uri_folder'
    readonly assetName: string
    readonly assetVersion?: string
    readonly uri?: string
  }
}

/** Reads a step of type `data_transfer`. Throws a UserError for any other task than importing, saying what does it. */
export function readImport(step: string, value: Json, target: string): ImportNode {
  const task = (text(value['task']) ?? '').toLowerCase()
  if (task !== 'import_data')
    throw errors.notImplemented(
      task === 'export_data'
        ? `Step '${step}' exports data, which no step of a pipeline does here: twinloop data export, or PUT …/providers/Twinloop/dataExports/{name}.`
        : `Step '${step}' has the task '${task}'; of data transfers import_data is run. A command step can copy its inputs to its outputs.`,
      { target: `${target}.task` },
    )
  const source = json(value['source'])
  const sourceType = text(source?.['type'])?.toLowerCase()
  if (source === undefined || (sourceType !== 'database' && sourceType !== 'file_system'))
    throw errors.validation(
      `Step '${step}' imports from a source of type database or file_system${sourceType === undefined ? ', which is missing' : `, not '${sourceType}'`}.`,
      { target: `${target}.source` },
    )
  const sink = json(value['outputs'])?.['sink']
  const assetName = isJson(sink) ? (field(sink, 'assetName') ?? text(sink['name'])) : undefined
  if (!isJson(sink) || assetName === undefined)
    throw errors.validation(`Step '${step}' imports into a data asset: outputs.sink needs its name.`, {
      target: `${target}.outputs.sink`,
    })
  const { type: _, ...rest } = source
  return {
    source: { sourceType, ...rest },
    sink: {
      type: sourceType === 'database' ? 'mltable' : 'uri_folder',
      assetName,
      ...present('assetVersion', field(sink, 'assetVersion') ?? text(sink['version'])),
      ...present('uri', text(sink['uri']) ?? text(sink['path'])),
    },
  }
}

/** What a step that imports gives to others, in place of the component of Azure's own that it names. */
export const importComponent = ({ sink }: ImportNode): ComponentSpec => ({
  type: 'data_transfer',
  inputs: {},
  outputs: { sink: { type: sink.type } },
  isDeterministic: false,
  command: '',
  environment: '',
  environmentVariables: {},
  jobs: {},
})

/** The import that such a step asks for, as it is put. */
export const importProperties = ({ source, sink }: ImportNode, said: Json = {}): Json => ({
  ...said,
  source,
  dataType: sink.type,
  assetName: sink.assetName,
  ...present('assetVersion', sink.assetVersion),
  ...present('dataUri', sink.uri),
})
