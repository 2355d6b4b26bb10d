import assert from 'node:assert/strict'
import type { Browser } from 'playwright-core'
import { after, before, describe, test } from 'node:test'
import type { TestApp } from '../../src/testing/app.ts'
import { launch, noBrowser, openTab } from './browser.ts'
import { addReader, oddName, startSeeded } from './seed.ts'

describe('people walk through Studio', { skip: noBrowser ?? false }, () => {
  let t: TestApp
  let browser: Browser
  before(async () => {
    t = await startSeeded()
    browser = await launch()
  })
  after(async () => {
    await browser.close()
    await t.end()
  })

  test('a failed pipeline is found from Home, understood and run again', async () => {
    const { page, complaints, go } = await openTab(browser, t)
    await go('/')
    await page.getByRole('link', { name: 'nightly' }).first().click()
    await page.getByRole('heading', { name: /exit code 3/ }).waitFor()
    await page.getByRole('link', { name: 'The whole log' }).click()
    await page.getByRole('log').getByText('the bad line').waitFor()
    await page.goBack()
    await page.getByRole('button', { name: 'Run again from the failed step' }).click()
    const steps = page.getByRole('list', { name: 'Steps' })
    await steps.getByText('runs; failed before').waitFor()
    assert.match(await steps.innerText(), /prepare\s+is taken over/)
    await page.getByRole('button', { name: 'Run 1 step' }).click()
    await page.waitForURL(/\/jobs\/nightly_[\da-f]{10}/)
    // Its state comes by the event stream: nobody reloads.
    await page.getByText('Failed').first().waitFor()
    await page.getByRole('table', { name: 'steps' }).getByText('reused').waitFor()
    await page.getByText('goes on from').getByRole('link', { name: 'broken_pipe' }).waitFor()
    assert.deepEqual(complaints, [])
  })

  test('a release is approved, with a comment, by who may', async () => {
    const { page, complaints, go } = await openTab(browser, t)
    await go('/w/dev/releases/tiny/1')
    await page.getByRole('button', { name: 'Approve', exact: true }).click()
    await page.getByLabel('Comment').fill('seen, and good')
    await page.getByRole('button', { name: 'Approve and go on' }).click()
    await page.getByText('Succeeded').first().waitFor()
    await page.getByText('seen, and good', { exact: true }).waitFor()
    assert.deepEqual(complaints, [])
    const { body } = await t.send('GET', `${t.workspace}/providers/Twinloop/releasePlans/tiny/releases/1`)
    const [decision] = body.properties.stages[0].approval.decisions
    assert.deepEqual([decision.verdict, decision.via], ['approve', 'studio'])
  })

  test('an endpoint is tried, and answers as it answers any client', async () => {
    const { page, go } = await openTab(browser, t)
    await go('/w/dev/endpoints/tiny?tab=test')
    const request = page.getByRole('textbox', { name: 'Request as JSON' })
    await request.fill('{"input_data": [{"carrier": "AA"}]}')
    await page.getByRole('button', { name: 'Send' }).click()
    await page.getByText('by blue').waitFor()
    assert.match(await page.getByLabel('Answer as JSON').innerText(), /"late": 0.25[^]*AA/)
    await request.fill('{"input_data": ')
    await page.getByRole('button', { name: 'Send' }).click()
    await page.getByText(/The request is not JSON/).waitFor()
  })

  test('somebody who may only look is told why, instead of failing', async () => {
    const token = await addReader(t)
    const { page, complaints, go } = await openTab(browser, t, { token })
    await go('/w/dev/jobs/broken_pipe')
    const again = page.getByRole('button', { name: 'Run again', exact: true })
    assert.equal(await again.getAttribute('aria-disabled'), 'true')
    await again.hover()
    await page.getByText(/Your roles do not allow this/).waitFor()
    await go('/w/dev/endpoints/tiny?tab=test')
    assert.equal(await page.getByRole('button', { name: 'Send' }).getAttribute('aria-disabled'), 'true')
    assert.deepEqual(complaints, [])
  })

  test('a token signs in, leads back to where one wanted to go, and out again', async () => {
    const { page, go } = await openTab(browser, t, { token: '' })
    await go('/w/dev/models?sort=-latest')
    await page.waitForURL(/\/sign-in\?next=/)
    await page.getByLabel('Or with a token').fill('tl_nonsense')
    await page.getByRole('button', { name: 'Sign in' }).click()
    await page.getByText(/not known here/).waitFor()
    await page.getByLabel('Or with a token').fill(t.token)
    await page.getByRole('button', { name: 'Sign in' }).click()
    await page.waitForURL(/\/w\/dev\/models\?sort=-latest/)
    await page.getByRole('link', { name: 'tiny' }).waitFor()
    await page.getByRole('button', { name: /^Account/ }).click()
    await page.getByRole('menuitem', { name: 'Sign out' }).click()
    await page.waitForURL(/\/sign-in/)
    await go('/w/dev')
    await page.waitForURL(/\/sign-in/)
  })

  test('by the keyboard alone: the palette, the filter, the rows', async () => {
    const { page, go } = await openTab(browser, t)
    await go('/w/dev')
    await page.keyboard.press('Control+k')
    await page.locator('input:focus[aria-label=Search]').waitFor()
    // Enter counts also before anything was found.
    await page.keyboard.type('nightly')
    await page.keyboard.press('Enter')
    await page.waitForURL(/\/jobs\//)
    await page.keyboard.press('g')
    await page.keyboard.press('j')
    await page.waitForURL(/\/w\/dev\/jobs$/)
    await page.getByRole('table', { name: 'jobs' }).waitFor()
    await page.keyboard.press('/')
    await page.keyboard.type('🛫')
    await page.waitForURL(/q=/)
    await page.getByText(/^1 match/).waitFor()
    await page.getByText(oddName).waitFor()
    await page.keyboard.press('Escape')
    await page.getByLabel('Filter jobs').blur()
    await page.keyboard.press('j')
    await page.keyboard.press('Enter')
    await page.getByRole('heading', { name: oddName }).waitFor()
  })

  test('what happens elsewhere is seen at once, and a break is spoken of until it is over', async () => {
    const { page, go } = await openTab(browser, t)
    await go('/w/dev/jobs')
    await page.getByText('Live', { exact: true }).waitFor()
    await t.send('PUT', `${t.workspace}/models/newcomer/versions/1`, {
      properties: { modelUri: 'azureml://datastores/workspaceblobstore/paths/LocalUpload/tiny/model' },
    })
    await page.getByRole('link', { name: 'Models' }).first().click()
    await page.getByRole('link', { name: 'newcomer' }).waitFor()
    await page.route('**/providers/Twinloop/events*', (route) => route.abort())
    await page.reload()
    await page.getByText(/The server is away/).waitFor({ timeout: 20_000 })
    await page.unroute('**/providers/Twinloop/events*')
    await page.getByText(/The server is away/).waitFor({ state: 'detached', timeout: 20_000 })
  })

  test('a link shows what it showed: filter, order and tab are in the address', async () => {
    const { page, go } = await openTab(browser, t)
    await go('/w/dev/jobs?q=train&sort=name')
    await page.getByText(/^1 match/).waitFor()
    await page.reload()
    assert.equal(await page.getByLabel('Filter jobs').inputValue(), 'train')
    assert.equal(
      await page.getByRole('columnheader', { name: 'Name' }).getAttribute('aria-sort'),
      'ascending',
    )
  })
})
