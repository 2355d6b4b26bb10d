import type { Json } from '../client/client.ts'
import { clean } from '../present/present.ts'
import type { Input, Output } from '../yaml/shapes/values.ts'
import { bindingOf } from '../yaml/expressions.ts'

/** `ro_mount` as REST spells it. `mount` means reading for inputs and writing for outputs. */
const inputModes: Readonly<Record<string, string>> = {
  mount: 'ReadOnlyMount',
  ro_mount: 'ReadOnlyMount',
  rw_mount: 'ReadWriteMount',
  download: 'Download',
  upload: 'Upload',
  direct: 'Direct',
  eval_mount: 'EvalMount',
  eval_download: 'EvalDownload',
}
const outputModes: Readonly<Record<string, string>> = {
  mount: 'ReadWriteMount',
  rw_mount: 'ReadWriteMount',
  upload: 'Upload',
  direct: 'Direct',
  link: 'Link',
}

/** Where the path of an input leads, once local files are uploaded and names are ids. */
export type PathOf = (path: string, type: string) => string

/** An input as `JobInput` (camelCase, of a job) or as a pipeline's node has it (snake_case). */
export function inputBody(input: Input | null, pathOf: PathOf, style: 'job' | 'node'): Json | undefined {
  const typeKey = style === 'job' ? 'jobInputType' : 'job_input_type'
  const literal = (value: string, mode?: string): Json =>
    clean({
      value,
      [typeKey]: 'literal',
      mode: style === 'node' && mode !== undefined ? inputModes[mode] : undefined,
    })
  if (input === null) return undefined
  if (typeof input === 'string') return input === '' && style === 'job' ? undefined : literal(input)
  if (input.path === undefined) {
    const value = input.value ?? input.default
    return value === undefined ? undefined : literal(value)
  }
  const binding = bindingOf(input.path)
  if (binding !== undefined) return literal(input.path, input.mode)
  const type = input.type === undefined || input.type === 'path' ? 'uri_folder' : input.type
  return clean({
    uri: pathOf(input.path, type),
    mode: input.mode === undefined ? undefined : inputModes[input.mode],
    [typeKey]: type,
  })
}

/** An output of a job (`JobOutput`). Nothing given is a folder in the default place. */
export function jobOutputBody(output: Output | null): Json {
  if (output === null || typeof output === 'string') return { jobOutputType: 'uri_folder' }
  return clean({
    assetName: output.name,
    assetVersion: output.version,
    uri: output.path,
    mode: output.mode === undefined ? undefined : outputModes[output.mode],
    description: output.description,
    jobOutputType: output.type === undefined || output.type === 'path' ? 'uri_folder' : output.type,
  })
}

/** An output of a pipeline's node; nothing given needs nothing said. */
export function nodeOutputBody(output: Output | null): Json | undefined {
  if (output === null) return undefined
  if (typeof output === 'string') return { value: output, type: 'literal' }
  const mode = output.mode === undefined ? undefined : outputModes[output.mode]
  if (output.path !== undefined && bindingOf(output.path) !== undefined)
    return clean({ value: output.path, type: 'literal', mode })
  const said = clean({ uri: output.path, mode, name: output.name, version: output.version })
  if (Object.keys(said).length === 0 && output.type === undefined) return undefined
  return {
    ...said,
    job_output_type: output.type === undefined || output.type === 'path' ? 'uri_folder' : output.type,
  }
}

/** `PT1H30M` for 5400 seconds. */
export function isoDuration(seconds: number): string {
  const hours = Math.floor(seconds / 3600)
  const minutes = Math.floor((seconds % 3600) / 60)
  const rest = Math.round((seconds % 60) * 1000) / 1000
  const time = `${hours > 0 ? `${hours}H` : ''}${minutes > 0 ? `${minutes}M` : ''}${rest > 0 ? `${rest}S` : ''}`
  return `PT${time === '' ? '0S' : time}`
}

/** The entries for which `of` gives something. */
export function mapEntries<T, R>(
  values: Readonly<Record<string, T>> | undefined,
  of: (value: T, name: string) => R | undefined,
): Record<string, R> {
  const entries: [string, R][] = []
  for (const [name, value] of Object.entries(values ?? {})) {
    const made = of(value, name)
    if (made !== undefined) entries.push([name, made])
  }
  return Object.fromEntries(entries)
}

/** `instance_count` as `instanceCount`; the keys of inner maps as they are. */
export function camelKeys(value: Json): Json {
  return Object.fromEntries(
    Object.entries(value).map(([key, inner]) => [
      key.replaceAll(/_([a-z])/g, (_, c: string) => c.toUpperCase()),
      inner,
    ]),
  )
}

/** `jupyter_lab` as `JupyterLab`. */
export const pascal = (text: string) =>
  text.replaceAll(/(?:^|[_-])([a-z])/g, (_, c: string) => c.toUpperCase())
