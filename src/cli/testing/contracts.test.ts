import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { after, before, describe, test } from 'node:test'
import { parse } from 'yaml'
import { startTestApp, type TestApp } from '../../testing/app.ts'
import { testShell, type TestShell } from './io.ts'

describe('data-contract', () => {
  let t: TestApp
  let shell: TestShell
  before(async () => {
    t = await startTestApp()
    shell = testShell({ url: t.app.platform.urls.http, token: t.token })
    shell.write({
      'good.csv': 'id,carrier,distance\n1,AA,100\n2,UA,200\n',
      'bad.csv': 'id,carrier,distance\n1,AA,-5\n1,<b>,200\n',
      'contract.yml': `type: data_contract
data: trips
checks:
  - row_count: { min: 2 }
  - id: { unique: true }
  - carrier: { in: [AA, UA], severity: warn }
  - distance: { between: [0, 6000] }
`,
    })
  })
  after(async () => {
    shell.end()
    await t.end()
  })
  const run = (line: string) => shell.run('data-contract', ...line.split(' '))
  const version = async (number: number, file: string) => {
    const made = await shell.run('data', 'create', '-n', 'trips', '-v', String(number), '-p', file)
    assert.equal(made.code, 0, made.err)
    await t.until(
      `${t.workspace}/data/trips/versions/${number}`,
      (p) => p['contract'] !== undefined && p['contract'] !== 'running',
    )
  }

  test('tries a contract on a local file before anything is kept', async () => {
    const good = await run('check -f contract.yml -d good.csv')
    assert.equal(good.code, 0, good.err)
    assert.match(good.out, /good\.csv against contract trips: 2 rows, 4 checks/)
    assert.match(good.out, /✓ id is unique +all 2 values/)
    assert.match(good.out, /passed: 4 kept/)
    const bad = await run('check -f contract.yml -d bad.csv --report page.html --junit junit.xml')
    assert.equal(bad.code, 1)
    assert.match(
      bad.out,
      /✗ id is unique +2 of 2 values \(100%\): 1 \(2×\)\n +id +carrier +distance\n +1 +AA +-5\n/,
    )
    assert.match(bad.out, /! carrier is one of AA and UA +1 of 2 values \(50%\): <b>/)
    assert.match(bad.out, /failed: 1 kept, 1 warned of, 2 broken/)
    const page = readFileSync(join(shell.folder, 'page.html'), 'utf8')
    assert.match(page, /&lt;b&gt;/)
    assert.doesNotMatch(page, /<b>,|<b><|<script|https?:\/\//)
    assert.match(
      readFileSync(join(shell.folder, 'junit.xml'), 'utf8'),
      /tests="4" failures="2" errors="0"[\s\S]*warning: .*&lt;b&gt;/,
    )
    assert.equal((await run('list -o json')).out.trim(), '[]')
  })

  test('keeps one, and tells its history', async () => {
    const made = await run('create -f contract.yml --query data -o tsv')
    assert.deepEqual([made.code, made.out.trim()], [0, 'trips'], made.err)
    assert.match(made.err, /there is no data asset trips yet: its first version will be checked/)
    await version(1, 'good.csv')
    await version(2, 'bad.csv')
    const results = await run('results -n trips')
    assert.equal(
      results.out,
      `version           1  2
row_count         ✓  ✓
id.unique         ✓  ✗
carrier.in        ✓  !
distance.between  ✓  ✗
outcome           ✓  ✗
`,
    )
    assert.equal(
      (await run('results -n trips --query [].outcome -o json')).out.replaceAll(/\s/g, ''),
      '["failed","passed"]',
    )
    assert.equal((await run('check -n trips -d 1 -o none')).code, 0)
    const json = await run('check -n trips -o json')
    assert.equal(json.code, 1)
    const checked = JSON.parse(json.out) as {
      data: string
      results: { element_count?: number; unexpected_percent?: number }[]
    }
    assert.equal(checked.data, 'trips:2')
    assert.deepEqual([checked.results[1]?.element_count, checked.results[1]?.unexpected_percent], [2, 100])
    const report = await run('report -n trips -d trips:1')
    assert.match(report.out, /<title>trips:1: passed<\/title>/)
    const shown = parse((await run('show -n trips -o yaml')).out) as {
      checks: unknown[]
      latest: { outcome: string }
    }
    assert.equal(shown.checks.length, 4)
    assert.equal(shown.latest.outcome, 'failed')
    const passed = await shell.run(
      'data',
      'show',
      '-n',
      'trips',
      '-l',
      'passed',
      '--query',
      'version',
      '-o',
      'tsv',
    )
    assert.equal(passed.out.trim(), '1', passed.err)
    const list = await shell.run('data', 'list', '-n', 'trips', '-o', 'table')
    assert.match(list.out, /^Name +Version .* Contract .*\n-*.*\ntrips +2 .* failed .*\ntrips +1 .* passed /)
  })

  test('the page of a result is served to who may read it', async () => {
    const path = `${t.workspace}/data/trips/versions/2/providers/Twinloop/contractResults/trips/report`
    const page = await t.send('GET', path)
    assert.equal(page.status, 200)
    assert.match(page.headers.get('content-type') ?? '', /text\/html/)
    assert.match(page.headers.get('content-security-policy') ?? '', /default-src 'none'/)
    assert.match(page.body, /trips:2/)
    assert.equal((await t.send('GET', path, undefined, { authorization: 'Bearer no' })).status, 401)
    assert.equal((await t.send('GET', path.replace('trips/report', 'nothing/report'))).status, 404)
  })

  test('changes what stands beside the checks', async () => {
    assert.equal((await run('update -n trips --set enforce=true severity=warn')).code, 0)
    const shown = JSON.parse((await run('show -n trips')).out) as { enforce: boolean; severity: string }
    assert.deepEqual([shown.enforce, shown.severity], [true, 'warn'])
    assert.match((await run('update -n trips --set checks=[]')).err, /only description, tags/)
    assert.match(
      (await run('update -n trips --set enforce=perhaps')).err,
      /enforce: "perhaps" is not true or false/,
    )
  })

  test('suggests one that its own data keep', async () => {
    const rows = Array.from(
      { length: 200 },
      (_, i) => `N${1000 + i},${i % 3 === 0 ? 'EWR' : 'JFK'},${i / 2},`,
    )
    shell.write({ 'many.csv': ['key,origin,price,sum', ...rows].join('\n') })
    const made = await run('suggest -d many.csv -n many -f suggested.yml')
    assert.equal(made.code, 0, made.err)
    const text = readFileSync(join(shell.folder, 'suggested.yml'), 'utf8')
    assert.match(text, /- row_count: \{ min: 100 \} {2}# about half of the 200 rows/)
    assert.match(text, /- key: \{ not_null: true, unique: true, matches: "?\^\[A-Z\]\\+d\{4\}\$"? \}/)
    assert.match(text, /- origin: \{ in: \[EWR, JFK\], severity: warn \}/)
    assert.match(
      text,
      /- price: \{ between: \[0, 150\], severity: warn \} {2}# was 0 to 99.5, with room to grow/,
    )
    const kept = await run('check -f suggested.yml -d many.csv')
    assert.equal(kept.code, 0, kept.out + kept.err)
    assert.match(kept.out, /^passed: /m)
  })

  test('says what is wrong with a file, or with what was asked', async () => {
    shell.write({
      'wrong.yml': 'type: data_contract\ndata: trips\nchecks:\n  - distance: { betwen: [0, 1] }\n',
    })
    const wrong = await run('create -f wrong.yml')
    assert.equal(wrong.code, 1)
    assert.match(
      wrong.err,
      /wrong\.yml:4:17 {2}checks\[0\]\.distance\.betwen is not a check of a column\n.*\n.*\n.*\n.*\^{6} did you mean between\?/,
    )
    assert.match((await run('check -n tirps')).err, /Did you mean 'trips'\?/)
    assert.match((await run('check -n trips -d nowhere.csv')).err, /there is no nowhere\.csv/)
    assert.match((await run('check')).err, /which contract\?/)
    assert.match((await run('report -n trips -d 7')).err, /trips:7 was not checked against trips/)
    const deleted = await run('delete -n trips -y')
    assert.equal(deleted.code, 0, deleted.err)
  })
})
