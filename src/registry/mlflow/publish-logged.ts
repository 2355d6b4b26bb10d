import type { Resource, ResourceBody } from '../../kernel/resources/resource.ts'
import { errors } from '../../kernel/errors.ts'
import { findLoggedModel } from '../../store/tracking/logged-models.ts'
import { findRun } from '../../store/tracking/runs.ts'
import type { Call } from '../../tracking/protocol/route.ts'
import { traceLineage } from '../lineage.ts'
import { locate } from '../locate.ts'
import { originOf } from '../shared/origin.ts'
import { withUploaded } from '../shared/upload.ts'
import { putNextVersion } from './access.ts'

/** What MLflow's client says of the model that it registers. */
interface Logged {
  readonly source: string
  readonly run: string | undefined
  readonly loggedModel: string | undefined
}

/**
 * Publishes a model that a run logged as the next version of a registry's model. The run is another place's: it is looked
 * for in the workspaces whose runs the caller may read.
 */
export async function publishLogged(
  call: Call,
  name: string,
  logged: Logged,
  body: ResourceBody,
): Promise<Resource> {
  const { platform, actor } = call
  const workspace = await workspaceOf(call, logged)
  const registry = await platform.resources.get(call.workspace)
  const publishing = { platform, actor, registry }
  const located = await locate(platform, workspace.id, logged.source)
  const lineage = await traceLineage(platform, workspace, {
    run: logged.run ?? located.run,
    loggedModel: logged.loggedModel ?? located.loggedModel,
  })
  const publishedFrom = await originOf(publishing, { workspace: workspace.id, lineage })
  return withUploaded(publishing, workspace.id, located.uri, (modelUri) =>
    putNextVersion(
      call,
      name,
      { ...body, properties: { ...body.properties, modelUri } },
      { status: { lineage, publishedFrom } },
    ),
  )
}

async function workspaceOf(call: Call, { source, run, loggedModel }: Logged): Promise<Resource> {
  const { platform, actor } = call
  const { db } = platform.store
  const runId =
    run ?? /^runs:\/+([^/]+)/.exec(source)?.[1] ?? /ExperimentRun\/dcid\.([^/]+)/.exec(source)?.[1]
  const model = loggedModel ?? /\b(m-[0-9a-f]{32})\b/.exec(source)?.[1]
  for (const workspace of await platform.resources.list({ type: 'workspaces', view: 'all' })) {
    const known =
      (runId !== undefined && (await findRun(db, workspace.key, runId)) !== undefined) ||
      (model !== undefined && (await findLoggedModel(db, workspace.key, model)) !== undefined)
    const read = 'Microsoft.MachineLearningServices/workspaces/experiments/runs/read'
    if (known && (await platform.access.can(actor, read, workspace.id))) return workspace
  }
  throw errors.notFound(
    `Of '${source}' no workspace has a run whose models ${actor.name} may read. Log the model to a run first, or share a version that a workspace has: twinloop model share.`,
    { target: 'source' },
  )
}
