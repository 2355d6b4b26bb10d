import assert from 'node:assert/strict'
import { after, before, describe, test } from 'node:test'
import type { Browser } from 'playwright-core'
import type { TestApp } from '../../src/testing/app.ts'
import { inBothThemes, launch, noBrowser, onTablet, openTab } from './browser.ts'
import { longest, startAssets } from './seed-assets.ts'
import { addReader, oddName } from './seed.ts'

const pages: readonly (readonly [path: string, shows: RegExp])[] = [
  ['/w/dev/data', /delays/],
  ['/w/dev/data?tab=contracts', /Newest version/],
  ['/w/dev/data?tab=transfers', /Nothing was imported or exported yet/],
  ['/w/dev/data/delays', /by version, the newest at the right/],
  ['/w/dev/data/delays/2?tab=checks', /carrier is one of A0, A1 and A2/],
  ['/w/dev/data/diff/delays:1/delays:2', /Columns distributed otherwise/],
  ['/w/dev/data/diff/delays:1/delays:2?view=table', /By chance up to/],
  ['/w/dev/data/diff/delays:1/delays:2?view=missing', /Nothing is missing|95 % intervals after Wilson/],
  ['/w/dev/models', /delay/],
  ['/w/dev/models/delay', /On the way to production/],
  ['/w/dev/models/delay/2', /What its release came to/],
  ['/w/dev/models/delay/2?tab=evaluation', /Precision and recall/],
  ['/w/dev/models/delay/2?tab=card', /Ethical considerations/],
  ['/w/dev/models/delay/2?tab=use', /mlflow\.pyfunc\.load_model/],
  ['/w/dev/models/delay/2?tab=files', /MLmodel/],
  ['/w/dev/models/delay/compare/1/2', /On the same rows/],
  ['/w/dev/environments', /small/],
  ['/w/dev/environments/small', /Packages/],
  ['/w/dev/components', /works/],
  ['/w/dev/components/works/1', /Jobs that use it/],
]

describe('data and models in Studio', { skip: noBrowser ?? false }, () => {
  let t: TestApp
  let browser: Browser
  before(async () => {
    t = await startAssets()
    browser = await launch()
  })
  after(async () => {
    await browser.close()
    await t.end()
  })

  test('two versions of data are compared from the page of one, and what broke the contract is found', async () => {
    const { page, complaints, go } = await openTab(browser, t)
    await go('/w/dev/data/delays')
    await page.getByRole('button', { name: 'Compare' }).click()
    await page.getByRole('dialog').getByRole('button', { name: 'Compare' }).click()
    await page.waitForURL(/\/data\/diff\/delays%3A1\/delays%3A2/)
    await page.getByText('added').waitFor()
    const temp = page.getByRole('region', { name: 'Column temp' })
    await temp.getByText(/Kolmogorov–Smirnov 0\.4000; by chance up to/).waitFor()
    await temp.getByRole('button', { name: 'View as table' }).click()
    await temp.getByRole('cell', { name: '0.0 %' }).first().waitFor()
    const carrier = page.getByRole('region', { name: 'Column carrier' })
    await carrier.getByText('1 new').waitFor()
    await page.getByLabel('Filter columns').fill('carr')
    await temp.waitFor({ state: 'detached' })
    await page.reload()
    await carrier.waitFor()
    assert.equal(await temp.count(), 0, 'the address has the filter')

    await go('/w/dev/data/delays')
    await page.getByRole('link', { name: 'version 2: Fail' }).click()
    await page.getByText(/100 of 500 values/).waitFor()
    await page.getByRole('region', { name: /rows/ }).getByRole('cell', { name: 'ZZ' }).first().waitFor()
    assert.deepEqual(complaints, [])
  })

  test('a version is compared with the champion: on the same rows, and by what callers notice', async () => {
    const { page, complaints, go } = await openTab(browser, t)
    await go('/w/dev/models/delay/2')
    await page.getByRole('link', { name: 'against the champion' }).click()
    await page.getByText('version 2 less version 1, paired').waitFor()
    await page.getByText('0.05000 to 0.1500').waitFor()
    await page.getByText('gone: double').waitFor()
    await page.getByText('new: double').waitFor()
    await page.getByRole('cell', { name: '+0.1000 better' }).waitFor()
    assert.deepEqual(complaints, [])
  })

  test('a threshold is moved, and the address keeps it', async () => {
    const { page, complaints, go } = await openTab(browser, t)
    await go('/w/dev/models/delay/2?tab=evaluation&thr=0.3')
    await page.getByText('At threshold 0.30').waitFor()
    const recall = page.getByRole('row', { name: /Recall/ }).first()
    const before = await recall.innerText()
    await page.getByRole('slider', { name: 'Threshold' }).focus()
    for (let i = 0; i < 20; i++) await page.keyboard.press('ArrowRight')
    await page.getByText('At threshold 0.50').waitFor()
    assert.notEqual(await recall.innerText(), before)
    assert.ok(!page.url().includes('thr='), 'the default is not written')
    await page
      .getByText(`of 3,000 rows`)
      .or(page.getByText(/3,000 rows of held-out:1/))
      .first()
      .waitFor()
    await page.getByText(oddName.slice(0, 10)).first().waitFor()
    assert.deepEqual(complaints, [])
  })

  test('an alias is set and taken away again, by who may', async () => {
    const { page, complaints, go } = await openTab(browser, t)
    await go('/w/dev/models/delay/2')
    await page.getByRole('button', { name: 'Set alias' }).click()
    await page.getByRole('dialog').getByRole('textbox').fill('night')
    await page.getByRole('dialog').getByRole('button', { name: 'Set alias' }).click()
    await page.getByText('night means delay:2 now').waitFor()
    await go('/w/dev/models/delay')
    await page.getByRole('button', { name: 'Take night from version 2' }).click()
    await page.getByText('night → 2').waitFor({ state: 'detached' })
    const { body } = await t.send('GET', `${t.workspace}/models/delay`)
    assert.equal((body.properties as { aliases: Record<string, string> }).aliases['night'], undefined)
    assert.deepEqual(complaints, [])

    const reader = await openTab(browser, t, { token: await addReader(t) })
    await reader.go('/w/dev/models/delay/2')
    const button = reader.page.getByRole('button', { name: 'Set alias' })
    assert.equal(await button.getAttribute('aria-disabled'), 'true')
    await reader.go('/w/dev/data/delays')
    assert.equal(
      await reader.page.getByRole('button', { name: 'Compare' }).getAttribute('aria-disabled'),
      'true',
    )
    assert.deepEqual(reader.complaints, [])
  })

  test('a card is written, and a version archived and brought back', async () => {
    const { page, complaints, go } = await openTab(browser, t)
    await go('/w/dev/models/delay/1?tab=card')
    await page.getByRole('button', { name: 'Write' }).click()
    await page.getByLabel('Intended use').fill(oddName)
    await page.getByRole('button', { name: 'Save card' }).click()
    await page.getByText('The card is written').waitFor()
    await page.getByRole('definition').getByText(oddName).first().waitFor()
    const { body } = await t.send('POST', `${t.workspace}/models/delay/versions/1/card`, {})
    assert.equal(
      (body as unknown as { card: { authored: object } }).card.authored['intended_use' as never],
      oddName,
    )
    await page.getByRole('button', { name: 'More' }).click()
    await page.getByRole('menuitem', { name: 'Archive' }).click()
    await page.getByText('archived', { exact: true }).waitFor()
    await page.getByRole('button', { name: 'More' }).click()
    await page.getByRole('menuitem', { name: 'Restore' }).click()
    await page.getByText('archived', { exact: true }).waitFor({ state: 'detached' })
    assert.deepEqual(complaints, [])
  })

  test('whatever things are called, pages hold them, in both themes and on a tablet', async () => {
    const own = [
      ...pages,
      [`/w/dev/data/${longest}/1`, /Columns/],
      [`/w/dev/models/${longest}`, /Versions/],
    ] as const
    const wrong: string[] = []
    const { page, complaints, go } = await openTab(browser, t)
    await go('/w/dev/data/diff/delays:1/delays:2')
    const compare = page.getByRole('button', { name: 'Compare', exact: true })
    await compare.or(page.getByText('Schema')).first().waitFor()
    if (await compare.isVisible()) await compare.click()
    for (const [path, shows] of own) {
      await go(path)
      await page.getByText(shows).first().waitFor({ timeout: 15_000 })
      const found = [...(await inBothThemes(page)), ...(await onTablet(page)), ...complaints.splice(0)]
      wrong.push(...found.map((line) => `${path} ${line}`))
    }
    assert.equal(wrong.join('\n'), '')
  })
})
