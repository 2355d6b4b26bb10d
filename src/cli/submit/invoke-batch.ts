import { stat } from 'node:fs/promises'
import { resolve } from 'node:path'
import { inputBody, jobOutputBody } from '../bodies/values.ts'
import type { Client, Json } from '../client/client.ts'
import { encode } from '../commands/verbs.ts'
import { Failure, usage } from '../failure.ts'
import type { Io } from '../io.ts'
import { clean, type Body } from '../present/present.ts'
import { uploadData } from '../upload/assets.ts'
import { isLocalPath } from '../yaml/checks/check.ts'
import { parseChange } from '../yaml/change.ts'
import { makeAssembler } from './assemble.ts'
import { prepare } from './prepare.ts'

export interface InvokeFlags {
  readonly deploymentName?: string | undefined
  readonly input?: string | undefined
  readonly inputType?: string | undefined
  readonly queryInput?: string | undefined
  readonly file?: string | undefined
  readonly outputPath?: string | undefined
  readonly jobName?: string | undefined
  readonly experimentName?: string | undefined
  readonly miniBatchSize?: number | undefined
  readonly instanceCount?: number | undefined
  readonly set: readonly string[]
}

/** The settings that `--set` may change for one job, with what REST calls them. */
const overrides: Readonly<Record<string, string>> = {
  output_file_name: 'outputFileName',
  mini_batch_size: 'miniBatchSize',
  error_threshold: 'errorThreshold',
}

/** What a batch endpoint is asked, with local data uploaded. */
export async function invocationOf(client: () => Promise<Client>, io: Io, flags: InvokeFlags): Promise<Json> {
  const given = [flags.input, flags.queryInput, flags.file].filter((value) => value !== undefined)
  if (given.length !== 1)
    throw usage(
      given.length === 0 ? 'what is to be scored?' : 'one thing is scored at a time',
      '--input PATH, --query-input SQL, or --file FILE with inputs',
    )
  const named = flags.file === undefined ? undefined : await ofFile(client, io, flags.file)
  const inputData = named?.inputs ?? { data: await ofInput(await client(), io, flags) }
  const place = flags.outputPath
  const outputData =
    place === undefined ? named?.outputs : { score: { jobOutputType: 'UriFolder', uri: place } }
  return clean({
    ...changes(flags.set),
    inputData,
    outputData,
    deployment: flags.deploymentName,
    name: flags.jobName,
    miniBatchSize: flags.miniBatchSize,
    compute: flags.instanceCount === undefined ? undefined : { instanceCount: flags.instanceCount },
    properties: flags.experimentName === undefined ? undefined : { experimentName: flags.experimentName },
  })
}

async function ofInput(client: Client, io: Io, flags: InvokeFlags): Promise<Json> {
  const { input = '', inputType, queryInput } = flags
  if (queryInput !== undefined) return { jobInputType: 'query', value: queryInput }
  if (!isLocalPath(input)) return { jobInputType: inputType ?? 'uri_folder', uri: input }
  const path = resolve(io.cwd, input)
  const found = await stat(path).catch((cause: unknown) => {
    throw new Failure(`there is no ${input}`, { cause })
  })
  const type = found.isDirectory() ? 'uri_folder' : 'uri_file'
  return { jobInputType: inputType ?? type, uri: await uploadData(client, path, {}) }
}

/** `inputs` and `outputs` by name, as they stand in jobs. */
async function ofFile(client: () => Promise<Client>, io: Io, file: string) {
  const prepared = await prepare(client, io, file, { kinds: ['batchInvocation'] })
  const { value, source } = prepared.loaded
  const assembler = makeAssembler(await client(), prepared.resolved)
  const pathOf = await assembler.paths(value.inputs, source)
  const inputs = Object.entries(value.inputs ?? {}).map(([name, input]) => [
    name,
    inputBody(input, pathOf, 'job'),
  ])
  const outputs = Object.entries(value.outputs ?? {}).map(([name, output]) => [name, jobOutputBody(output)])
  return {
    inputs: Object.fromEntries(inputs) as Json,
    outputs: outputs.length === 0 ? undefined : (Object.fromEntries(outputs) as Json),
  }
}

function changes(sets: readonly string[]): Json {
  return Object.fromEntries(
    sets.map((set) => {
      const { path, value } = parseChange(set)
      const name = overrides[path.join('.')]
      if (name === undefined)
        throw usage(
          `--set ${path.join('.')} changes nothing of an invocation`,
          Object.keys(overrides).join(', '),
        )
      return [name, name === 'outputFileName' ? value : Number(value)]
    }),
  )
}

/** The jobs of an endpoint, or of one of its deployments; newest first. */
export async function jobsOf(
  client: Client,
  endpoint: string,
  deployment?: string,
): Promise<readonly Body[]> {
  const path = `${client.connection.url}/mferp/managementfrontend${client.workspaceId}/batchEndpoints/${encode(endpoint)}/jobs`
  const listed = await client.list<{ name: string; properties: { batchDeployment?: string } }>(path)
  const wanted = listed.filter(
    ({ properties }) => deployment === undefined || properties.batchDeployment === deployment,
  )
  return Promise.all(wanted.map(({ name }) => client.get<Body>(`/jobs/${encode(name)}`)))
}
