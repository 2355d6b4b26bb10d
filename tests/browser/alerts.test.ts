import assert from 'node:assert/strict'
import type { Browser } from 'playwright-core'
import { after, before, describe, test } from 'node:test'
import type { TestApp } from '../../src/testing/app.ts'
import { inBothThemes, launch, noBrowser, onTablet, openTab } from './browser.ts'
import { startWithAlerts } from './seed-alerts.ts'

describe('alerts in Studio', { skip: noBrowser ?? false }, () => {
  let t: TestApp
  let browser: Browser
  before(async () => {
    t = await startWithAlerts()
    browser = await launch()
  })
  after(async () => {
    await browser.close()
    await t.end()
  })

  test('a rule is written by its form, tried on the past as it is written, and fires', async () => {
    const { page, complaints, go } = await openTab(browser, t)
    await go('/w/dev/alerts/rules')
    await page.getByRole('link', { name: 'New rule' }).click()
    await page.getByLabel('Name', { exact: true }).fill('queue-is-long')
    await page.getByRole('combobox', { name: 'Metric' }).fill('queue_l')
    await page.getByRole('option', { name: 'queue_length' }).click()
    await page.getByRole('combobox', { name: 'Its' }).click()
    await page.getByRole('option', { name: 'avg' }).click()
    await page.getByRole('textbox', { name: 'Limit' }).fill('100')
    await page.getByLabel('Has to hold for').fill('')
    await page.getByLabel('Over', { exact: true }).fill('1m')
    const apart = page.getByRole('combobox', { name: 'An alert for each' })
    await apart.press('Backspace')
    await apart.fill('queue')
    await apart.press('Enter')
    await page.getByText('Would not have fired in 30 days.').waitFor()
    await page.getByRole('textbox', { name: 'Limit' }).fill('10')
    await page.getByText(/Would have fired 2 times in 30 days, .*and would still\./).waitFor()
    await page
      .getByRole('img', { name: /average of queue_length: .*the limit is > 10; it fired 2 times/ })
      .waitFor()
    // The form and the text beside it are the same rule.
    const text = page.getByRole('textbox', { name: 'alert rule as YAML' })
    await text.getByText('queue_length').waitFor()
    // The text completes by what is measured, and marks what is wrong.
    await text.getByText('queue_length').click()
    await page.keyboard.press('End')
    await page.keyboard.press('Control+Shift+ArrowLeft')
    await page.keyboard.type('jobs')
    await page.keyboard.press('Control+Space')
    await page.getByRole('option', { name: /^jobs_waiting/ }).waitFor()
    await page.keyboard.type('_waiting')
    await page.getByText(/^Fires when average of jobs_waiting > 10/).waitFor()
    await page.getByRole('combobox', { name: 'Metric' }).fill('queue_length')
    await page.getByRole('button', { name: 'Create alert rule' }).click()
    await page.getByRole('heading', { name: 'queue-is-long' }).waitFor()
    await page.getByText('Fires when average of queue_length > 10 over 1m, for each queue.').waitFor()
    // It fires at once, and nobody reloads to see it.
    await page.getByRole('table', { name: 'incidents' }).getByText('#2').waitFor()
    assert.deepEqual(complaints, [])
  })

  test('an incident is acknowledged, its action approved and its alert silenced', async () => {
    const { page, complaints, go } = await openTab(browser, t)
    await go('/w/dev/alerts')
    await page.getByRole('link', { name: /^Incident 1: max of jobs_waiting 30 > 10/ }).click()
    await page.getByRole('img', { name: /max of jobs_waiting: / }).waitFor()
    await page.getByRole('button', { name: 'Acknowledge' }).click()
    await page.getByLabel('Comment').fill('the loader hangs')
    await page.getByRole('button', { name: 'Acknowledge incident' }).click()
    await page.getByText('acknowledged: the loader hangs').waitFor()

    await page.getByRole('button', { name: 'Approve' }).click()
    await page.getByLabel('Comment').fill('tell her')
    await page.getByRole('button', { name: 'Approve action' }).click()
    await page.getByText('approved: tell her').waitFor()

    await page.getByRole('button', { name: 'Silence…' }).click()
    const dialog = page.getByRole('dialog')
    await dialog.getByText(/^1 of \d alerts? that fires? now/).waitFor()
    await dialog.getByLabel('Which alerts').fill('alertname="another"')
    await dialog.getByText(/^None of \d alerts? that fires? now/).waitFor()
    await dialog.getByLabel('Which alerts').fill('alertname="jobs-wait"')
    await dialog.getByLabel('Reason').fill('it is being mended')
    await dialog.getByRole('button', { name: 'Silence alerts' }).click()
    await page.getByText(/^nobody is told: silence jobs-wait-\d+ until/).waitFor()
    await go('/w/dev/alerts?show=silenced')
    await page.getByRole('link', { name: /^Incident 1:/ }).waitFor()
    await go('/w/dev/alerts/silences')
    await page.getByText('it is being mended').waitFor()
    await page.getByRole('button', { name: 'End…' }).first().click()
    await page.getByRole('button', { name: 'End silence' }).click()
    await page.getByText('it is being mended').waitFor({ state: 'detached' })
    assert.deepEqual(complaints, [])
  })

  test('a proposed change is seen as a difference and made under the rights of who approves it', async () => {
    const { page, complaints, go } = await openTab(browser, t)
    await go('/w/dev/alerts/proposals')
    await page.getByRole('link', { name: 'cpu' }).click()
    await page.getByRole('region', { name: 'Difference of cpu' }).getByText('maxNodeCount: 4').waitFor()
    await page.getByRole('button', { name: 'Approve' }).click()
    await page.getByRole('button', { name: 'Approve and make it' }).click()
    await page.getByText('Made', { exact: true }).waitFor()
    const { body } = await t.send('GET', `${t.workspace}/computes/cpu`)
    assert.equal(body.properties.properties.scaleSettings.maxNodeCount, 4)
    assert.deepEqual(complaints, [])
  })

  test('every page complains of nothing, can be used by everybody in both themes, and fits a tablet', async () => {
    const { page, complaints, go } = await openTab(browser, t)
    const pages: readonly (readonly [path: string, shows: RegExp])[] = [
      ['/w/dev/alerts', /queue-is-long/],
      ['/w/dev/alerts?by=none&show=firing,silenced,inhibited,resolved', /jobs-wait/],
      ['/w/dev/alerts/1', /propose_change/],
      ['/w/dev/alerts/rules', /max of jobs_waiting/],
      ['/w/dev/alerts/rules/jobs-wait?t=1', /What it does/],
      [
        `/w/dev/make/alert-rule?t=1&id=${encodeURIComponent(`${t.workspace}/providers/Twinloop/alertRules/jobs-wait`)}`,
        /Would have fired/,
      ],
      ['/w/dev/alerts/silences', /the database is upgraded/],
      ['/w/dev/alerts/routing', /ops@example.org/],
      ['/w/dev/alerts/proposals', /jobs wait/],
    ]
    const wrong: string[] = []
    for (const [path, shows] of pages) {
      await go(path)
      await page.getByText(shows).first().waitFor()
      const found = [...(await inBothThemes(page)), ...(await onTablet(page)), ...complaints.splice(0)]
      wrong.push(...found.map((line) => `${path} ${line}`))
    }
    assert.equal(wrong.join('\n'), '')
  })
})
