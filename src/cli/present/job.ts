import type { Json } from '../client/client.ts'
import { isoSeconds } from './platform.ts'
import { textOf, clean, frame, lower, reference, snake, snakeKeys } from './present.ts'
import type { Body } from './present.ts'

/** A job as its YAML would be, with its state. Steps of a pipeline are under `jobs`. */
export function presentJob(body: Body): Json {
  const p = body.properties ?? {}
  const {
    inputs,
    outputs,
    jobs,
    services,
    computeId,
    codeId,
    environmentId,
    componentId,
    limits,
    resources,
  } = p
  return frame(
    body,
    {
      type: snake(textOf(p['jobType']) || 'Command'),
      status: p['status'],
      display_name: p['displayName'],
      experiment_name: p['experimentName'],
      description: p['description'],
      command: p['command'],
      component: reference(componentId),
      code: reference(codeId),
      environment: reference(environmentId),
      environment_variables: p['environmentVariables'],
      compute: reference(computeId),
      inputs: map(inputs, presentInput),
      outputs: map(outputs, presentOutput),
      jobs: map(jobs, (step) => presentStep(step)),
      settings: map(p['settings'], reference),
      limits: presentLimits(limits as Json | undefined),
      resources: snakeKeys(resources),
      distribution: snakeKeys(p['distribution']),
      identity: snakeKeys(p['identity']),
      queue_settings: snakeKeys(p['queueSettings']),
      services: map(services, snakeKeys),
      properties: p['properties'],
      tags: p['tags'],
      parent_job_name: p['parentJobName'],
      error: p['error'],
      start_time: p['startTimeUtc'] ?? p['startTime'],
      end_time: p['endTimeUtc'] ?? p['endTime'],
      is_archived: p['isArchived'] === true ? true : undefined,
    },
    { prefix: true },
  )
}

function presentInput(input: unknown): unknown {
  if (typeof input !== 'object' || input === null) return input
  const given = input as Json
  const type = given['jobInputType'] ?? given['job_input_type']
  if (lower(type) === 'literal') return given['value']
  return clean({ type, path: reference(given['uri']), mode: presentMode(given['mode']) })
}

function presentOutput(output: unknown): unknown {
  if (typeof output !== 'object' || output === null) return output
  const given = output as Json
  const type = given['jobOutputType'] ?? given['job_output_type'] ?? given['type']
  if (lower(type) === 'literal') return given['value']
  return clean({
    type,
    path: given['uri'],
    mode: presentMode(given['mode']),
    name: given['assetName'],
    version: given['assetVersion'],
  })
}

function presentStep(step: unknown): unknown {
  const { componentId, computeId, inputs, outputs, _source, ...rest } = step as Json
  return clean({
    ...rest,
    component: reference(componentId),
    compute: reference(computeId),
    inputs: map(inputs, presentInput),
    outputs: map(outputs, presentOutput),
  })
}

/** `ReadOnlyMount` as YAML's `ro_mount`. */
function presentMode(mode: unknown): unknown {
  const modes: Readonly<Record<string, string>> = {
    readonlymount: 'ro_mount',
    readwritemount: 'rw_mount',
    download: 'download',
    upload: 'upload',
    direct: 'direct',
    evalmount: 'eval_mount',
    evaldownload: 'eval_download',
  }
  return typeof mode === 'string' ? (modes[mode.toLowerCase()] ?? mode) : mode
}

function presentLimits(limits: Json | undefined): Json | undefined {
  const timeout = limits?.['timeout']
  return typeof timeout === 'string' ? { timeout: isoSeconds(timeout) } : undefined
}

function map(values: unknown, of: (value: unknown) => unknown): Json | undefined {
  if (typeof values !== 'object' || values === null) return undefined
  return Object.fromEntries(Object.entries(values).map(([name, value]) => [name, of(value)]))
}
