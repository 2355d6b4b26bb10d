import { join } from 'node:path'
import type { Client } from '../../client/client.ts'
import { Failure } from '../../failure.ts'
import type { Io } from '../../io.ts'
import type { Body } from '../../present/present.ts'
import { downloadUri } from '../../upload/download.ts'
import { suggest } from '../../yaml/checks/suggest.ts'
import { encode } from '../verbs.ts'
import { isOver } from './history.ts'

export interface JobDownload {
  /** One named output; or all of them with `all`; else the run's own files. */
  readonly output?: string | undefined
  readonly all: boolean
  readonly folder: string
}

/** Downloads a finished job's files into `named-outputs/{name}` and `artifacts` below a folder, as Azure's SDK lays them. */
export async function downloadJob(client: Client, io: Io, name: string, wanted: JobDownload): Promise<void> {
  const { properties } = await client.get<Body>(`/jobs/${encode(name)}`)
  if (!isOver(String(properties?.['status'])))
    throw new Failure(`${name} is ${String(properties?.['status'])}; its files are whole when it has ended`, {
      hint: `twinloop job stream -n ${name} follows it`,
    })
  const outputs = Object.keys(properties?.['outputs'] ?? {}).filter((o) => o !== 'default')
  if (wanted.output !== undefined && wanted.output !== 'default' && !outputs.includes(wanted.output))
    throw new Failure(`${name} has no output ${wanted.output}`, {
      hint: suggest(wanted.output, outputs) ?? 'it has none',
    })
  const named = wanted.all ? outputs : outputs.filter((o) => o === wanted.output)
  for (const output of named) {
    const folder = join(wanted.folder, 'named-outputs', output)
    const count = await downloadUri(client, `azureml://jobs/${name}/outputs/${output}/paths/`, folder)
    io.stderr(`${output}: ${files(count)} in ${folder}\n`)
  }
  if (wanted.all || wanted.output === undefined || wanted.output === 'default') {
    const folder = join(wanted.folder, 'artifacts')
    const count = await downloadUri(
      client,
      `azureml://datastores/workspaceartifactstore/paths/ExperimentRun/dcid.${name}/`,
      folder,
    )
    const isPipeline = /^pipeline$/i.test(String(properties?.['jobType']))
    if (count > 0) io.stderr(`log and artifacts: ${files(count)} in ${folder}\n`)
    else
      io.stderr(
        isPipeline
          ? `logs and artifacts are its steps': twinloop job list -p ${name} -o table names them\n`
          : 'it left no log and no artifacts\n',
      )
  }
}

const files = (count: number) => `${count} ${count === 1 ? 'file' : 'files'}`
