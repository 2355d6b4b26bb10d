import assert from 'node:assert/strict'
import { after, before, describe, test } from 'node:test'
import type { Browser } from 'playwright-core'
import { deliveredModels } from '../../src/release/delivery/testing/delivered-models.ts'
import { startTestApp, type TestApp } from '../../src/testing/app.ts'
import { openLoop } from '../../src/testing/open-loop.ts'
import { axe, launch, noBrowser, openTab } from './browser.ts'

/** So long that it ends by what people do. */
const steps = [
  { mirror: '50%', for: '1s' },
  { weight: '50%', for: '1h' },
]

describe('people release by Studio', { skip: noBrowser ?? false }, () => {
  let t: TestApp
  let browser: Browser
  let models: ReturnType<typeof deliveredModels>
  let calls: ReturnType<typeof openLoop>
  /** Has the plan ask people first. */
  const ask = async (approval: object) => {
    const { properties } = await models.ok('GET', models.planId)
    const [stage] = properties.stages as readonly object[]
    await models.ok('PUT', models.planId, {
      properties: { model: 'flights', stages: [{ ...stage, approval }] },
    })
  }
  before(async () => {
    t = await startTestApp()
    models = deliveredModels(t)
    await models.plan({ steps })
    await models.register(1, {})
    const first = await models.until(1, ({ state }) => state === 'succeeded')
    assert.equal(first.state, 'succeeded')
    await ask({ roles: ['Owner'], not_requester: false })
    const { uri, headers } = await models.address()
    calls = openLoop(uri, { rate: 80, body: '{}', headers: () => headers })
    await models.register(2, {})
    await models.until(2, ({ state }) => state === 'waiting')
    browser = await launch()
  })
  after(async () => {
    await calls.stop()
    await browser.close()
    await t.end()
  })

  test('a version is approved, its canary is watched beside the champion, and it is promoted', async () => {
    const { page, complaints, go } = await openTab(browser, t)
    await go('/w/dev/releases')
    await page.getByText('Requires attention (1)').click()
    await page.getByRole('link', { name: 'flights/2' }).click()
    await page.getByRole('link', { name: 'Review and approve' }).click()
    await page.getByRole('button', { name: 'Approve', exact: true }).click()
    await page.getByLabel('Comment').fill('the gates are green')
    await page.getByRole('button', { name: 'Approve and go on' }).click()

    // The step that is in force, with what is set and what is.
    const steps = page.getByRole('navigation', { name: 'Steps of the release' })
    await steps.locator('[aria-current=step]', { hasText: '50 % of callers' }).waitFor({ timeout: 60_000 })
    await steps.getByText(/set 50 %, endpoint 50 %, callers \d+\.\d %/).waitFor({ timeout: 30_000 })
    // The comparison, live: a sentence with numbers, and the difference over time.
    await page
      .getByText(/Error rate ±0\.00 pp, interval .* margin .* requests: passes/)
      .waitFor({ timeout: 60_000 })
    await page.getByText(/Sample ratio: .* as asked for/).waitFor()
    await page.getByRole('img', { name: /^Error rate: candidate − champion: error rate ±0\.00 pp/ }).waitFor()
    assert.deepEqual(await axe(page), [])
    await page.getByRole('tab', { name: 'Both lines' }).click()
    await page.getByRole('img', { name: /^Error rate, percent of requests/ }).waitFor()
    await page.getByRole('tab', { name: 'Latency' }).click()
    await page.getByRole('rowheader', { name: 'candidate p99' }).waitFor()

    await page.getByRole('button', { name: 'Promote now' }).click()
    await page.getByRole('button', { name: 'Give it all traffic' }).click()
    await page.getByText('Succeeded').first().waitFor({ timeout: 30_000 })
    assert.deepEqual(complaints, [])
    assert.equal((await models.traffic())['flights-2'], 100)
  })

  test('one click takes it back, from where one sees that it has to be', async () => {
    const { page, complaints, go } = await openTab(browser, t)
    await go('/w/dev/releases/flights/2')
    await page.getByRole('button', { name: 'Roll back' }).click()
    await page.getByText('Rolled back', { exact: true }).first().waitFor({ timeout: 30_000 })
    assert.deepEqual(complaints, [])
    assert.equal((await models.traffic())['flights-1'], 100)
    // And forward again, as fast.
    await page.getByRole('button', { name: 'Give it all traffic again' }).click()
    await page.getByText('Succeeded', { exact: true }).first().waitFor({ timeout: 30_000 })
    assert.equal((await models.traffic())['flights-2'], 100)
  })

  test('who asked for a release is told before the click that somebody else has to approve it', async () => {
    await ask({ roles: ['Owner'], not_requester: true })
    await models.register(3, {})
    await models.until(3, ({ state }) => state === 'waiting')
    const { page, complaints, go } = await openTab(browser, t)
    await go('/w/dev/releases/flights/3')
    await page.getByText(/You cannot approve this: you registered the candidate/).waitFor()
    const approve = page.getByRole('button', { name: 'Approve', exact: true })
    assert.equal(await approve.getAttribute('aria-disabled'), 'true')
    assert.deepEqual(complaints, [])
  })
})
