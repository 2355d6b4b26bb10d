import { chmod, mkdir, readFile, stat, writeFile } from 'node:fs/promises'
import { basename, dirname, join, relative, resolve } from 'node:path'
import { defineCommand } from '../../define-command.ts'
import { Failure, usage } from '../../failure.ts'
import { paint } from '../../io.ts'
import type { Io } from '../../io.ts'
import type { Scaffold, Wanted } from './scaffold.ts'

/** Larger files are no matter for a repository. */
const largestBytes = 50 * 1024 * 1024
/** A name that endpoints, models, data assets and Python's files can all have. */
const nameRule = /^[a-z][a-z0-9-]{1,25}[a-z0-9]$/

export const init = defineCommand({
  noun: '',
  verb: 'init',
  summary:
    'Starts a repository: a model on your data (or on a sample), its pipeline, endpoints, tests and CI/CD files, ready to run.',
  flags: {
    name: {
      type: 'text',
      short: 'n',
      placeholder: 'NAME',
      summary: "Name of the model, its data and its endpoint. Default: the folder's.",
    },
    ci: {
      type: 'text',
      choices: ['github', 'azure', 'both', 'none'],
      summary: 'Files for GitHub Actions, Azure Pipelines, both or none. Default both.',
    },
    data: {
      type: 'text',
      placeholder: 'FILE',
      summary: 'CSV file to learn from. Default: a made-up sample.',
    },
    target: { type: 'text', placeholder: 'COLUMN', summary: 'Column of --data to predict.' },
    task: {
      type: 'text',
      choices: ['classification', 'regression'],
      summary: 'What kind of prediction. Default: as the target looks.',
    },
  },
  words: { placeholder: 'FOLDER', summary: 'Where to. Default: here.' },
  examples: [
    'twinloop init flight-delay',
    'twinloop init churn --data customers.csv --target churned --ci github',
    'twinloop init repair-times --task regression',
  ],
  async run({ flags, words, io }) {
    if (words.length > 1) throw usage(`one folder at a time, not ${words.join(' and ')}`)
    const folder = resolve(io.cwd, words[0] ?? '.')
    const name = flags.name ?? nameFrom(folder)
    if (!nameRule.test(name))
      throw usage(
        `${JSON.stringify(name)} cannot name a model and its endpoint`,
        'use 3 to 27 letters, digits and dashes that begin with a letter: --name my-model',
      )
    const { version } = await import('../../../kernel/version.ts')
    const ci = flags.ci ?? 'both'
    const scaffold = await laidOut(flags.data, {
      name,
      version: await version(),
      ci:
        ci === 'both'
          ? ['github', 'azure-pipelines']
          : ci === 'none'
            ? []
            : [ci === 'azure' ? 'azure-pipelines' : 'github'],
      task: flags.task as Wanted['task'],
      data: await readData(flags.data, flags.target, io),
    })
    await refuseTaken(folder, [...scaffold.files.keys()])
    await write(folder, scaffold.files)
    const { firstCommit } = await import('./git.ts')
    tell(io, folder, name, scaffold, await firstCommit(folder, io.env))
    return undefined
  },
})

/** `My Flights!` is `my-flights`. */
const nameFrom = (folder: string) =>
  basename(folder)
    .toLowerCase()
    .replaceAll(/[^a-z0-9]+/g, '-')
    .replaceAll(/^-+|-+$/g, '')

async function readData(
  file: string | undefined,
  target: string | undefined,
  io: Io,
): Promise<Wanted['data']> {
  if (file === undefined) {
    if (target !== undefined) throw usage('--target names a column of --data FILE, which is not given')
    return undefined
  }
  if (target === undefined) throw usage('which column is to be predicted?', `--data ${file} --target COLUMN`)
  const path = resolve(io.cwd, file)
  const found = await stat(path).catch(() => undefined)
  if (found === undefined) throw new Failure(`${file} is not there`, { hint: `looked in ${dirname(path)}` })
  if (!found.isFile()) throw new Failure(`${file} is no file`, { hint: '--data takes one CSV file' })
  if (found.size > largestBytes)
    throw new Failure(
      `${file} has ${Math.ceil(found.size / 2 ** 20)} MiB: too much to keep in a repository`,
      {
        hint: `begin with a part of it (head -n 100000 ${file}), and register the whole: twinloop data create --path ${file}`,
      },
    )
  const bytes = await readFile(path)
  try {
    return { csv: new TextDecoder('utf-8', { fatal: true }).decode(bytes), file: basename(file), target }
  } catch {
    throw new Failure(`${file} is not UTF-8 text`, {
      hint: 'Parquet and other tables: write them as CSV first',
    })
  }
}

/** Lays out; what is wrong with the data is a failure that names their file and, for a column, the nearest. */
async function laidOut(file: string | undefined, wanted: Wanted): Promise<Scaffold> {
  const { layOut } = await import('./scaffold.ts')
  try {
    return await layOut(wanted)
  } catch (error) {
    if (!(error instanceof SyntaxError || error instanceof RangeError)) throw error
    const hint = await nearestColumn(wanted)
    throw new Failure(`${file ?? 'the sample'}: ${error.message}`, hint === undefined ? {} : { hint })
  }
}

async function nearestColumn({ data }: Wanted): Promise<string | undefined> {
  if (data === undefined) return undefined
  const [{ parseCsv }, { nearest }] = await Promise.all([
    import('./csv.ts'),
    import('../../../kernel/nearest.ts'),
  ])
  const firstLine = data.csv.slice(0, data.csv.indexOf('\n') + 1)
  const header = parseCsv(firstLine).header
  if (header.includes(data.target)) return undefined
  const near = nearest(data.target, header)
  return near === undefined ? `its columns: ${header.join(', ')}` : `did you mean ${near}?`
}

/** Nothing of anybody's is written over: throws before the first file is written. */
async function refuseTaken(folder: string, files: readonly string[]): Promise<void> {
  const found = await stat(folder).catch(() => undefined)
  if (found !== undefined && !found.isDirectory()) throw new Failure(`${folder} is a file, not a folder`)
  const there: string[] = []
  for (const file of files)
    if ((await stat(join(folder, file)).catch(() => undefined)) !== undefined) there.push(file)
  if (there.length > 0)
    throw new Failure(
      `${there.slice(0, 3).join(', ')}${there.length > 3 ? ` and ${there.length - 3} more` : ''} ${there.length === 1 ? 'is' : 'are'} in ${folder} already; nothing was written`,
      { hint: 'name a folder that is not there yet: twinloop init my-model' },
    )
}

async function write(folder: string, files: ReadonlyMap<string, string>): Promise<void> {
  for (const [file, text] of files) {
    const path = join(folder, file)
    await mkdir(dirname(path), { recursive: true })
    await writeFile(path, text, { flag: 'wx' })
    if (file.endsWith('.sh')) await chmod(path, 0o755)
  }
}

function tell(
  io: Io,
  folder: string,
  name: string,
  { files, problem, rows, heldBack }: Scaffold,
  git: string,
) {
  const { task, target, positive, features, ignored } = problem
  const where = relative(io.cwd, folder)
  const what =
    task === 'regression'
      ? 'a number'
      : task === 'multiclass'
        ? `one of ${target.values.length} labels`
        : `${positive} or not`
  const left =
    ignored.length === 0 ? '' : `; left out: ${ignored.map((c) => `${c.name} (${c.why})`).join(', ')}`
  io.stdout(
    [
      `${paint(io, 'green', '✓')} ${name}: ${files.size} files in ${where === '' ? 'this folder' : where}`,
      `  data      ${rows.toLocaleString('en')} rows, ${heldBack.toLocaleString('en')} of them held back for release gates`,
      `  predicts  ${target.name}, ${what}, from ${features.length} columns${left}`,
      `  git       ${git}`,
      '',
      ...(where === '' ? [] : [`  cd ${where}`]),
      '  twinloop up --detach && infrastructure/apply.sh',
      '  mlops/register.sh',
      '  twinloop job create -f mlops/train/pipeline.yml --stream',
      '  README.md tells the rest',
      '',
    ].join('\n'),
  )
}
