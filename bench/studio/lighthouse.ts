// What Lighthouse says of Studio's pages on the data that `npm run demo` has left behind (examples/flights/.twinloop, or
// TWINLOOP_HOME), on its desktop preset: a page that nobody has opened before, with simulated network and processor.
import { execFile } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { cpus, loadavg, tmpdir, totalmem } from 'node:os'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { promisify } from 'node:util'
import { chromium } from 'playwright-core'
import { findChromium } from '../../src/testing/chromium.ts'
import { freePort } from '../../src/testing/postgres.ts'
import { nodePackage } from '../../src/testing/test-cache.ts'
import { shown } from '../figures.ts'

const version = '13.5.0'
const root = join(import.meta.dirname, '../..')
const home = process.env['TWINLOOP_HOME'] ?? join(root, 'examples/flights/.twinloop')
const paths = process.argv.slice(2)
const pages =
  paths.length > 0
    ? paths
    : [
        '/w/dev',
        '/w/dev/data/flights/1',
        '/w/dev/experiments/1',
        '/w/dev/jobs',
        '/w/dev/models/flight-delay/2',
        '/w/dev/releases/flight-delay/2',
        '/w/dev/endpoints/flight-delay',
        '/w/dev/monitoring/flight-delay',
        '/w/dev/alerts/1',
        '/w/dev/admin',
        '/w/dev/make/release-plan',
      ]

interface Audit {
  readonly numericValue?: number
}
interface Report {
  readonly categories: Readonly<Record<string, { readonly score: number | null }>>
  readonly audits: Readonly<Record<string, Audit>>
}
type Lighthouse = (
  url: string,
  flags: object,
  config: object,
) => Promise<{ readonly lhr: Report } | undefined>

const run = promisify(execFile)
const twinloop = (...words: readonly string[]) =>
  run(process.execPath, [join(root, 'src/main.ts'), ...words], {
    env: { ...process.env, TWINLOOP_HOME: home },
  })

const modules = await nodePackage(`lighthouse@${version}`)
const load = async (file: string) =>
  (await import(pathToFileURL(join(modules, 'lighthouse/core', file)).href)) as { readonly default: unknown }
const lighthouse = (await load('index.js')).default as Lighthouse
const desktop = (await load('config/desktop-config.js')).default as object

const found = await findChromium()
if (found === undefined) throw new Error('There is no Chromium to measure with.')
const profile = mkdtempSync(join(tmpdir(), 'twinloop-bench-'))
const port = await freePort()
const { stdout } = await twinloop('up', '--detach', '--port', '0', '--https-port', '0', '--gateway-port', '0')
const { http: base } = JSON.parse(stdout) as { readonly http: string }
try {
  const context = await chromium.launchPersistentContext(profile, {
    executablePath: found.executablePath,
    env: { ...process.env, ...found.env },
    args: ['--headless', '--no-sandbox', '--disable-gpu', `--remote-debugging-port=${port}`],
  })
  const answer = await fetch(`${base}/sign-in-links`, {
    method: 'POST',
    headers: { authorization: `Bearer ${readFileSync(join(home, 'token'), 'utf8').trim()}` },
  })
  const { url: link } = (await answer.json()) as { readonly url: string }
  await (await context.newPage()).goto(link)

  console.log(
    `Lighthouse ${version}, desktop preset; ${cpus().length} × ${cpus()[0]?.model.trim() ?? ''}, ${Math.round(totalmem() / 2 ** 30)} GiB, load ${loadavg().map(shown).join(' ')}, Node ${process.versions.node}\n`,
  )
  console.log(
    '| page | performance | accessibility | best practices | first paint | largest paint | blocked | shift |',
  )
  console.log(`| ${Array.from({ length: 8 }, () => '---').join(' | ')} |`)
  for (const path of pages) {
    const result = await lighthouse(
      `${base}${path}`,
      { port, disableStorageReset: true, logLevel: 'error' },
      desktop,
    )
    if (result === undefined) throw new Error(`Lighthouse says nothing of ${path}.`)
    const { categories, audits } = result.lhr
    const score = (name: string) => shown(100 * (categories[name]?.score ?? Number.NaN))
    const value = (name: string) => audits[name]?.numericValue ?? Number.NaN
    const cells = [
      path.replace('/w/dev', '') || 'Home',
      `**${score('performance')}**`,
      score('accessibility'),
      score('best-practices'),
      `${shown(value('first-contentful-paint') / 1000)} s`,
      `${shown(value('largest-contentful-paint') / 1000)} s`,
      `${shown(value('total-blocking-time'))} ms`,
      shown(value('cumulative-layout-shift')),
    ]
    console.log(`| ${cells.join(' | ')} |`)
  }
  await context.close()
} finally {
  await twinloop('down')
  rmSync(profile, { recursive: true, force: true })
}
