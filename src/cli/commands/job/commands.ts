import { resolve } from 'node:path'
import { defineCommand } from '../../define-command.ts'
import type { Command } from '../../define-command.ts'
import { messageOf } from '../../failure.ts'
import { textOf } from '../../present/present.ts'
import type { Body } from '../../present/present.ts'
import { changed } from '../assets/versions.ts'
import { lineageCommand } from '../lineage/lineage.ts'
import { job as noun } from '../nouns.ts'
import {
  archiveCommands,
  encode,
  fileFlag,
  ignored,
  listCommand,
  nameFlag,
  noWaitFlag,
  setFlag,
  showCommand,
} from '../verbs.ts'

const webFlag = { type: 'switch', short: 'e', summary: 'Prints the address of its page.' } as const

const create = defineCommand({
  noun: 'job',
  verb: 'create',
  summary: 'Submits a command or pipeline job; what it needs is uploaded.',
  flags: {
    file: { ...fileFlag, required: true },
    name: { ...nameFlag, required: false, summary: 'Its name. Default: a made-up one.' },
    set: setFlag,
    stream: { type: 'switch', short: 's', summary: 'Follows it until it ends; exit code 1 if it fails.' },
    web: webFlag,
    saveAs: {
      type: 'text',
      short: 'a',
      placeholder: 'FILE',
      summary: 'Writes the job as the server has it to a YAML file.',
    },
    skipValidation: ignored,
  },
  table: noun.table,
  examples: [
    'twinloop job create -f pipeline.yml --stream',
    'run_id=$(twinloop job create -f pipeline.yml --query name -o tsv)',
    'twinloop job create -f pipeline.yml --set experiment_name=nightly inputs.rate=0.1',
  ],
  async run({ flags, io, client }) {
    const { prepare } = await import('../../submit/prepare.ts')
    const { submitJob } = await import('../../submit/job.ts')
    const prepared = await prepare(client, io, flags.file, {
      kinds: ['commandJob', 'pipelineJob'],
      sets: flags.set,
    })
    const api = await client()
    const body = await submitJob(api, prepared, { name: flags.name, cwd: io.cwd, random: Math.random })
    const shown = noun.present(body)
    if (flags.saveAs !== undefined) await save(flags.saveAs, io.cwd, shown)
    if (flags.web) io.stderr(`${webAddress(body)}\n`)
    if (!flags.stream) return shown
    const { streamJob } = await import('./stream.ts')
    return streamJob(api, io, String(shown['name']))
  },
})

const show = defineCommand({
  ...showCommand(noun),
  flags: { name: nameFlag, web: webFlag },
  examples: [
    `twinloop job show -n ${noun.example} --query status -o tsv`,
    `twinloop job show -n ${noun.example} --web`,
  ],
  async run({ flags, io, client }) {
    const body = await (await client()).get<Body>(`/jobs/${encode(flags.name)}`)
    if (flags.web) io.stderr(`${webAddress(body)}\n`)
    return noun.present(body)
  },
})

const stream = defineCommand({
  noun: 'job',
  verb: 'stream',
  summary: 'Follows a job: its steps, its log as it grows, and how it ends.',
  flags: { name: nameFlag },
  examples: [`twinloop job stream -n ${noun.example}`],
  async run({ flags, io, client }) {
    const { streamJob } = await import('./stream.ts')
    return streamJob(await client(), io, flags.name)
  },
})

const cancel = defineCommand({
  noun: 'job',
  verb: 'cancel',
  summary: 'Cancels a job and the steps it runs.',
  flags: { name: nameFlag, noWait: noWaitFlag },
  examples: [`twinloop job cancel -n ${noun.example}`],
  async run({ flags, client }) {
    await (await client()).post(`/jobs/${encode(flags.name)}/cancel`, {}, { wait: !flags.noWait })
    return undefined
  },
})

const rerun = defineCommand({
  noun: 'job',
  verb: 'rerun',
  summary: 'Submits the same job once more; of a failed pipeline, only what is left of it.',
  flags: {
    name: nameFlag,
    fromFailed: {
      type: 'switch',
      summary: 'Goes on from the failed step: what the other steps have completed is taken over.',
    },
    stream: { type: 'switch', short: 's', summary: 'Follows it until it ends; exit code 1 if it fails.' },
  },
  table: noun.table,
  examples: [
    `twinloop job rerun -n ${noun.example}`,
    `twinloop job rerun -n ${noun.example} --from-failed -s`,
  ],
  async run({ flags, io, client }) {
    const api = await client()
    const made = await api.post<{ readonly name: string }>(`/jobs/${encode(flags.name)}/rerun`, {
      startFromFailure: flags.fromFailed,
    })
    if (flags.stream) return (await import('./stream.ts')).streamJob(api, io, made.name)
    return noun.present(await api.get<Body>(`/jobs/${encode(made.name)}`))
  },
})

const list = listCommand(noun, {
  parentJobName: { type: 'text', short: 'p', placeholder: 'NAME', summary: 'Lists the steps of this job.' },
})

const listJobs = defineCommand({
  ...list,
  async run({ flags, client }) {
    const { parentJobName, maxResults, includeArchived, archivedOnly } = flags as unknown as {
      parentJobName?: string
      maxResults?: number
      includeArchived: boolean
      archivedOnly: boolean
    }
    const api = await client()
    if (parentJobName !== undefined) {
      const names = await (await import('./history.ts')).childrenOf(api, parentJobName)
      return Promise.all(
        names.map(async (name) => noun.present(await api.get<Body>(`/jobs/${encode(name)}`))),
      )
    }
    const listViewType = archivedOnly ? 'ArchivedOnly' : includeArchived ? 'All' : 'ActiveOnly'
    // Steps are listed with their pipeline, not beside it.
    const isStep = (body: Body) => textOf(body.properties?.['parentJobName']) !== ''
    const bodies = await api.list<Body>('/jobs', { listViewType }, maxResults, (body) => !isStep(body))
    return bodies.map((body) => noun.present(body))
  },
})

const update = defineCommand({
  noun: 'job',
  verb: 'update',
  summary: "Changes a job's description, tags or display name.",
  flags: { name: nameFlag, set: { ...setFlag, required: true }, web: webFlag },
  examples: [`twinloop job update -n ${noun.example} --set tags.keep=yes display_name="the good one"`],
  async run({ flags, io, client }) {
    const api = await client()
    const path = `/jobs/${encode(flags.name)}`
    const body = await api.get<Body>(path)
    const sets = flags.set.map((set) => set.replace(/^display_name=/, 'displayName='))
    const properties = changed(body.properties ?? {}, sets, [
      'description',
      'tags',
      'displayName',
      'properties',
    ])
    const done = await api.put<Body>(path, { ...body, properties })
    if (flags.web) io.stderr(`${webAddress(done)}\n`)
    return noun.present(done)
  },
})

const download = defineCommand({
  noun: 'job',
  verb: 'download',
  summary: "Downloads a job's log and files, or its named outputs.",
  flags: {
    name: nameFlag,
    outputName: { type: 'text', placeholder: 'NAME', summary: 'Only this output.' },
    all: { type: 'switch', summary: 'Named outputs too.' },
    downloadPath: {
      type: 'text',
      short: 'p',
      placeholder: 'FOLDER',
      summary: 'Where to. Default the working folder.',
    },
  },
  examples: [
    `twinloop job download -n ${noun.example} --all`,
    `twinloop job download -n ${noun.example} --output-name trained_model -p model/`,
  ],
  async run({ flags, io, client }) {
    const { downloadJob } = await import('./download.ts')
    const folder = resolve(io.cwd, flags.downloadPath ?? '.')
    await downloadJob(await client(), io, flags.name, { output: flags.outputName, all: flags.all, folder })
    return undefined
  },
})

const validate = defineCommand({
  noun: 'job',
  verb: 'validate',
  summary: 'Checks a job file, and that what it refers to exists; creates nothing.',
  flags: { file: { ...fileFlag, required: true }, set: setFlag },
  examples: ['twinloop job validate -f pipeline.yml'],
  async run({ flags, io, client }) {
    const { prepare } = await import('../../submit/prepare.ts')
    await prepare(client, io, flags.file, { kinds: ['commandJob', 'pipelineJob'], sets: flags.set })
    return { result: 'Succeeded', errors: [] }
  },
})

async function save(file: string, cwd: string, shown: unknown): Promise<void> {
  const { writeFile } = await import('node:fs/promises')
  const { stringify } = await import('yaml')
  try {
    await writeFile(resolve(cwd, file), stringify(shown, { lineWidth: 0 }))
  } catch (error) {
    const { Failure } = await import('../../failure.ts')
    throw new Failure(`cannot write ${file}: ${messageOf(error)}`, { cause: error })
  }
}

function webAddress(body: Body): string {
  const services = body.properties?.['services'] as { Studio?: { endpoint?: string } } | undefined
  return services?.Studio?.endpoint ?? ''
}

export const commands: readonly Command[] = [
  create,
  show,
  listJobs,
  stream,
  cancel,
  rerun,
  download,
  validate,
  update,
  lineageCommand(noun),
  ...archiveCommands(noun),
]
