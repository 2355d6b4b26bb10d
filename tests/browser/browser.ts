import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { chromium, type Browser, type Page } from 'playwright-core'
import type { TestApp } from '../../src/testing/app.ts'
import { findChromium } from '../../src/testing/chromium.ts'

const found = await findChromium()

/** Why there is no browser to test with; undefined if there is one. */
export const noBrowser =
  found === undefined ? 'there is no Chromium here: install one, or name it by TWINLOOP_CHROMIUM' : undefined

/** A Chromium of its own, with an empty profile, that asks nobody for anything. */
export const launch = (): Promise<Browser> =>
  chromium.launch({
    executablePath: found?.executablePath ?? '',
    env: { ...process.env, ...found?.env },
    args: [
      '--headless',
      '--no-sandbox',
      '--disable-gpu',
      '--disable-quic',
      '--no-first-run',
      '--disable-background-networking',
      '--disable-component-update',
      '--disable-sync',
    ],
  })

/** A tab, with all that it complained of. */
export interface Tab {
  readonly page: Page
  /** Errors of the page, requests to other origins and answers of 4xx and 5xx, as they come. */
  readonly complaints: string[]
  /** Goes to a path of Studio and waits until it has settled. */
  readonly go: (path: string) => Promise<void>
}

interface Look {
  readonly theme?: 'light' | 'dark'
  readonly width?: number
}

/** A tab of a new visitor; `token`: of whom it is signed in as, by a link as the command line prints it. */
export const openTab = (
  browser: Browser,
  t: TestApp,
  { token = t.token, ...look }: Look & { readonly token?: string | undefined } = {},
): Promise<Tab> => openTabAt(browser, { url: t.app.platform.urls.http, token }, look)

/** As `openTab`, at a server of which only the address is known. */
export async function openTabAt(
  browser: Browser,
  { url: base, token }: { readonly url: string; readonly token: string },
  { theme = 'light', width = 1280 }: Look = {},
): Promise<Tab> {
  const context = await browser.newContext({
    viewport: { width, height: 900 },
    colorScheme: theme,
    reducedMotion: 'reduce',
    timezoneId: 'UTC',
    locale: 'en-GB',
  })
  const page = await context.newPage()
  page.setDefaultTimeout(10_000)
  const complaints: string[] = []
  page.on('pageerror', (error) => complaints.push(`threw: ${error.message}`))
  page.on('console', (message) => {
    if (message.type() === 'error' && !/Failed to load resource/.test(message.text()))
      complaints.push(message.text())
  })
  page.on('request', (request) => {
    if (/^https?:/.test(request.url()) && !request.url().startsWith(base))
      complaints.push(`asked ${request.url()}`)
  })
  page.on('response', (response) => {
    if (response.status() >= 400) complaints.push(`${response.status()} ${response.url().slice(base.length)}`)
  })
  if (token !== '') {
    const answer = await fetch(`${base}/sign-in-links`, {
      method: 'POST',
      headers: { authorization: `Bearer ${token}` },
    })
    assert.equal(answer.status, 201)
    await page.goto(((await answer.json()) as { url: string }).url)
  }
  return {
    page,
    complaints,
    async go(path) {
      await page.goto(`${base}${path}`)
      await settled(page)
    },
  }
}

/** Waits until nothing is being loaded any more: no skeletons, no lazy parts, fonts there. */
export async function settled(page: Page): Promise<void> {
  await page.locator('h1').first().waitFor()
  const loading = page.locator('[role=status][aria-label=Loading]')
  while ((await loading.count()) > 0) await loading.first().waitFor({ state: 'detached' })
  await page.evaluate('document.fonts.ready.then(() => undefined)')
}

const axeSource = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8')

interface Violation {
  readonly id: string
  readonly help: string
  readonly nodes: readonly { readonly html: string; readonly failureSummary?: string }[]
}

/** What axe finds against WCAG 2.2 A and AA, a line for each node. */
export async function axe(page: Page): Promise<readonly string[]> {
  // Evaluated, not put in as a script: the page's policy would refuse that, as it should.
  await page.evaluate(axeSource)
  const tags = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa']
  const options = JSON.stringify({ runOnly: { type: 'tag', values: tags } })
  const { violations } = await page.evaluate<{ violations: readonly Violation[] }>(
    `axe.run(document, ${options})`,
  )
  return violations.flatMap(({ id, help, nodes }) =>
    nodes.map(
      ({ html, failureSummary = '' }) =>
        `${id}: ${help}\n  ${html.slice(0, 200)}\n  ${failureSummary.replaceAll('\n', ' ').slice(0, 300)}`,
    ),
  )
}

/** What axe finds on a page in the light and in the dark; it is left in the light. */
export async function inBothThemes(page: Page): Promise<readonly string[]> {
  const found: string[] = []
  for (const colorScheme of ['dark', 'light'] as const) {
    await page.emulateMedia({ colorScheme })
    found.push(...(await axe(page)).map((line) => `(${colorScheme}) ${line}`))
  }
  return found
}

/** Says so if a page is wider than a tablet held upright; its width is what it was afterwards. */
export async function onTablet(page: Page): Promise<readonly string[]> {
  const before = page.viewportSize()
  await page.setViewportSize({ width: 768, height: 1024 })
  const over = await page.evaluate<number>('document.documentElement.scrollWidth - innerWidth')
  if (before !== null) await page.setViewportSize(before)
  return over <= 0 ? [] : [`is ${over} pixels wider than a tablet`]
}
