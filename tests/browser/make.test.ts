import assert from 'node:assert/strict'
import { after, before, describe, test } from 'node:test'
import type { Browser, Page } from 'playwright-core'
import { startTestApp, type TestApp } from '../../src/testing/app.ts'
import { inBothThemes, launch, noBrowser, onTablet, openTab } from './browser.ts'

const plan = {
  model: 'flights',
  stages: [{ name: 'production', approval: { roles: ['ML Engineer'] } }],
}

describe('things are made and changed in Studio', { skip: noBrowser ?? false }, () => {
  let t: TestApp
  let browser: Browser
  before(async () => {
    t = await startTestApp()
    const { status, body } = await t.send('PUT', `${t.workspace}/providers/Twinloop/releasePlans/flights`, {
      properties: plan,
    })
    assert.ok(status < 300, JSON.stringify(body))
    browser = await launch()
  })
  after(async () => {
    await (browser as Browser | undefined)?.close()
    await t.end()
  })

  const editor = (page: Page) => page.getByRole('textbox', { name: / as YAML$/ })
  /** Puts a text in place of all that stands in the editor. */
  const write = async (page: Page, text: string) => {
    await editor(page).click()
    await page.keyboard.press('Control+a')
    await page.keyboard.insertText(text)
  }

  test('an endpoint by its form, which is the same as its text', async () => {
    const { page, complaints, go } = await openTab(browser, t)
    await go('/w/dev/make/online-endpoint')
    await page.getByLabel('Name', { exact: true }).fill('flight-delay')
    await page.getByLabel('Description').fill('Will it be late?')
    await page.getByText('YAML', { exact: true }).click()
    await editor(page).getByText('name: flight-delay').waitFor()
    // What was written about the example is still there.
    await editor(page)
      .getByText(/^# An address that answers at once/)
      .waitFor()
    await page.getByRole('button', { name: 'Create online endpoint' }).click()
    await page.waitForURL(/\/endpoints\/flight-delay$/)
    const { body } = await t.send('GET', `${t.workspace}/onlineEndpoints/flight-delay`)
    assert.equal(body.properties.description, 'Will it be late?')
    assert.equal(body.properties.authMode, 'Key')
    assert.deepEqual(complaints, [])
  })

  test('a release plan by its text: it completes, a mistake is shown at its line, and its hint mends it', async () => {
    const { page, complaints, go } = await openTab(browser, t)
    await go('/w/dev/make/release-plan?as=yaml')
    await write(
      page,
      'type: release_plan\nname: by-hand\nmodel: flights\nstages:\n  - name: test\n    gates:\n      - signat',
    )
    await page.keyboard.press('Control+Space')
    await page
      .getByRole('option', { name: /^signature/ })
      .first()
      .click()
    await editor(page).getByText('- signature').waitFor()
    await write(
      page,
      'type: release_plan\nname: by-hand\nmodel: flights\nstagse:\n  - { name: test, gates: [signature] }\n',
    )
    await page.getByRole('button', { name: /line 4 stagse is not a field of a release plan/ }).waitFor()
    await page.getByRole('button', { name: 'Change to stages' }).click()
    await editor(page).getByText('stages:').waitFor()
    await page.getByText('none', { exact: true }).waitFor()
    await page.getByRole('button', { name: 'Create release plan' }).click()
    await page.waitForURL(/\/releases\/by-hand$/)
    assert.deepEqual(complaints, [])
  })

  test('a change is looked at before it is saved, and does not overwrite what somebody else has changed', async () => {
    const { page, go } = await openTab(browser, t)
    await go('/w/dev/releases/flights')
    await page.getByRole('link', { name: 'Edit' }).click()
    await page.getByText('YAML', { exact: true }).click()
    await editor(page).getByText('model: flights').click()
    await page.keyboard.press('End')
    await page.keyboard.insertText('\non_failed_gate: end')
    const save = async () => {
      await page.getByRole('button', { name: 'Review and save' }).click()
      await page
        .getByRole('region', { name: /The difference/ })
        .getByText('on_failed_gate: end')
        .waitFor()
      await page.getByRole('button', { name: 'Save the change' }).click()
    }
    await t.send('PUT', `${t.workspace}/providers/Twinloop/releasePlans/flights`, {
      properties: { ...plan, description: 'changed elsewhere' },
    })
    await save()
    await page.getByText(/Somebody has changed it/).waitFor()
    await page.getByRole('button', { name: /^Reload/ }).click()
    await page.getByText('This is what you typed here before.').waitFor()
    await save()
    await page.waitForURL(/\/releases\/flights$/)
  })

  test('what the server refuses is shown at its line', async () => {
    const { page, go } = await openTab(browser, t)
    await go('/w/dev/make/release-plan?as=yaml')
    await write(
      page,
      'type: release_plan\nname: refused\nmodel: flights\nstages:\n  - name: production\n    workspace: nowhere\n    gates: [signature]\n',
    )
    await page.getByText('none', { exact: true }).waitFor()
    await page.getByRole('button', { name: 'Create release plan' }).click()
    await page.getByRole('button', { name: /line 6 .*nowhere/ }).waitFor()
  })

  test('a file of the browser becomes a data asset', async () => {
    const { page, complaints, go } = await openTab(browser, t)
    await go('/w/dev/make/data')
    await page
      .getByLabel('File to upload')
      .setInputFiles({ name: 'Flights 2013.csv', mimeType: 'text/csv', buffer: Buffer.from('a,b\n1,2\n') })
    await page.getByText(/uploaded when it is saved/).waitFor()
    await page.getByRole('button', { name: 'Create data asset' }).click()
    await page.waitForURL(/\/data\/flights-2013\/1$/)
    const { body } = await t.send('GET', `${t.workspace}/data/flights-2013/versions/1`)
    assert.match(body.properties.dataUri, /LocalUpload\/[0-9a-f]{64}\/Flights 2013\.csv$/)
    await t.until(`${t.workspace}/data/flights-2013/versions/1`, ({ facts }) => facts !== undefined)
    // It was asked whether it is there already, as the command line asks.
    assert.deepEqual(
      complaints.filter((one) => !one.startsWith('404 ')),
      [],
    )
  })

  test('what was typed is kept over a reload, and leaving it asks', async () => {
    const { page, go } = await openTab(browser, t)
    await go('/w/dev/make/online-endpoint')
    await page.getByLabel('Name', { exact: true }).fill('half-typed')
    await page.reload()
    await page.getByText('This is what you typed here before.').waitFor()
    assert.equal(await page.getByLabel('Name', { exact: true }).inputValue(), 'half-typed')
    await page.getByRole('link', { name: 'Home', exact: true }).click()
    await page.getByRole('button', { name: 'Leave', exact: true }).click()
    await page.waitForURL(/\/w\/dev$/)
    await go('/w/dev/make/online-endpoint')
    assert.equal(await page.getByLabel('Name', { exact: true }).inputValue(), 'my-endpoint')
  })

  test('a schedule says when it is due next', async () => {
    const { page, complaints, go } = await openTab(browser, t)
    await go('/w/dev/make/schedule')
    await page.getByText('The next 5 times, in Europe/Berlin:').waitFor()
    await page.getByLabel('Expression').fill('0 6 * *')
    await page.getByText(/is no cron expression of five fields/).waitFor()
    assert.deepEqual(complaints, [])
  })

  test('everybody can use it, in both themes and on a tablet', async () => {
    const { page, complaints, go } = await openTab(browser, t)
    const wrong: string[] = []
    for (const path of [
      'data',
      'data?as=yaml',
      'online-endpoint',
      'online-deployment',
      'release-plan',
      'monitor',
    ]) {
      await go(`/w/dev/make/${path}`)
      await page.getByRole('heading', { name: 'Problems' }).waitFor()
      const found = [...(await inBothThemes(page)), ...(await onTablet(page))]
      wrong.push(...found.map((line) => `${path} ${line}`))
    }
    assert.equal([...wrong, ...complaints].join('\n'), '')
  })
})
