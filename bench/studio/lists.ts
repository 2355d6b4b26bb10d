// How Studio's long lists feel, in a headless Chromium, on a server that was filled by seed.ts and is up:
//   node bench/studio/lists.ts {home}
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { launch, openTabAt, type Tab } from '../../tests/browser/browser.ts'

const [home = ''] = process.argv.slice(2)
const { http: url } = JSON.parse(readFileSync(join(home, 'server.json'), 'utf8')) as { http: string }
const token = readFileSync(join(home, 'token'), 'utf8').trim()

const at = (values: readonly number[], share: number) =>
  values.toSorted((a, b) => a - b)[Math.min(values.length - 1, Math.floor(values.length * share))] ??
  Number.NaN
const told = (values: readonly number[]) =>
  `p50 ${at(values, 0.5).toFixed(0)} ms, p95 ${at(values, 0.95).toFixed(0)} ms, of ${values.length}`
const say = (what: string, text: string) => console.log(`| ${what} | ${text} |`)

async function timed(times: number, before: () => Promise<unknown>, act: () => Promise<unknown>) {
  const all: number[] = []
  for (let i = 0; i < times; i++) {
    await before()
    const started = performance.now()
    await act()
    all.push(performance.now() - started)
  }
  return all
}

/** Scrolls a table for some hundred frames; how long each took, in ms. */
const frames = ({ page }: Tab, pixels: number) =>
  page.evaluate<number[]>(`new Promise((resolve) => {
    const place = document.querySelector('[role=region][data-long=true]')
    const all = []
    let last = performance.now()
    const step = () => {
      const now = performance.now()
      all.push(now - last)
      last = now
      place.scrollTop += ${pixels}
      if (all.length < 240) requestAnimationFrame(step)
      else resolve(all.slice(1))
    }
    requestAnimationFrame(step)
  })`)

async function list(tab: Tab, name: string, path: string, words: string) {
  const { page, go } = tab
  const first = page.locator('[role=row][data-index="0"] a')
  const shown = () => first.waitFor()
  say(
    `${name}: first view`,
    told(
      await timed(
        7,
        () => page.goto('about:blank'),
        async () => {
          await page.goto(`${url}${path}`, { waitUntil: 'commit' })
          await shown()
        },
      ),
    ),
  )
  await go(path)
  await shown()
  say(`${name}: a frame while scrolling by 4 rows each`, told(await frames(tab, 152)))
  say(`${name}: a frame while scrolling by 200 rows each`, told(await frames(tab, 7600)))
  const places = [0.5, 0.9, 0.1, 0.99, 0.3, 0.7]
  let turn = 0
  say(
    `${name}: rows are there after a jump to anywhere`,
    told(
      await timed(
        places.length,
        async () => undefined,
        async () => {
          await page.evaluate(
            `(() => { const p = document.querySelector('[role=region][data-long=true]'); p.scrollTop = p.scrollHeight * ${places[turn++]} })()`,
          )
          await page.locator('[data-index][aria-busy]').first().waitFor({ state: 'detached' })
          await page.locator('[data-index] a').first().waitFor()
        },
      ),
    ),
  )
  const filter = page.getByLabel(/^Filter /)
  const counted = (text: RegExp) => page.locator('[data-asked=true]', { hasText: text }).waitFor()
  say(
    `${name}: filtered by words, from the last key`,
    told(
      await timed(
        5,
        async () => {
          await filter.fill('')
          await counted(/^[\d,]+ *$/)
        },
        async () => {
          await filter.fill(words)
          await counted(/match/)
        },
      ),
    ),
  )
  await filter.fill('')
  await counted(/^[\d,]+ *$/)
  for (const column of name === 'jobs' ? ['Name', 'Status'] : ['roc_auc']) {
    const head = page.getByRole('columnheader', { name: column, exact: true }).getByRole('button')
    say(
      `${name}: ordered by ${column}`,
      told(
        await timed(
          5,
          async () => undefined,
          async () => {
            await head.click()
            await page.locator('[data-stale=true]').waitFor({ state: 'detached' })
            await page.locator('[data-stale=false]').waitFor()
          },
        ),
      ),
    )
  }
}

const browser = await launch()
const tab = await openTabAt(browser, { url, token }, { width: 1440 })
await list(tab, 'jobs', '/w/dev/jobs', 'nightly 12')
const experiment = await tab.page.evaluate<string>(`(async () => {
  const { value } = await (await fetch('/subscriptions?api-version=1')).json()
  const base = '/mlflow/v2.0' + value[0].id + '/resourceGroups/twinloop/providers/Microsoft.MachineLearningServices/workspaces/dev'
  const answer = await fetch(base + '/api/2.0/mlflow/experiments/get-by-name?experiment_name=many%20runs')
  return (await answer.json()).experiment.experiment_id
})()`)
const runs = `/w/dev/experiments/${experiment}`
await list(tab, 'runs', runs, 'trial-999')
const { page } = tab
await tab.go(runs)
const newest = (await page.locator('[role=row][data-index="0"] a').getAttribute('href')) ?? ''
say(
  'a run with a metric of 100,000 points: its chart is drawn',
  told(
    await timed(
      7,
      () => page.goto('about:blank'),
      async () => {
        await page.goto(`${url}${newest}`, { waitUntil: 'commit' })
        await page.getByRole('img', { name: /^loss/ }).locator('svg path').first().waitFor()
      },
    ),
  ),
)
if (tab.complaints.length > 0) console.error(tab.complaints.join('\n'))
await browser.close()
