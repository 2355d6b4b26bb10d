import { execFileSync } from 'node:child_process'
import { readdirSync } from 'node:fs'
import { join } from 'node:path'
import { watchContract } from './contract.ts'
import { followPipeline } from './follow.ts'
import { lineage } from './lineage.ts'
import { metric, tag } from './run.ts'
import type { Run } from './run.ts'
import { arrivedWords, lateRate, percent, rocAuc, scoreFlights } from './scoring.ts'
import type { Screen } from './screen.ts'
import type { Twinloop } from './twinloop.ts'

/** What the chapters of the story stand on. */
export interface Stage {
  readonly twinloop: Twinloop
  readonly screen: Screen
  /** The example's folder, with its YAML, data and request. */
  readonly folder: string
  readonly signal: AbortSignal
  /** Commands that end what was begun here and would go on by itself; to be run last one first. */
  readonly endings: (readonly string[])[]
}

/** The main job, in order. Each chapter says what it did, and throws if it could not. */
export const story: readonly ((stage: Stage) => Promise<void>)[] = [
  checkTools,
  startServer,
  registerData,
  prepareWorkspace,
  train,
  deploy,
  score,
]

async function checkTools({ screen }: Stage): Promise<void> {
  const python = execFileSync('python3', ['--version'], { encoding: 'utf8' }).trim()
  screen.done('tools', `Node ${process.versions.node}, ${python}`)
}

async function startServer({ twinloop, screen, endings }: Stage): Promise<void> {
  const began = performance.now()
  const running = await twinloop.address()
  if (running === undefined) endings.push(['down', '--all'])
  const link = await twinloop.up()
  const url = running === undefined ? `${await twinloop.address()}` : `${running}, up already`
  screen.done('Twinloop', url, performance.now() - began)
  screen.line(`   sign in: ${link}  (works once)`)
}

async function registerData({ twinloop, screen, folder }: Stage): Promise<void> {
  const began = performance.now()
  const evaluated = await watchContract(twinloop, 'flights')
  await twinloop.command('data-contract', 'create', '--file', 'contract.yml')
  const files = readdirSync(join(folder, 'data'))
    .filter((file) => file.endsWith('.parquet'))
    .sort()
  for (const [i, file] of files.entries())
    await twinloop.command(
      'data',
      'create',
      '--file',
      'data.yml',
      '--set',
      `version=${i + 1}`,
      `path=data/${file}`,
    )
  const { rows, words } = await evaluated(files.map((_, i) => String(i + 1)))
  const flights = `${rows.toLocaleString('en')} flights, ${files.length} months, ${words}`
  screen.done('data', `flights:1 … flights:${files.length}   ${flights}`, performance.now() - began)
}

async function prepareWorkspace({ twinloop, screen }: Stage): Promise<void> {
  const began = performance.now()
  await twinloop.command('compute', 'create', '--file', 'compute.yml')
  await twinloop.command('environment', 'create', '--file', 'environment.yml')
  screen.done('workspace', 'compute cpu-cluster, environment flight-delay', performance.now() - began)
}

async function train({ twinloop, screen }: Stage): Promise<void> {
  const submit = () =>
    twinloop.command('job', 'create', '--file', 'pipeline.yml', '--query', 'name', '--output', 'tsv')
  const runs = await followPipeline(twinloop, screen, submit, summary)
  const judged = runs.get('evaluate')
  const registered = runs.get('register')
  if (judged === undefined || registered === undefined)
    throw new Error('The pipeline did not evaluate and register.')

  screen.line()
  screen.line('   on two weeks it never saw      model   baseline')
  for (const name of ['roc_auc', 'pr_auc', 'log_loss', 'brier']) {
    const [model, baseline] = [metric(judged, name), metric(judged, `baseline_${name}`)]
    screen.line(`   ${name.padEnd(26)} ${model.padStart(9)} ${baseline.padStart(10)}`)
  }
  screen.line()
  screen.done('model', await lineage(twinloop, tag(registered, 'model')))
}

/** What a step's line says once it is done. */
function summary(step: string, run: Run): string {
  switch (step) {
    case 'prepare':
      return `${Number(metric(run, 'train_rows')).toLocaleString('en')} flights to learn from`
    case 'train':
      return `roc_auc ${metric(run, 'train_roc_auc')} on what it has seen`
    case 'evaluate':
      return `roc_auc ${metric(run, 'roc_auc')}, slices: ${tag(run, 'slices')}`
    default:
      return tag(run, 'model')
  }
}

async function deploy({ twinloop, screen }: Stage): Promise<void> {
  const began = performance.now()
  await twinloop.command('online-endpoint', 'create', '--file', 'endpoint.yml')
  await twinloop.command('online-deployment', 'create', '--file', 'deployment.yml', '--all-traffic')
  screen.done('endpoint', 'flight-delay, all traffic to blue', performance.now() - began)
  const which = ['--endpoint-name', 'flight-delay', '--name', 'blue', '--query', 'runtime', '--output', 'tsv']
  screen.done('runtime', (await twinloop.command('online-deployment', 'show', ...which)).trim())
}

async function score({ twinloop, screen, folder, signal }: Stage): Promise<void> {
  const endpoint = (verb: string, query: string) =>
    twinloop.command('online-endpoint', verb, '--name', 'flight-delay', '--query', query, '--output', 'tsv')
  const uri = await endpoint('show', 'scoring_uri')
  const key = await endpoint('get-credentials', 'primaryKey')
  const began = performance.now()
  const flights = await scoreFlights(folder, { uri, key, signal })
  screen.done('predictions', `${flights.length} flights of April, POST ${uri}`, performance.now() - began)

  const byChance = flights.toSorted((a, b) => b.chance - a.chance)
  screen.line()
  screen.line('   flight     from  to    scheduled          chance of late   arrived')
  for (const flight of [...byChance.slice(0, 3), ...byChance.slice(-3)]) {
    const schedule = `${flight.from}   ${flight.to}   ${flight.date} ${flight.departs}`
    const chance = percent(flight.chance).padStart(14)
    screen.line(
      `   ${flight.flight.padEnd(10)} ${schedule}   ${chance}   ${arrivedWords(flight.minutes_late)}`,
    )
  }
  const fifth = Math.round(flights.length / 5)
  const [highest, lowest] = [byChance.slice(0, fifth), byChance.slice(-fifth)]
  screen.line()
  screen.line(`   of the fifth given the highest chance ${percent(lateRate(highest))} were late,`)
  screen.line(
    `   of the fifth given the lowest ${percent(lateRate(lowest))}; roc_auc ${rocAuc(flights).toFixed(3)} on April`,
  )
}
