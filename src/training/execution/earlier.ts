import type { Platform } from '../../kernel/platform.ts'
import { contentDigest, locateInput } from '../data.ts'
import { parseTemplate, render } from '../expressions.ts'
import { readInputs, readOutputs } from '../jobs/io.ts'
import type { JobInput } from '../jobs/io.ts'
import { asJob } from '../jobs/job.ts'
import type { Job } from '../jobs/job.ts'
import { reuseKey } from '../pipeline/reuse.ts'
import type { ReuseInput } from '../pipeline/reuse.ts'
import { environmentKeyOf, findCode } from '../programs.ts'
import { strings } from '../wire.ts'

/**
 * The key of a step that may be reused, and an earlier job that did exactly the same and whose results are all still
 * there. Undefined for a job that is no deterministic step, or whose inputs cannot be told apart by their content.
 */
export async function findEarlier(
  platform: Platform,
  job: Job,
): Promise<{ readonly key: string; readonly job: Job | undefined } | undefined> {
  if (typeof job.properties.parentJobName !== 'string' || job.properties.isDeterministic !== true)
    return undefined
  const key = await keyOfStep(platform, job)
  if (key === undefined) return undefined
  if (job.properties.forceRerun === true) return { key, job: undefined }
  const found = await platform.resources.list({
    type: 'workspaces/jobs',
    parent: job.parent,
    view: 'all',
    where: { 'status.reuseKey': key, 'status.status': 'Completed' },
    top: 20,
  })
  for (const earlier of found.map(asJob)) if (await isWhole(platform, earlier)) return { key, job: earlier }
  return { key, job: undefined }
}

async function keyOfStep(platform: Platform, job: Job): Promise<string | undefined> {
  const { properties } = job
  const at = { platform, workspace: job.parent }
  const code =
    typeof properties.codeId === 'string'
      ? await contentDigest(
          platform,
          await findCode(properties.codeId, { ...at, target: 'properties.codeId' }),
        )
      : ''
  if (code === undefined) return undefined
  const inputs: Record<string, ReuseInput> = {}
  for (const [name, input] of Object.entries(readInputs(properties.inputs))) {
    const known = await reuseInput(platform, job, name, input)
    if (known === undefined) return undefined
    inputs[name] = known
  }
  const outputs = readOutputs(properties.outputs)
  // What is written to a place of its own choosing, or straight past us, is an effect that must take place again.
  if (
    Object.values(outputs).some(
      (o) => o.mode === 'direct' || o.uri !== undefined || o.assetName !== undefined,
    )
  )
    return undefined
  return reuseKey({
    command: named(job),
    environment: await environmentKeyOf(properties.environmentId ?? '', {
      ...at,
      target: 'properties.environmentId',
    }),
    code,
    environmentVariables: strings(properties.environmentVariables),
    inputs,
    outputs: Object.fromEntries(
      Object.entries(outputs).map(([name, o]) => [name, { type: o.type, mode: o.mode, path: o.uri ?? '' }]),
    ),
  })
}

async function reuseInput(
  platform: Platform,
  job: Job,
  name: string,
  input: JobInput,
): Promise<ReuseInput | undefined> {
  if ('literal' in input) return { literal: input.literal }
  const uri = job.status.pinned[name] ?? input.uri
  const location = await locateInput(uri, {
    platform,
    workspace: job.parent,
    target: `properties.inputs.${name}.uri`,
  })
  const digest = await contentDigest(platform, location)
  if (digest === undefined) return undefined
  // A direct input's text is the command's business, besides what is behind it.
  return { type: input.type, mode: input.mode, digest: input.mode === 'direct' ? `${digest} ${uri}` : digest }
}

/** The command with `${{name}}` filled in, which is the one value that is no input. */
const named = ({ name, properties }: Job): string =>
  render(
    parseTemplate(properties.command ?? ''),
    ({ kind }) => (kind === 'name' ? (properties.stepName ?? name) : undefined),
    'keep',
  )

/** True if nothing of what a job made has been deleted since. */
async function isWhole(platform: Platform, job: Job): Promise<boolean> {
  for (const [name, result] of Object.entries(job.status.outputs ?? {})) {
    const at = { platform, workspace: job.parent, target: `outputs.${name}` }
    const location = await locateInput(result.uri, at).catch(() => undefined)
    if (location === undefined || result.digest === undefined) return false
    if ((await contentDigest(platform, location)) !== result.digest) return false
  }
  return true
}
