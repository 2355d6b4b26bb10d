import assert from 'node:assert/strict'
import type { Browser } from 'playwright-core'
import { after, before, describe, test } from 'node:test'
import type { TestApp } from '../../src/testing/app.ts'
import { axe, inBothThemes, launch, noBrowser, onTablet, openTab } from './browser.ts'
import { startSeeded } from './seed.ts'

/** Every page, with what has to stand on it. */
const pages: readonly (readonly [path: string, shows: RegExp])[] = [
  ['/w/dev', /Needs you/],
  ['/w/dev/jobs', /nightly/],
  ['/w/dev/jobs?status=Failed&q=night', /1 of|nightly/],
  ['/w/dev/jobs?peek=broken_pipe', /In short/],
  ['/w/dev/schedules', /Nothing is made by itself yet/],
  ['/w/dev/queue', /a place for each core/],
  ['/w/dev/compare-jobs?sel=steady_train,odd_names', /What they were asked to do/],
  ['/w/dev/jobs/broken_pipe', /Step train: The command failed with exit code 3/],
  ['/w/dev/jobs/broken_pipe_train?tab=logs', /the bad line/],
  ['/w/dev/jobs/steady_train?tab=metrics', /roc_auc/],
  ['/w/dev/jobs/steady_train?tab=files', /user_logs/],
  ['/w/dev/jobs/steady_train?tab=code', /score\.py/],
  ['/w/dev/jobs/steady_train?tab=system', /Peak memory/],
  ['/w/dev/jobs/broken_pipe?tab=lineage', /Lineage/],
  ['/w/dev/data', /numbers/],
  ['/w/dev/data/numbers', /numbers:1/],
  ['/w/dev/data/numbers/1', /Make the profile/],
  ['/w/dev/data/numbers/1?tab=preview', /missing/],
  ['/w/dev/data/numbers/1?tab=ask', /SQL as DuckDB has it/],
  ['/w/dev/experiments', /flights/],
  ['/w/dev/experiments/compare?sel=steady_train,odd_names', /last values/],
  ['/w/dev/experiments/1', /roc_auc/],
  ['/w/dev/experiments/1/steady_train', /roc_auc/],
  ['/w/dev/models', /tiny/],
  ['/w/dev/models/tiny', /tiny:1/],
  ['/w/dev/models/tiny/1', /roc_auc/],
  ['/w/dev/models/tiny/1?tab=lineage', /Lineage/],
  ['/w/dev/endpoints', /blue 100 %/],
  ['/w/dev/endpoints/tiny', /Answers that are no success/],
  ['/w/dev/endpoints/tiny?against=revisions', /by deployment, last/],
  ['/w/dev/endpoints/tiny?against=week&t=24h', /nothing to compare with/],
  ['/w/dev/endpoints/tiny?tab=collected', /Nothing is kept of its requests/],
  ['/w/dev/endpoints/batch/bulk', /No deployment yet/],
  ['/w/dev/endpoints/tiny?tab=test', /What the endpoint answers/],
  ['/w/dev/endpoints/tiny?tab=use', /Authorization: Bearer/],
  ['/w/dev/endpoints/tiny?tab=logs', /instance 0/],
  ['/w/dev/monitoring', /Nothing is watched yet/],
  ['/w/dev/monitoring/none', /There is no monitor 'none' here/],
  ['/w/dev/monitoring/none/inputs', /There is no monitor 'none' here/],
  ['/w/dev/monitoring/none/inputs/distance', /There is no monitor 'none' here/],
  ['/w/dev/alerts', /Nothing was ever wrong/],
  ['/w/dev/alerts/rules', /No rule looks at anything yet/],
  ['/w/dev/make', /An address that answers requests at once/],
  ['/w/dev/make/alert-rule', /What is done about it/],
  ['/w/dev/alerts/silences', /Nothing is silenced/],
  ['/w/dev/alerts/routing', /There is no routing yet/],
  ['/w/dev/alerts/proposals', /No change is proposed/],
  ['/w/dev/admin', /Disk in use/],
  ['/w/dev/admin/workspaces', /Resource groups/],
  ['/w/dev/admin/computes', /No compute is declared|Jobs at once/],
  ['/w/dev/admin/people', /Owner · the whole server/],
  ['/w/dev/admin/people?tab=assignments', /Given by/],
  ['/w/dev/admin/people?tab=roles&role=8e3af657-a8ff-443c-a75c-2fe8c4bcb635', /everything/],
  ['/w/dev/admin/people?tab=check&may=administrator', /may submit jobs in workspace dev/],
  ['/w/dev/admin/people?who=administrator', /Make a sign-in link/],
  ['/w/dev/admin/tokens', /Your tokens/],
  ['/w/dev/admin/connections', /workspaceblobstore/],
  ['/w/dev/admin/activity', /administrator/],
  ['/w/dev/admin/storage', /Storage/],
  ['/w/dev/admin/events', /Nobody outside is told yet/],
  ['/w/dev/releases', /Stage production waits/],
  ['/w/dev/releases/tiny', /What it says/],
  ['/w/dev/releases/tiny/1', /Approve/],
]

describe('every page of Studio', { skip: noBrowser ?? false }, () => {
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

  test('shows what it is about, complains of nothing, can be used by everybody in both themes, and fits a tablet', async () => {
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

  test('is told where there is nothing, or nothing yet', async () => {
    await t.send('PUT', t.workspace.replace(/dev$/, 'empty'), { location: 'local', properties: {} })
    const { page, complaints, go } = await openTab(browser, t)
    const states: readonly (readonly [string, RegExp])[] = [
      ['/w/empty', /three commands/],
      ['/w/empty/jobs', /No job has run here yet/],
      ['/w/empty/data', /No data has a name yet/],
      ['/w/empty/models', /No model is registered yet/],
      ['/w/empty/endpoints', /No endpoint yet/],
      ['/w/empty/releases', /no release plan yet/],
    ]
    const wrong: string[] = []
    for (const [path, says] of states) {
      await go(path)
      await page.getByText(says).first().waitFor()
      wrong.push(...(await axe(page)).map((line) => `${path} ${line}`))
    }
    assert.equal([...wrong, ...complaints].join('\n'), '')
    await page.goto(`${t.app.platform.urls.http}/w/dev/jobs/nothing`)
    await page.getByText("job 'nothing' of workspace 'dev' does not exist").waitFor()
    await page.goto(`${t.app.platform.urls.http}/w/nowhere/jobs`)
    await page.getByText("There is no workspace 'nowhere'").waitFor()
    await page.goto(`${t.app.platform.urls.http}/w/dev/nowhere`)
    await page.getByText('Nothing is here').first().waitFor()
  })
})
