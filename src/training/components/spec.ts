import { errors } from '../../kernel/errors.ts'
import type { Problem } from '../../kernel/errors.ts'
import { nearest } from '../../kernel/nearest.ts'
import type { Json } from '../../kernel/resources/resource.ts'
import { checkCommand, parseTemplate } from '../expressions.ts'
import { isJson, json, number, present, scalar, strings, text, truth } from '../wire.ts'

/** What data is called in jobs and components; everything else that an input may be is a literal. */
export const dataTypes = [
  'uri_file',
  'uri_folder',
  'mltable',
  'mlflow_model',
  'custom_model',
  'triton_model',
] as const
export type DataType = (typeof dataTypes)[number]

const literalTypes = ['string', 'number', 'integer', 'boolean'] as const
/** `path` is what components called a folder before there were data types. */
const inputTypes: readonly string[] = [...dataTypes, ...literalTypes, 'path']

/** Names that a step's inputs may not have, because they would become variables that the shell itself needs. */
const reserved = new Set(['path', 'ld_library_path', 'user', 'logname', 'home', 'pwd', 'shell'])

export interface ComponentInput {
  readonly type: DataType | (typeof literalTypes)[number]
  readonly optional: boolean
  readonly default?: string
  readonly mode?: string
  readonly enum?: readonly string[]
  readonly min?: number
  readonly max?: number
}

export interface ComponentOutput {
  readonly type: DataType
  readonly mode?: string
  readonly path?: string
}

/** A component's specification as it travels in `componentSpec`: its YAML in snake_case with references resolved. */
export interface ComponentSpec {
  /** `data_transfer` only of a step that imports data. */
  readonly type: 'command' | 'pipeline' | 'data_transfer'
  readonly displayName?: string
  readonly inputs: Readonly<Record<string, ComponentInput>>
  readonly outputs: Readonly<Record<string, ComponentOutput>>
  /** False: its result depends on more than its inputs, so no earlier one is taken for it. */
  readonly isDeterministic: boolean
  readonly command: string
  readonly code?: string
  readonly environment: string
  readonly environmentVariables: Readonly<Record<string, string>>
  readonly resources?: Json
  readonly limits?: Json
  readonly distribution?: Json
  /** Steps of a pipeline component. */
  readonly jobs: Json
  readonly settings?: Json
}

/** Kinds of component that Azure ML has and Twinloop does not run. */
const otherTypes = ['parallel', 'sweep', 'automl', 'spark', 'import', 'data_transfer']

/** Reads a component's specification. Throws a UserError with every problem, each with its field. */
export function readComponentSpec(spec: unknown, target = 'properties.componentSpec'): ComponentSpec {
  if (!isJson(spec)) throw errors.validation(`${target} must be an object: the component's YAML.`, { target })
  const problems: Problem[] = []
  const type = text(spec['type']) ?? (isJson(spec['jobs']) ? 'pipeline' : 'command')
  if (otherTypes.includes(type))
    throw errors.notImplemented(
      `Components of type '${type}' are not run by Twinloop yet; 'command' and 'pipeline' are.`,
      {
        target: `${target}.type`,
      },
    )
  if (type !== 'command' && type !== 'pipeline')
    throw errors.validation(
      `A component's type is 'command' or 'pipeline', not '${type}'.${suggestion(type, ['command', 'pipeline'])}`,
      { target: `${target}.type` },
    )
  const inputs = readInputs(spec['inputs'], `${target}.inputs`, problems)
  const outputs = readOutputs(spec['outputs'], `${target}.outputs`, problems)
  const command = text(spec['command']) ?? ''
  if (type === 'command') {
    if (command.trim() === '')
      problems.push({ target: `${target}.command`, message: 'A command component needs a command.' })
    if (text(spec['environment']) === undefined)
      problems.push({ target: `${target}.environment`, message: 'A command component needs an environment.' })
    problems.push(
      ...checkCommand(
        parseTemplate(command, `${target}.command`),
        {
          inputs: Object.keys(inputs),
          outputs: Object.keys(outputs),
          optionalInputs: Object.keys(inputs).filter(
            (n) => inputs[n]?.optional === true && inputs[n].default === undefined,
          ),
        },
        `${target}.command`,
      ),
    )
  } else if (!isJson(spec['jobs']) || Object.keys(spec['jobs']).length === 0) {
    problems.push({
      target: `${target}.jobs`,
      message: 'A pipeline component needs at least one step in jobs.',
    })
  }
  if (problems.length > 0)
    throw errors.validation(problems.map((p) => p.message).join(' '), { details: problems })
  return {
    type,
    inputs,
    outputs,
    command,
    isDeterministic: truth(spec['is_deterministic']) ?? true,
    environment: text(spec['environment']) ?? '',
    environmentVariables: strings(spec['environment_variables']),
    jobs: isJson(spec['jobs']) ? spec['jobs'] : {},
    ...present('displayName', text(spec['display_name'])),
    ...present('code', text(spec['code'])),
    ...present('resources', json(spec['resources'])),
    ...present('limits', json(spec['limits'])),
    ...present('distribution', json(spec['distribution'])),
    ...present('settings', json(spec['settings'])),
  }
}

function readInputs(
  value: unknown,
  target: string,
  problems: Problem[],
): Readonly<Record<string, ComponentInput>> {
  return Object.fromEntries(
    Object.entries(json(value) ?? {}).flatMap(([name, declared]) => {
      const at = `${target}.${name}`
      const input = json(declared) ?? { type: declared }
      const type = text(input['type'])?.toLowerCase()
      if (reserved.has(name.toLowerCase()))
        problems.push({
          target: at,
          message: `An input may not be called '${name}': the shell uses that name.`,
        })
      if (type === undefined || !inputTypes.includes(type)) {
        const given = text(input['type'])
        const message =
          given === undefined
            ? `Input '${name}' needs a type.`
            : `Input '${name}' has no type '${given}'.${suggestion(given, inputTypes)}`
        problems.push({ target: `${at}.type`, message })
        return []
      }
      const spec: ComponentInput = {
        type: (type === 'path' ? 'uri_folder' : type) as ComponentInput['type'],
        optional: truth(input['optional']) ?? false,
        ...present('default', scalar(input['default'])),
        ...present('mode', text(input['mode'])),
        ...present(
          'enum',
          Array.isArray(input['enum']) ? input['enum'].map((v) => scalar(v) ?? '') : undefined,
        ),
        ...present('min', number(input['min'])),
        ...present('max', number(input['max'])),
      }
      const wrong = spec.default === undefined ? undefined : checkLiteral(name, spec, spec.default)
      if (wrong !== undefined) problems.push({ target: `${at}.default`, message: wrong })
      return [[name, spec] as const]
    }),
  )
}

function readOutputs(
  value: unknown,
  target: string,
  problems: Problem[],
): Readonly<Record<string, ComponentOutput>> {
  return Object.fromEntries(
    Object.entries(json(value) ?? {}).flatMap(([name, declared]) => {
      const output = json(declared) ?? {}
      const given = text(output['type']) ?? (typeof declared === 'string' ? declared : 'uri_folder')
      const type =
        given.toLowerCase() === 'path' ? 'uri_folder' : dataTypes.find((t) => t === given.toLowerCase())
      if (type === undefined) {
        problems.push({
          target: `${target}.${name}.type`,
          message: `Output '${name}' has no type '${given}'.${suggestion(given, dataTypes)}`,
        })
        return []
      }
      const spec: ComponentOutput = {
        type,
        ...present('mode', text(output['mode'])),
        ...present('path', text(output['path'])),
      }
      return [[name, spec] as const]
    }),
  )
}

/** What is wrong with a literal for an input (its type, enum, min, max); undefined if nothing. */
export function checkLiteral(name: string, input: ComponentInput, value: string): string | undefined {
  if (isData(input.type)) return undefined
  if (input.type === 'boolean' && truth(value) === undefined)
    return `Input '${name}' is a boolean, not '${value}'.`
  if (input.type === 'integer' && !/^\s*[+-]?\d+\s*$/.test(value))
    return `Input '${name}' is an integer, not '${value}'.`
  if (input.type === 'integer' || input.type === 'number') {
    const n = value.trim() === '' ? Number.NaN : Number(value)
    if (!Number.isFinite(n)) return `Input '${name}' is a number, not '${value}'.`
    if (input.min !== undefined && n < input.min)
      return `Input '${name}' is at least ${input.min}; ${value} is less.`
    if (input.max !== undefined && n > input.max)
      return `Input '${name}' is at most ${input.max}; ${value} is more.`
  }
  if (input.enum !== undefined && !input.enum.includes(value))
    return `Input '${name}' is one of ${input.enum.join(', ')}, not '${value}'.${suggestion(value, input.enum)}`
  return undefined
}

export const isData = (type: string): type is DataType => (dataTypes as readonly string[]).includes(type)

/** ` Did you mean 'x'?` with the nearest candidate, or nothing. */
export function suggestion(word: string, candidates: readonly string[]): string {
  const near = nearest(word, candidates)
  return near === undefined ? '' : ` Did you mean '${near}'?`
}
