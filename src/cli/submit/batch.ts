import { batchDeploymentBody } from '../bodies/batch.ts'
import type { Client, Json } from '../client/client.ts'
import { encode } from '../commands/verbs.ts'
import { Failure } from '../failure.ts'
import { clean, textOf, type Body } from '../present/present.ts'
import type { BatchDeployment } from '../yaml/shapes/batch.ts'
import { makeAssembler } from './assemble.ts'
import { componentSpec, registerComponent } from './component.ts'
import { modelId } from './deployment.ts'
import type { Prepared } from './prepare.ts'

/** The body of a batch deployment, with all that it is made of uploaded and registered. */
export async function batchDeploymentOf(
  client: Client,
  prepared: Prepared<BatchDeployment>,
  location: string,
): Promise<Json> {
  const { value, source } = prepared.loaded
  const assembler = makeAssembler(client, prepared.resolved)
  const { code_configuration: code, environment, model } = value
  return batchDeploymentBody(value, {
    location,
    computeId: assembler.compute(value.compute),
    modelId: await modelId(client, prepared, model, source.folder),
    codeId: code === undefined ? undefined : await assembler.code(code.code ?? '.', source),
    environmentId: environment === undefined ? undefined : await assembler.environment(environment, source),
    componentId: await componentId(client, prepared),
  })
}

async function componentId(client: Client, prepared: Prepared<BatchDeployment>): Promise<string | undefined> {
  const { component } = prepared.followed
  const { job_definition: job } = prepared.loaded.value
  if (typeof component === 'string') return prepared.resolved.id('components', component)
  if (component !== undefined)
    return registerComponent(client, await componentSpec(makeAssembler(client, prepared.resolved), component))
  return job === undefined ? undefined : ofJob(client, job.replace(/^azureml:/, ''))
}

/** A component that is a pipeline job once more: its inputs and outputs are declared as the job had them. */
async function ofJob(client: Client, name: string): Promise<string> {
  const { properties = {} } = await client.get<Body>(`/jobs/${encode(name)}`)
  const { jobs, inputs, outputs, settings } = properties as Readonly<Record<string, Json>>
  const jobType = textOf(properties['jobType'])
  if (jobType !== 'Pipeline')
    throw new Failure(`${name} is a job of type ${jobType}, and job_definition wants a pipeline`)
  return registerComponent(
    client,
    clean({
      type: 'pipeline',
      jobs,
      settings,
      inputs: declared(inputs ?? {}, 'jobInputType'),
      outputs: declared(outputs ?? {}, 'jobOutputType'),
    }),
  )
}

const declared = (ports: Json, kind: string): Json =>
  Object.fromEntries(
    Object.entries(ports)
      .filter(([name]) => name !== 'default')
      .map(([name, port]) => {
        const { [kind]: type, value } = (port ?? {}) as Readonly<Record<string, unknown>>
        return [
          name,
          type === 'literal' ? { type: 'string', default: value } : { type: type ?? 'uri_folder' },
        ]
      }),
  )
