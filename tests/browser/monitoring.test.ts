import assert from 'node:assert/strict'
import type { Browser } from 'playwright-core'
import { after, before, describe, test } from 'node:test'
import type { TestApp } from '../../src/testing/app.ts'
import { inBothThemes, launch, noBrowser, onTablet, openTab } from './browser.ts'
import { addReader } from './seed.ts'
import { startWithMonitor } from './seed-monitoring.ts'

const monitor = '/w/dev/monitoring/trips'

const pages: readonly (readonly [path: string, shows: RegExp])[] = [
  ['/w/dev/monitoring', /2 of 2/],
  [monitor, /2 of 2 features beyond/],
  [`${monitor}?tab=runs`, /Retry/],
  [`${monitor}/inputs`, /By part of the rows/],
  [`${monitor}/inputs?slice=kind%3Dday`, /of kind day/],
  [`${monitor}/performance`, /balanced_accuracy/],
  [`${monitor}/inputs/distance`, /Share of rows by value/],
  [`${monitor}/inputs/distance?as=ecdf&thr=0.1`, /Share of values up to a value/],
  [`${monitor}/inputs/city?bar=Bern+(new)`, /40 rows of the window/],
  [`${monitor}/quality/city`, /out_of_bounds_rate/],
  [`${monitor}/inputs/none`, /has no values of 'none'/],
  [`${monitor}/none`, /The monitor has no signal 'none'/],
]

describe('monitoring in Studio', { skip: noBrowser ?? false }, () => {
  let t: TestApp
  let browser: Browser
  before(async () => {
    t = await startWithMonitor()
    browser = await launch()
  })
  after(async () => {
    await browser.close()
    await t.end()
  })

  test('every page of it shows what it is about, can be used by everybody in both themes, and fits a tablet', async () => {
    const { page, complaints, go } = await openTab(browser, t)
    const wrong: string[] = []
    for (const [path, shows] of pages) {
      await go(path)
      await page.getByText(shows).first().waitFor({ timeout: 15_000 })
      const found = [...(await inBothThemes(page)), ...(await onTablet(page)), ...complaints.splice(0)]
      wrong.push(...found.map((line) => `${path} ${line}`))
    }
    assert.equal(wrong.join('\n'), '')
  })

  test('an alert is followed from Home to the feature that has moved, and acted upon', async () => {
    const { page, complaints, go } = await openTab(browser, t)
    await go('/w/dev')
    await page
      .getByRole('link', { name: /trips-have-moved/ })
      .first()
      .click()
    await page.waitForURL(/\/alerts\/\d+/)
    await page.getByRole('link', { name: 'city', exact: true }).first().click()
    await page.waitForURL(/\/monitoring\/trips\/inputs\/city/)
    // What has changed is said, not only drawn; the rows of the new category are behind its bar.
    await page.getByText(/40 rows \(33\.3 %\) have 1 categories that the reference has not: Bern/).waitFor()
    await page
      .getByRole('img', { name: /Bern \(new\) has changed most/ })
      .first()
      .waitFor()
    await page.getByRole('combobox', { name: 'Rows of' }).click()
    await page.getByRole('option', { name: /^Bern \(new\): 40 rows/ }).click()
    await page.getByRole('region', { name: '40 rows' }).getByText('Bern').first().waitFor()
    // The window before was in order: it has no such bar.
    await page.getByRole('button', { name: 'Window before' }).click()
    await page.waitForURL(/t=2026-04-01/)
    await page.getByText('Within', { exact: true }).first().waitFor()
    await page.goBack()
    await page.getByText('Beyond', { exact: true }).first().waitFor()
    await page.getByRole('button', { name: 'Compute again' }).click()
    await page.getByText('The window is computed again').waitFor()
    await page
      .getByRole('link', { name: /trips-have-moved/ })
      .first()
      .click()
    await page.getByRole('button', { name: 'Acknowledge' }).first().click()
    await page.getByLabel('Comment').fill('Bern is new')
    await page.getByRole('button', { name: 'Acknowledge incident' }).click()
    await page.getByText('Acknowledged', { exact: true }).first().waitFor()
    assert.deepEqual(complaints, [])
  })

  test('a threshold is tried on the past, and becomes a rule', async () => {
    const { page, complaints, go } = await openTab(browser, t)
    await go(`${monitor}/inputs/distance?metric=jensen_shannon_distance`)
    await page.getByLabel('Try a threshold').fill('0.3')
    await page.getByText('Above 0.3 in 1 of the last 3 windows with a value, also in the latest.').waitFor()
    await page.waitForURL(/thr=0\.3/)
    await page.getByRole('button', { name: 'Alert on this…' }).click()
    await page.getByRole('link', { name: 'Open in the editor' }).click()
    await page.waitForURL(/\/make\/alert-rule/)
    await page.getByText('distance-jensen-shannon-distance').first().waitFor()
    assert.deepEqual(complaints, [])
  })

  test('a monitor is paused, and looks at a window now', async () => {
    const { page, complaints, go } = await openTab(browser, t)
    await go(monitor)
    await page.getByRole('button', { name: 'Pause' }).click()
    await page.getByText('paused', { exact: true }).waitFor()
    const { body } = await t.send('GET', `${t.workspace}/schedules/trips`)
    assert.equal(body.properties.isEnabled, false)
    await page.getByRole('button', { name: 'Resume' }).click()
    await page.getByRole('button', { name: 'Pause' }).waitFor()
    await page.getByRole('button', { name: 'Backfill…' }).click()
    await page.getByLabel('From').fill('2026-02-01')
    await page.getByLabel('Until').fill('2026-02-02')
    await page.getByRole('button', { name: 'Compute windows' }).click()
    await page.getByText('1 window will be computed').waitFor()
    await page.getByRole('tab', { name: 'Windows' }).click()
    await page.getByRole('table', { name: 'windows' }).getByText('1 Feb 00:00').waitFor()
    assert.deepEqual(complaints, [])
  })

  test('who may not read data sees the bars, and is told about the rows', async () => {
    const token = await addReader(t)
    const { page, complaints, go } = await openTab(browser, t, { token })
    await go(`${monitor}/inputs/city`)
    await page.getByText('Share of rows by category').waitFor()
    const run = page.getByRole('button', { name: 'Compute again' })
    assert.equal(await run.getAttribute('aria-disabled'), 'true')
    assert.deepEqual(complaints, [])
  })
})
