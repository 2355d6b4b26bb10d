import type { Actor } from '../../../kernel/access/access.ts'
import { errors, UserError } from '../../../kernel/errors.ts'
import type { Platform } from '../../../kernel/platform.ts'
import { childId } from '../../../kernel/resources/arm-id.ts'
import type { Json, Resource } from '../../../kernel/resources/resource.ts'
import { startRelease } from '../../starts/start.ts'
import { tellEvent, type RepositoryEvent } from '../event.ts'
import { filled, type Rule } from './rule.ts'

const jobsWrite = 'Microsoft.MachineLearningServices/workspaces/jobs/write'

/** Checks a rule when it is written: what it starts is there, and whoever writes it may start that. */
export async function checkStart(
  platform: Platform,
  workspaceId: string,
  actor: Actor,
  rule: Rule,
  at: number,
): Promise<void> {
  const field = rule.component !== undefined ? 'component' : rule.job !== undefined ? 'job' : 'release'
  try {
    if (rule.component !== undefined) await findComponent(platform, workspaceId, rule.component)
    if (rule.job !== undefined) await platform.resources.get(jobId(workspaceId, rule.job))
    if (rule.release !== undefined) await platform.resources.get(planId(workspaceId, rule.release))
  } catch (error) {
    if (!(error instanceof UserError)) throw error
    throw new UserError(error.kind, error.message, {
      target: `properties.rules.${at}.${field}`,
      cause: error,
    })
  }
  if (rule.release === undefined)
    await platform.access.require(actor, jobsWrite, childId(workspaceId, 'jobs', 'any'))
  else
    await platform.access.require(
      actor,
      'Twinloop/releasePlans/releases/write',
      childId(planId(workspaceId, rule.release), 'releases', '1'),
    )
}

/** Where a rule's start comes from. */
export interface Cause {
  readonly workspaceId: string
  readonly owner: Actor
  readonly repository: { readonly name: string; readonly url: string }
  readonly event: RepositoryEvent
  /** The same for the same event: what it starts is called by it, and so started once. */
  readonly name: string
}

/**
 * Starts what the rule says, as whoever wrote it; started before, it is taken as it is. Answers the id of the job or
 * release. Throws a UserError if it may not or cannot be started, a RangeError for an event that a job is not given.
 */
export async function start(platform: Platform, rule: Rule, cause: Cause): Promise<string> {
  const { workspaceId, owner, event, name, repository } = cause
  if (rule.release !== undefined) {
    const version = rule.version === undefined ? undefined : filled(rule.version, event, repository.url)
    const { release } = await startRelease(platform, owner, planId(workspaceId, rule.release), {
      version,
      reason: `${tellEvent(event)} of ${repository.name}`,
      trigger: `repository:${name}`,
    })
    return release.id
  }
  const id = jobId(workspaceId, name)
  const properties = await jobOf(platform, rule, cause)
  try {
    return (await platform.resources.put(owner, id, { properties }, { ifNoneMatch: '*' })).resource.id
  } catch (error) {
    if (error instanceof UserError && error.kind.status === 412) return id
    throw error
  }
}

async function jobOf(
  platform: Platform,
  rule: Rule,
  { workspaceId, event, repository, name }: Cause,
): Promise<Json> {
  const inputs = Object.fromEntries(
    Object.entries(rule.inputs ?? {}).map(([input, text]) => [input, filled(text, event, repository.url)]),
  )
  const common = {
    displayName: `${tellEvent(event)} of ${repository.name}`,
    tags: { repository: repository.name, commit: event.commit.slice(0, 12) },
    properties: {
      'mlflow.source.git.repoURL': repository.url,
      'mlflow.source.git.commit': event.commit,
      ...(event.branch === undefined ? {} : { 'mlflow.source.git.branch': event.branch }),
      ...(event.pullRequest === undefined
        ? {}
        : { 'twinloop.pullRequest': String(event.pullRequest.number) }),
      'twinloop.repository': repository.name,
    },
    ...(rule.experiment_name === undefined ? {} : { experimentName: rule.experiment_name }),
  }
  return rule.component === undefined
    ? againOf(await platform.resources.get(jobId(workspaceId, rule.job ?? '')), inputs, rule.compute, common)
    : componentJob(await findComponent(platform, workspaceId, rule.component), inputs, rule.compute, {
        ...common,
        experimentName: rule.experiment_name ?? name.replace(/-[0-9a-f]{12}.*$/, ''),
      })
}

/** An earlier job as it was asked for, with other inputs. */
function againOf({ properties }: Resource, inputs: Json, compute: string | undefined, common: Json): Json {
  const { parentJobName: _, stepName: _step, tags, properties: noted, inputs: given, ...whole } = properties
  return {
    ...whole,
    ...common,
    ...(compute === undefined ? {} : { computeId: compute }),
    tags: { ...(tags as Json | null), ...(common['tags'] as Json) },
    properties: { ...(noted as Json | null), ...(common['properties'] as Json) },
    inputs: { ...(given as Json | null), ...inputsOf(inputs) },
  }
}

/** A pipeline component as a pipeline; any other as the one step of one. */
function componentJob(component: Resource, inputs: Json, compute: string | undefined, common: Json): Json {
  const spec = component.properties['componentSpec'] as Json | undefined
  const settings = { force_rerun: true, ...(compute === undefined ? {} : { default_compute: compute }) }
  if (String(spec?.['type']).toLowerCase() === 'pipeline')
    return { jobType: 'Pipeline', ...common, componentId: component.id, inputs: inputsOf(inputs), settings }
  return {
    jobType: 'Pipeline',
    ...common,
    settings,
    jobs: { run: { type: 'command', componentId: component.id, inputs: inputsOf(inputs) } },
  }
}

/** `azureml:…`, paths and addresses of data are files; everything else is a value. */
const inputsOf = (inputs: Json): Json =>
  Object.fromEntries(
    Object.entries(inputs).map(([name, value]) => [
      name,
      /^(azureml:|https?:|wasbs:|abfss:|s3:)/.test(String(value))
        ? { jobInputType: 'uri_file', uri: value }
        : { jobInputType: 'literal', value },
    ]),
  )

async function findComponent(platform: Platform, workspaceId: string, reference: string): Promise<Resource> {
  const [, name = '', version] = /^(?:azureml:)?([^:@/]+)(?::([^@]+)|@latest)?$/.exec(reference) ?? []
  if (name === '')
    throw errors.validation(
      `'${reference}' is no component: use azureml:NAME:VERSION or azureml:NAME@latest.`,
    )
  const container = childId(workspaceId, 'components', name)
  if (version !== undefined) return platform.resources.get(childId(container, 'versions', version))
  await platform.resources.get(container)
  const [newest] = await platform.resources.list({
    type: 'workspaces/components/versions',
    parent: container,
    top: 1,
  })
  if (newest !== undefined) return newest
  throw errors.notFound(`Component '${name}' has no version.`)
}

const jobId = (workspaceId: string, name: string) =>
  childId(workspaceId, 'jobs', name.replace(/^azureml:/, ''))
const planId = (workspaceId: string, name: string) =>
  childId(workspaceId, 'providers', 'Twinloop', 'releasePlans', name)
