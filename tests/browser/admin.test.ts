import assert from 'node:assert/strict'
import type { Browser } from 'playwright-core'
import { after, before, describe, test } from 'node:test'
import { startTestApp, type TestApp } from '../../src/testing/app.ts'
import { startWebhookReceiver } from '../../src/testing/webhook-receiver.ts'
import { axe, inBothThemes, launch, noBrowser, openTab } from './browser.ts'

describe('who runs the house', { skip: noBrowser ?? false }, () => {
  let t: TestApp
  let browser: Browser
  before(async () => {
    t = await startTestApp()
    await t.send('PUT', `${t.workspace}/environments/flights`, { properties: {} })
    await t.send('PUT', `${t.workspace}/computes/cpu`, {
      location: 'local',
      properties: {
        computeType: 'AmlCompute',
        properties: { scaleSettings: { minNodeCount: 0, maxNodeCount: 2 } },
      },
    })
    browser = await launch()
  })
  after(async () => {
    await browser.close()
    await t.end()
  })

  test('makes a person, gives them a role and a link, and takes the role away again', async () => {
    const owner = await openTab(browser, t)
    const { page } = owner
    await owner.go('/w/dev/admin/people')
    await page.getByRole('button', { name: 'New person' }).click()
    await page.getByLabel('Name to sign in by').fill('ana')
    await page.getByLabel('What they are called').fill('Ana Silva')
    await page.getByRole('button', { name: 'Make them known' }).click()
    // Whoever is new is opened at once: what is missing is a role, and a way in.
    const ana = page.getByRole('dialog', { name: 'Ana Silva' })
    await ana.getByText('ana may do nothing yet').waitFor()
    await ana.getByRole('button', { name: 'Give ana a role' }).click()
    const giving = page.getByRole('dialog', { name: 'Give a role' })
    await giving.getByRole('combobox', { name: 'Role' }).click()
    await page.getByRole('option', { name: 'Reader' }).click()
    await giving.getByRole('button', { name: 'Give the role' }).click()
    await ana.getByText('Reader · workspace dev').waitFor()
    await ana.getByRole('button', { name: 'Make a sign-in link' }).click()
    const link = (await ana.getByTestId('sign-in-link').innerText()).trim()
    assert.match(link, /\?otk=tl_/)
    assert.deepEqual(await axe(page), [])

    // Their own browser: what a reader may, and why not the rest.
    const hers = await openTab(browser, t, { token: '' })
    await hers.page.goto(link)
    await hers.go('/w/dev/admin/computes')
    await hers.page.getByText('cpu', { exact: true }).waitFor()
    const make = hers.page.getByRole('button', { name: 'New compute' })
    assert.equal(await make.getAttribute('aria-disabled'), 'true')
    await make.hover()
    await hers.page.getByText('Your roles do not allow this here').waitFor()
    await hers.go('/w/dev/admin/tokens')
    await hers.page.getByRole('button', { name: 'New token' }).click()
    await hers.page.getByLabel('What it is for').fill('laptop')
    await hers.page.getByRole('button', { name: 'Make the token' }).click()
    const token = (await hers.page.getByTestId('new-token').locator('code').first().innerText()).trim()
    const asAna = { authorization: `Bearer ${token}` }
    assert.equal((await t.send('GET', `${t.workspace}/computes`, undefined, asAna)).status, 200)

    // Taken away, it counts at once, for her browser as for her token.
    await hers.go('/w/dev/admin/computes')
    await ana.getByRole('button', { name: 'Take away' }).click()
    await page.getByRole('button', { name: 'Take the role away' }).click()
    await ana.getByText('ana may do nothing yet').waitFor()
    assert.equal((await t.send('GET', `${t.workspace}/computes`, undefined, asAna)).status, 403)
    await hers.page.reload()
    await hers.page.getByText(/There is no workspace 'dev' that you may see/).waitFor()
    assert.deepEqual(owner.complaints, [])
  })

  test('asks whether somebody may do something, and is told why not', async () => {
    await t.send('PUT', '/providers/Twinloop/users/ben', { properties: {} })
    const { page, go, complaints } = await openTab(browser, t)
    await go('/w/dev/admin/people?tab=check')
    await page.getByRole('combobox', { name: 'May' }).click()
    await page.getByRole('option', { name: 'ben' }).click()
    await page.getByText('No, ben may not submit jobs in workspace dev.').waitFor()
    await page
      .getByText(/ben has no role on workspace dev or above/)
      .first()
      .waitFor()
    assert.deepEqual(complaints, [])
  })

  test('finds in the log who did it', async () => {
    const { page, go } = await openTab(browser, t)
    await go('/w/dev/admin/activity?what=environments')
    await page.getByText('flights').first().waitFor()
    assert.equal(await page.getByRole('row').count(), 2)
    await go('/w/dev/admin/activity?who=nobody')
    await page.getByText('Nobody did such a thing').waitFor()
  })

  test('deletes a workspace only with its name typed, after what goes with it was counted', async () => {
    await t.send('PUT', t.workspace.replace(/dev$/, 'old'), { location: 'local', properties: {} })
    await t.send('PUT', `${t.workspace.replace(/dev$/, 'old')}/environments/e`, { properties: {} })
    const { page, go } = await openTab(browser, t)
    await go('/w/dev/admin/workspaces')
    await page.getByRole('button', { name: 'What can be done with workspace old' }).click()
    await page.getByRole('menuitem', { name: 'Delete workspace …' }).click()
    const dialog = page.getByRole('dialog')
    await dialog.getByText('1 environments').waitFor()
    const sure = dialog.getByRole('button', { name: /Delete \d+ resources/ })
    assert.equal(await sure.isDisabled(), true)
    await dialog.getByLabel('Type old to confirm').fill('old')
    await sure.click()
    await page.getByRole('row', { name: /^old/ }).waitFor({ state: 'detached' })
    assert.equal((await t.send('GET', t.workspace.replace(/dev$/, 'old'))).status, 404)
  })

  test('has a program outside told of what happens, tries it, and changes it', async () => {
    const hook = await startWebhookReceiver()
    try {
      const { page, complaints, go } = await openTab(browser, t)
      await go('/w/dev/admin/events')
      await page.getByRole('button', { name: 'New subscription' }).click()
      await page.getByRole('textbox', { name: 'Name' }).fill('ops')
      await page.getByLabel('Address').fill(`${hook.url}/hook?code=secret`)
      await page.getByRole('button', { name: 'Make one' }).click()
      const types = page.getByRole('combobox', { name: 'Of what' })
      await types.fill('IncidentO')
      await page.getByRole('option', { name: /IncidentOpened.*an incident is open/ }).click()
      await types.press('Tab')
      assert.deepEqual(await inBothThemes(page), [])
      await page.getByRole('button', { name: 'Create the subscription' }).click()
      await page.getByText('IncidentOpened', { exact: true }).waitFor()
      await page.getByText(`${hook.url}/hook`, { exact: true }).waitFor()
      await page.getByRole('button', { name: 'Try', exact: true }).click()
      await page.getByText(/^ops took it in \d+ ms: 200/).waitFor()
      const [call] = await hook.received(1)
      assert.match(String(call?.headers['webhook-signature']), /^v1,/)
      await page.getByRole('button', { name: 'Edit', exact: true }).click()
      await page.getByLabel('Only what is about').fill('incidents/')
      await page.getByRole('button', { name: 'Save the subscription' }).click()
      await page.getByText('ops was changed.').waitFor()
      const { body } = await t.send('GET', `${t.workspace}/providers/Twinloop/eventSubscriptions/ops`)
      assert.equal(body.properties.filter.subjectBeginsWith, 'incidents/')
      // The address and the secret that were not typed again are as they were.
      await page.getByRole('button', { name: 'Try', exact: true }).click()
      const [, again] = await hook.received(2)
      assert.deepEqual(
        [again?.path, typeof again?.headers['webhook-signature']],
        ['/hook?code=secret', 'string'],
      )
      await page.mouse.move(0, 0)
      assert.deepEqual(await inBothThemes(page), [])
      assert.deepEqual(complaints, [])
    } finally {
      await hook.close()
    }
  })

  test('finds everything by name, sets how times are told, and comes from place to place by the keyboard', async () => {
    const { page, go, complaints } = await openTab(browser, t)
    await go('/w/dev/admin')
    await page.keyboard.press('ControlOrMeta+k')
    await page.getByLabel('Search', { exact: true }).fill('flig')
    await page.getByText('Environments').waitFor()
    await page.keyboard.press('Escape')
    await page.getByRole('button', { name: /^Account/ }).click()
    await page.getByRole('menuitem', { name: 'Settings …' }).click()
    await page.getByRole('radiogroup', { name: 'Times' }).getByText('UTC', { exact: true }).click()
    await page.getByRole('radiogroup', { name: 'Rows' }).getByText('Comfortable').click()
    assert.deepEqual(await axe(page), [])
    await page.reload()
    await page.getByRole('heading', { level: 1, name: 'Health' }).waitFor()
    assert.equal(await page.evaluate('document.documentElement.dataset.density'), 'comfortable')
    await page.getByRole('link', { name: 'Jobs' }).click()
    await page.locator('h1:focus', { hasText: 'Jobs' }).waitFor()
    await go('/w/dev/admin?until=2026-11-01T00:00:00Z&nonsense=1')
    await page.getByRole('button', { name: /back to now/ }).click()
    await page.waitForURL(/admin(?!.*until)/)
    assert.deepEqual(complaints, [])
  })

  test('has the places behind a button on a tablet', async () => {
    const { page, go } = await openTab(browser, t, { width: 768 })
    await go('/w/dev/admin')
    await page.getByRole('button', { name: 'Places' }).click()
    await page.getByRole('dialog').getByRole('link', { name: 'Models' }).click()
    await page.getByRole('heading', { level: 1, name: 'Models' }).waitFor()
    await page.getByRole('dialog').waitFor({ state: 'detached' })
  })
})
