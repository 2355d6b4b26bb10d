import assert from 'node:assert/strict'
import { execFile } from 'node:child_process'
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { after, before, describe, test } from 'node:test'
import { promisify } from 'node:util'
import type { Browser, Page } from 'playwright-core'
import { axe, launch, noBrowser, openTabAt } from '../browser/browser.ts'
import { crawl, patterns } from './crawl.ts'

// Every page of Studio on what `npm run demo` has left behind. With TWINLOOP_SHOTS=FOLDER each is photographed, too.

const root = join(import.meta.dirname, '../..')
const home = process.env['TWINLOOP_HOME'] ?? join(root, 'examples/flights/.twinloop')
const shots = process.env['TWINLOOP_SHOTS']
/** Where one comes by choosing or by a button, not by a link. */
const chosen = [
  'data/diff/flights:1/flights:2',
  'models/flight-delay/compare/1/2',
  'compare-jobs',
  'experiments/compare',
]
/** Of what the demo has none. */
const lacking = ['endpoints/batch/$endpoint', 'components/$name', 'components/$name/$version']
const run = promisify(execFile)
const twinloop = (...words: readonly string[]) =>
  run(process.execPath, [join(root, 'src/main.ts'), ...words], {
    env: { ...process.env, TWINLOOP_HOME: home },
  })

describe('Studio on the data of the demo', { skip: noBrowser ?? false }, () => {
  let url = ''
  let browser: Browser
  before(async () => {
    const ports = ['--port', '0', '--https-port', '0', '--gateway-port', '0']
    const { stdout } = await twinloop('up', '--detach', ...ports)
    ;({ http: url } = JSON.parse(stdout) as { http: string })
    browser = await launch()
  })
  after(async () => {
    await browser.close()
    await twinloop('down')
  })

  test('every page is reached by links from Home, complains of nothing and can be used by everybody, in both themes', async () => {
    const token = readFileSync(join(home, 'token'), 'utf8').trim()
    const { page, complaints, go } = await openTabAt(browser, { url, token }, { width: 1440 })
    await go('/w/dev')
    const wrong: string[] = []
    const seen = await crawl(page, {
      base: '/w/dev',
      chosen,
      most: 1,
      async look({ address, pattern }) {
        for (const colorScheme of ['light', 'dark'] as const) {
          await page.emulateMedia({ colorScheme })
          wrong.push(...(await axe(page)).map((line) => `${address} (${colorScheme}) ${line}`))
          if (shots !== undefined) await photograph(page, pattern, join(shots, colorScheme))
        }
        const over = await page.evaluate<number>('document.documentElement.scrollWidth - innerWidth')
        if (over > 0) wrong.push(`${address} is ${over} pixels wider than the window`)
        wrong.push(...complaints.splice(0).map((line) => `${address} ${line}`))
      },
    })
    const reached = new Set(seen.map(({ pattern }) => pattern))
    const missed = patterns.filter((one) => !reached.has(one) && !lacking.includes(one))
    wrong.push(...missed.map((one) => `no link leads to ${one}`))
    assert.equal(wrong.join('\n'), '')
  })
})

/** What the window shows, as a file named by the page's pattern and tab. */
async function photograph(page: Page, pattern: string, folder: string): Promise<void> {
  const tab = new URL(page.url()).searchParams.get('tab')
  const words = pattern.replaceAll(/[$/]+/g, '-').replace(/^-$/, '') || 'home'
  mkdirSync(folder, { recursive: true })
  const devtools = await page.context().newCDPSession(page)
  const { data } = await devtools.send('Page.captureScreenshot', { format: 'webp', quality: 82 })
  await devtools.detach()
  writeFileSync(
    join(folder, `${tab === null ? words : `${words}--${tab}`}.webp`),
    Buffer.from(data, 'base64'),
  )
}
