import { errors } from '../../../kernel/errors.ts'
import { childId, scopeId } from '../../../kernel/resources/arm-id.ts'
import type { Json } from '../../../kernel/resources/resource.ts'
import { findComponent } from '../../../training/components/find.ts'
import { bringJob, inputsToday } from '../../origin/bring-job.ts'
import type { Bringing } from '../../origin/code.ts'
import { makerOf, requireReadable, retrainsProperty } from '../../origin/maker.ts'
import type { GateContext } from '../gate.ts'
import type { RetrainParameters } from './parameters.ts'

/** The training of the candidate once more, in the stage's workspace and on its data. */
export async function retrainJob(given: RetrainParameters, context: GateContext): Promise<Json> {
  const { platform, actor, workspaceId, candidate } = context
  const bringing = { platform, actor, workspaceId }
  const { from, properties } = await trainingOf(given, context)
  const brought = await bringJob(bringing, from, properties)
  const inputs = (brought['inputs'] ?? {}) as Readonly<Record<string, Json | null>>
  return {
    ...brought,
    inputs: await inputsToday(bringing, inputs, given.inputs),
    // What was computed before on the same data would show nothing.
    ...(brought['jobType'] === 'Pipeline'
      ? { settings: { ...(brought['settings'] as Json | undefined), force_rerun: true } }
      : {}),
    properties: { [retrainsProperty]: candidate.id },
  }
}

async function trainingOf(
  { job }: RetrainParameters,
  { platform, actor, workspaceId, candidate }: GateContext,
): Promise<{ readonly from: string; readonly properties: Json }> {
  if (job === undefined) {
    const maker = await makerOf(platform, candidate.resource)
    if (maker !== undefined) {
      await requireReadable(platform, actor, maker.root)
      return { from: maker.workspace, properties: maker.root.properties }
    }
    throw errors.validation(
      `It is not known how ${candidate.name}:${candidate.version} was trained: no job made it. Name a component or a job in the plan (job:).`,
      { target: 'job' },
    )
  }
  return trainingIn({ platform, actor, workspaceId }, job)
}

/** What a plan names as training: a job of the workspace to run again, or a component. Throws a validation error for neither. */
export async function trainingIn(
  { platform, actor, workspaceId }: Bringing,
  job: string,
): Promise<{ readonly from: string; readonly properties: Json }> {
  const named = job.replace(/^azureml:(?=\/)/i, '')
  const id = named.startsWith('/') ? named : childId(workspaceId, 'jobs', named.replace(/^azureml:/i, ''))
  const found = /\/jobs\/[^/]+$/i.test(id) ? await platform.resources.find(id) : undefined
  if (found !== undefined) {
    await requireReadable(platform, actor, found)
    return { from: scopeId(found.id) ?? workspaceId, properties: found.properties }
  }
  const { id: componentId, spec } = await findComponent(job, {
    platform,
    workspace: workspaceId,
    target: 'job',
  })
  const inputs = Object.fromEntries(
    Object.entries(spec.inputs).map(([name, { type, default: value }]) => [
      name,
      /_|mltable/.test(type)
        ? { jobInputType: type, uri: '' }
        : { jobInputType: 'literal', value: value ?? '' },
    ]),
  )
  if (spec.type === 'pipeline')
    return { from: workspaceId, properties: { jobType: 'Pipeline', componentId, inputs } }
  const step = Object.fromEntries(
    Object.keys(inputs).map((name) => [
      name,
      { job_input_type: 'literal', value: `\${{parent.inputs.${name}}}` },
    ]),
  )
  return {
    from: workspaceId,
    properties: {
      jobType: 'Pipeline',
      inputs,
      jobs: { train: { type: 'command', componentId, inputs: step } },
    },
  }
}
