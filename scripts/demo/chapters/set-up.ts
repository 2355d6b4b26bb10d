import { execFileSync } from 'node:child_process'
import { copyFileSync, mkdirSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { watchContract } from './contract.ts'
import { storyFolder } from '../people/people.ts'
import type { Chapter, Stage } from './stage.ts'

export const checkTools: Chapter = async ({ screen }) => {
  const python = execFileSync('python3', ['--version'], { encoding: 'utf8' }).trim()
  screen.done('tools', `Node ${process.versions.node}, ${python}`)
}

export const startServer: Chapter = async ({ twinloop, screen, endings }) => {
  const began = performance.now()
  const running = await twinloop.address()
  if (running === undefined) endings.push(['down', '--all'])
  const link = await twinloop.up()
  const url = running === undefined ? `${await twinloop.address()}` : `${running}, up already`
  screen.done('Twinloop', url, performance.now() - began)
  screen.line(`   sign in: ${link}  (works once)`)
}

/** The months that are known before anything is in production. */
const first = [1, 2, 3]

export const registerData: Chapter = async (stage) => {
  const began = performance.now()
  const { twinloop, screen } = stage
  const evaluated = await watchContract(twinloop, 'flights')
  await twinloop.command('data-contract', 'create', '--file', 'contract.yml')
  for (const month of first) await registerMonth(stage, month)
  await registerSoFar(stage, first.length)
  const { rows, words } = await evaluated(first.map(String))
  const flights = `${rows.toLocaleString('en')} flights of January to March, ${words}`
  screen.done('data', flights, performance.now() - began)
}

/** The airlines' records of a month: a version of `flights`, checked by its contract. */
export async function registerMonth({ twinloop }: Stage, month: number): Promise<void> {
  const set = [`version=${month}`, `path=data/${fileOf(month)}`]
  await twinloop.command('data', 'create', '--file', 'data.yml', '--set', ...set)
}

/** All records up to a month, as one folder: what the pipeline learns from. */
export async function registerSoFar({ twinloop, folder, home }: Stage, last: number): Promise<void> {
  const soFar = join(storyFolder(home), 'so-far')
  rmSync(soFar, { recursive: true, force: true })
  mkdirSync(soFar, { recursive: true })
  for (let month = 1; month <= last; month++)
    copyFileSync(join(folder, 'data', fileOf(month)), join(soFar, fileOf(month)))
  const set = [`version=${last}`, `path=${soFar}`]
  await twinloop.command('data', 'create', '--file', 'so-far.yml', '--set', ...set)
}

const fileOf = (month: number) => `flights-2013-${String(month).padStart(2, '0')}.parquet`

export const prepareWorkspace: Chapter = async ({ twinloop, screen }) => {
  const began = performance.now()
  await twinloop.command('compute', 'create', '--file', 'compute.yml')
  await twinloop.command('environment', 'create', '--file', 'environment.yml')
  await twinloop.command('online-endpoint', 'create', '--file', 'endpoint.yml')
  const made = 'compute cpu-cluster, environment and endpoint flight-delay'
  screen.done('workspace', made, performance.now() - began)
}
