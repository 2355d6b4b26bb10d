import { datastoreUri, parseReference } from '../../data/locations.ts'
import { storeAt } from '../../data/transfer.ts'
import { errors } from '../../kernel/errors.ts'
import type { Platform } from '../../kernel/platform.ts'
import { contentDigest, locateInput, workspaceNames } from '../data.ts'
import { parseTemplate, render } from '../expressions.ts'
import type { JobOutput } from '../jobs/io.ts'
import type { Job } from '../jobs/job.ts'

/** Datastore for what has no other place. */
const fallbackDatastore = 'workspaceblobstore'

/**
 * The URI under which an output of a job is kept, in its long form: where it asks to be, with `${{name}}`,
 * `${{default_datastore}}` and `${{output_name}}` filled in, else `azureml/{job}/{output}/` of the default datastore.
 */
export function outputUri(
  job: Pick<Job, 'id' | 'name' | 'properties'>,
  name: string,
  output: JobOutput,
): string {
  const datastore = datastoreName(job.properties.defaultDatastore)
  const workspace = workspaceNames(job.id)
  if (output.uri === undefined)
    return datastoreUri(
      datastore,
      `azureml/${job.name}/${name}${output.type === 'uri_file' ? '' : '/'}`,
      workspace,
    )
  const target = `properties.outputs.${name}.uri`
  const asked = render(parseTemplate(output.uri, target), ({ kind }) => {
    if (kind === 'name') return job.name
    if (kind === 'default_datastore') return datastore
    return kind === 'output_name' ? name : undefined
  })
  const reference = parseReference(asked)
  if (reference.kind !== 'datastore')
    throw errors.validation(
      `An output is kept in a datastore (azureml://datastores/NAME/paths/PATH), not at '${asked}'.`,
      {
        target,
      },
    )
  return datastoreUri(reference.datastore, reference.path, reference.workspace ?? workspace)
}

/** Stores the file or folder whole at its URI; answers the digest of what is there then. */
export async function keepAt(
  path: string,
  uri: string,
  job: Job,
  platform: Platform,
): Promise<string | undefined> {
  const location = await locateInput(uri, { platform, workspace: job.parent, target: 'properties.outputs' })
  await storeAt(platform, path, location)
  return contentDigest(platform, location)
}

/** `azureml:workspaceblobstore`, an ARM id or a bare name, as a name. */
function datastoreName(reference: unknown): string {
  if (typeof reference !== 'string' || reference === '') return fallbackDatastore
  return (
    reference
      .replace(/^azureml:/i, '')
      .split('/')
      .at(-1) ?? fallbackDatastore
  )
}
