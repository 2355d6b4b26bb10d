import { writeFile } from 'node:fs/promises'
import { resolve } from 'node:path'
import { setTimeout } from 'node:timers/promises'
import type { Profile } from '../../../data/profile/profile.ts'
import type { Client } from '../../client/client.ts'
import { defineCommand } from '../../define-command.ts'
import { Failure, messageOf, usage } from '../../failure.ts'
import { markOutput, paint, type Io } from '../../io.ts'
import { data as noun } from '../nouns.ts'
import { encode, labelFlag, optionalName, versionFlag, versionOf } from '../verbs.ts'

/** `data profile`: all of a version looked at, once for the same options. */
export const profileCommand = defineCommand({
  noun: 'data',
  verb: 'profile',
  summary: 'Looks at all of a version: types, figures, distributions, what goes together, what stands out.',
  flags: {
    name: optionalName,
    version: versionFlag,
    label: labelFlag,
    target: {
      type: 'text',
      short: 't',
      placeholder: 'COLUMN',
      summary: 'Column to be predicted: says what tells of it, and what knows too much.',
    },
    against: {
      type: 'text',
      placeholder: 'VERSION',
      summary: 'A version to compare with, of the same asset or azureml:NAME:VERSION: says what has drifted.',
    },
    columns: { type: 'words', placeholder: 'COLUMN', summary: 'Only these columns.' },
    sample: {
      type: 'integer',
      placeholder: 'ROWS',
      summary: 'Rows that associations are taken from. Default 50,000.',
    },
    report: { type: 'text', placeholder: 'FILE', summary: 'Writes it as a page for a browser, too.' },
  },
  table: {
    Name: 'name',
    Kind: 'semanticType',
    Missing: 'missing.fraction',
    Distinct: 'distinct.count',
    Min: 'numeric.min',
    Mean: 'numeric.mean',
    Max: 'numeric.max',
  },
  words: { placeholder: 'DATA', summary: 'Instead of --name: NAME, NAME:VERSION or NAME@LABEL.' },
  examples: [
    'twinloop data profile taxi-data:3',
    'twinloop data profile -n taxi-data -v 3 --target cost --against 2 --report report.html',
    'twinloop data profile -n taxi-data --query "columns[?missing.count > `0`].name" -o tsv',
  ],
  async run({ flags, words, io, client }) {
    const { name, version: given, label = 'latest' } = subjectOf(flags, words)
    const api = await client()
    const version = given ?? (await versionOf(api, noun, name, label))
    const properties = {
      ...(flags.target === undefined ? {} : { target: flags.target }),
      ...(flags.against === undefined ? {} : { against: flags.against }),
      ...(flags.columns.length === 0 ? {} : { columns: flags.columns }),
      ...(flags.sample === undefined ? {} : { sample: flags.sample }),
    }
    const path = `/data/${encode(name)}/versions/${encode(version)}/providers/Twinloop/profiles/${await nameOf(properties)}`
    await make(api, path, properties, io)
    if (flags.report !== undefined) await writeReport(api, `${path}/report`, flags.report, io)
    const profile = await api.get<Profile>(`${path}/result`)
    if (flags.output === 'table') return profile.columns
    if (flags.output !== undefined || flags.query !== undefined) return profile
    const { profileView } = await import('./view.ts')
    const width = Number(io.env['COLUMNS']) || process.stdout.columns || 100
    io.stdout(profileView(profile, { width, mark: (style, text) => markOutput(io, style, text) }))
    return undefined
  },
})

interface Subject {
  readonly name: string
  readonly version?: string | undefined
  readonly label?: string | undefined
}

/** What is looked at: by flags, or by a word such as `flights:3`. */
function subjectOf(
  { name, version, label }: { readonly [K in keyof Subject]?: Subject[K] | undefined },
  words: readonly string[],
): Subject {
  const [word, ...more] = words
  if (name !== undefined && word === undefined) return { name, version, label }
  const [, named, of, by] = /^(?:azureml:)?([\w.-]+)(?::([\w.-]+)|@([\w.-]+))?$/.exec(word ?? '') ?? []
  if (named === undefined || name !== undefined || more.length > 0)
    throw usage(
      word === undefined || name !== undefined || more.length > 0 ? 'which data?' : `'${word}' is no asset`,
      '--name NAME, or one of NAME, NAME:VERSION and NAME@LABEL',
    )
  return { name: named, version: of ?? version, label: by ?? label }
}

/** The same options have the same name, and so the same profile. */
async function nameOf(properties: object): Promise<string> {
  if (Object.keys(properties).length === 0) return 'default'
  const { createHash } = await import('node:crypto')
  return `options-${createHash('sha256').update(JSON.stringify(properties)).digest('hex').slice(0, 12)}`
}

interface Made {
  readonly properties: {
    readonly provisioningState: string
    readonly lost?: { readonly message: string; readonly times: number } | null
    readonly error?: { readonly message: string }
    readonly progress?: { readonly columnsDone: number; readonly columns: number }
  }
}

/** Asks for the profile and waits for it; on a terminal a line tells how far it is. */
async function make(api: Client, path: string, properties: object, io: Io): Promise<void> {
  let [told, toldOfLost] = [false, false]
  let { properties: state } = await api.put<Made>(path, { properties }, { wait: false })
  // The protocol has no notification: looked for often at first, because most are made in no time.
  for (let pause = 100; state.provisioningState === 'Running'; pause = Math.min(1000, pause * 2)) {
    await setTimeout(pause, undefined, { signal: io.signal }).catch(() => {
      throw new Failure('interrupted; the profile is made all the same', { exitCode: 130 })
    })
    state = (await api.get<Made>(path)).properties
    if (state.lost && !toldOfLost) {
      io.stderr(`waiting: ${state.lost.message}\n`)
      toldOfLost = true
    }
    if (state.progress !== undefined && io.colour) {
      const { columnsDone, columns } = state.progress
      io.stderr(`\r${paint(io, 'dim', `${columnsDone} of ${columns} columns`)}\u001B[K`)
      told = true
    }
  }
  if (told) io.stderr('\r\u001B[K')
  if (state.provisioningState !== 'Succeeded')
    throw new Failure(state.error?.message ?? `the profile is ${state.provisioningState}`)
}

async function writeReport(api: Client, path: string, file: string, io: Io): Promise<void> {
  const { body } = await api.send('GET', path)
  try {
    await writeFile(resolve(io.cwd, file), String(body))
  } catch (error) {
    throw new Failure(`the report cannot be written: ${messageOf(error)}`, { cause: error })
  }
  io.stderr(`report in ${file}\n`)
}
