import assert from 'node:assert/strict'
import type { Browser } from 'playwright-core'
import { after, before, describe, test } from 'node:test'
import { seedJobs } from '../../bench/studio/seed-jobs.ts'
import { seedRuns } from '../../bench/studio/seed-runs.ts'
import { startTestApp, type TestApp } from '../../src/testing/app.ts'
import { ownPython, useOwnPython } from '../../src/testing/own-python.ts'
import { axe, launch, noBrowser, openTab } from './browser.ts'

const many = 3000
const command = { jobType: 'Command', environmentId: ownPython, command: 'true' }
const oddName = 'רכבת 🛫 <b>late</b>'

describe('lists of thousands of jobs and runs', { skip: noBrowser ?? false }, () => {
  let t: TestApp
  let browser: Browser
  let runs = ''
  before(async () => {
    t = await startTestApp()
    useOwnPython(t.home)
    await seedJobs(t.app.platform.store, t.workspace, many)
    await seedRuns(t.app.platform.store, t.workspace, { runs: many, points: 5000 })
    const found = await t.send(
      'GET',
      `/mlflow/v2.0${t.workspace}/api/2.0/mlflow/experiments/get-by-name?experiment_name=many%20runs`,
    )
    runs = `/w/dev/experiments/${found.body.experiment.experiment_id}`
    browser = await launch()
  })
  after(async () => {
    await browser.close()
    await t.end()
  })

  test('are paged, filtered and ordered by the server, and never whole in the browser', async () => {
    const { page, complaints, go } = await openTab(browser, t)
    let most = 0
    page.on('response', (response) => {
      const top = new URL(response.url()).searchParams.get('$top')
      if (/\/jobs\?/.test(response.url())) most = Math.max(most, Number(top ?? 1000))
    })
    await go('/w/dev/jobs')
    const counted = (text: RegExp) => page.locator('[data-asked=true]', { hasText: text }).waitFor()
    await counted(/^3,000/)
    assert.ok((await page.locator('[data-index]').count()) < 80)
    await page.evaluate("document.querySelector('[role=region][aria-label=jobs]').scrollTop = 1e9")
    await page.locator(`[data-index="${many - 1}"] a`).waitFor()
    await page.getByLabel('Filter jobs').fill('nightly')
    await counted(/^\d+ match/)
    await page.getByRole('columnheader', { name: 'Status' }).getByRole('button').click()
    await page.waitForURL(/sort=status/)
    await page.locator('[data-index="0"]', { hasText: 'Canceled' }).waitFor()
    assert.ok(most <= 60, `a page of ${most} jobs was asked for`)
    assert.deepEqual(complaints, [])
  })

  test('tell of what is new, and show it when asked', async () => {
    const { page, go } = await openTab(browser, t)
    await go('/w/dev/jobs')
    await page.getByText('Live', { exact: true }).waitFor()
    const first = await page.locator('[data-index="0"] a').getAttribute('href')
    const made = await t.send('PUT', `${t.workspace}/jobs/newcomer`, {
      properties: { ...command, displayName: oddName },
    })
    assert.equal(made.status, 201, JSON.stringify(made.body))
    await page.getByRole('button', { name: '1 new' }).waitFor()
    assert.equal(await page.locator('[data-index="0"] a').getAttribute('href'), first)
    await page.getByRole('button', { name: '1 new' }).click()
    await page.locator('[data-index="0"]', { hasText: oddName }).waitFor()
  })

  test('by keys: rows are walked, selected, looked at in short and closed again', async () => {
    const { page, go } = await openTab(browser, t)
    await go('/w/dev/jobs?status=Failed')
    await page.locator('[data-index="0"] a').focus()
    await page.keyboard.press('x')
    await page.keyboard.press('j')
    await page.keyboard.press('x')
    await page.getByText('2 selected').waitFor()
    await page.keyboard.press('o')
    await page
      .getByRole('complementary', { name: /in short/ })
      .getByText('ValueError: no rows')
      .waitFor()
    const peeked = new URL(page.url()).searchParams.get('peek')
    await page.keyboard.press('j')
    await page.waitForURL((url) => url.searchParams.get('peek') !== peeked)
    assert.deepEqual(await axe(page), [])
    await page.keyboard.press('Escape')
    await page.getByRole('complementary', { name: /in short/ }).waitFor({ state: 'detached' })
    await page.getByRole('link', { name: 'Compare jobs' }).click()
    await page.getByText('What they were asked to do').waitFor()
  })

  test('views are kept under names, and survive columns that are gone', async () => {
    const { page, go } = await openTab(browser, t)
    await go('/w/dev/jobs?status=Failed&sort=name')
    await page.getByRole('button', { name: 'Views' }).click()
    await page.getByLabel('Name of the view').fill('broken')
    await page.getByRole('button', { name: 'Keep', exact: true }).click()
    await page.getByRole('button', { name: 'broken' }).waitFor()
    await go('/w/dev/jobs?cols=name,colour')
    await page.getByText(/1 column of this view is not here: colour/).waitFor()
    await page.getByRole('button', { name: 'Views' }).click()
    await page.getByRole('button', { name: 'broken', exact: true }).click()
    await page.waitForURL(/status=Failed/)
    assert.equal(
      await page.getByRole('columnheader', { name: 'Name' }).getAttribute('aria-sort'),
      'ascending',
    )
  })

  for (const theme of ['light', 'dark'] as const)
    test(`runs are found by what they logged and compared, in the ${theme}`, async () => {
      const { page, complaints, go } = await openTab(browser, t, { theme })
      await go(`${runs}?filter=${encodeURIComponent('metrics.roc_auc > 0.7')}&sort=-metric.roc_auc`)
      await page.locator('[data-asked=true]', { hasText: /match/ }).waitFor()
      await page.locator('[data-index="0"] a').focus()
      for (const key of ['x', 'j', 'x', 'j', 'x']) await page.keyboard.press(key)
      await page.getByRole('link', { name: 'Compare 3 runs' }).click()
      await page.getByRole('heading', { name: 'Compare 3 runs' }).waitFor()
      await page.getByRole('rowheader', { name: 'learning_rate' }).waitFor()
      assert.equal(await page.getByRole('rowheader', { name: 'n_estimators' }).count(), 0)
      await page.getByRole('radio').nth(1).check()
      await page.waitForURL(/base=/)
      assert.deepEqual([...(await axe(page)), ...complaints], [])
    })

  test('a long history leaves out no point, and says how it is drawn', async () => {
    const { page, go } = await openTab(browser, t)
    const newest = (many - 1).toString(16).padStart(32, '0')
    await go(`${runs}/${newest}?smooth=0.9`)
    await page
      .getByText(/5,000 points in \d+ parts: their means, and from least to greatest as a band/)
      .waitFor()
    await page.getByRole('img', { name: /^loss: this run ends at/ }).waitFor()
    assert.deepEqual(await axe(page), [])
  })

  test('a schedule is paused and let go on where it is seen', async () => {
    const trigger = {
      triggerType: 'Recurrence',
      frequency: 'Day',
      interval: 1,
      startTime: '2099-01-01T06:00:00',
    }
    const action = { actionType: 'CreateJob', jobDefinition: command }
    const made = await t.send('PUT', `${t.workspace}/schedules/nightly`, { properties: { trigger, action } })
    assert.ok(made.status < 300, JSON.stringify(made.body))
    const { page, complaints, go } = await openTab(browser, t)
    await go('/w/dev/schedules')
    await page.getByRole('link', { name: 'nightly' }).click()
    await page.getByText('It has made no job yet').waitFor()
    await go('/w/dev/schedules/nightly')
    await page.getByRole('button', { name: 'Pause' }).click()
    await page.getByText('Paused', { exact: true }).first().waitFor()
    assert.deepEqual([...(await axe(page)), ...complaints], [])
  })
})
