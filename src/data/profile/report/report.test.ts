import assert from 'node:assert/strict'
import { after, before, describe, test } from 'node:test'
import { startLab, type ProfileLab } from '../testing/table.ts'
import { html } from './markup.ts'
import { reportPage } from './report.ts'

describe('the report of a profile', () => {
  let lab: ProfileLab
  before(async () => {
    lab = await startLab()
  })
  after(() => lab.end())

  const hostile = `</script><script>alert(1)</script><img src=x onerror="alert('2')">`

  test('shows hostile names and values as text', async () => {
    const profile = await lab.profile(
      {
        data: `select '${hostile.replaceAll("'", "''")}' || (i % 3) as "${hostile.replaceAll('"', '""')}", i % 2 as y, i * 1.5 as "x'y&z" from range(60) t(i)`,
        before: `select 'other' as "${hostile.replaceAll('"', '""')}", 1 as y from range(10)`,
      },
      { target: 'y' },
    )
    const page = reportPage({ ...profile, source: { ...profile.source, name: hostile } })
    assert.equal(page.match(/<script/g)?.length, 1)
    assert.equal(page.match(/<\/script>/g)?.length, 1)
    assert.ok(!/<img|onerror="/.test(page))
    assert.ok(page.includes('&lt;img src=x onerror=&quot;alert(&#39;2&#39;)&quot;&gt;'))
    assert.ok(page.includes('x&#39;y&amp;z'))
  })

  test('loads nothing from anywhere', async () => {
    const page = reportPage(await lab.profile({ data: 'select i, i % 7 as k from range(100) t(i)' }))
    assert.ok(!/\b(?:src|href)="(?!#)|@import|url\(|https?:\/\//.test(page))
  })

  test('is a page of whatever is profiled', async () => {
    for (const data of [
      'select 1 as a where false',
      'select null as a',
      `select 'x' as a`,
      `select unnest(['nan'::double, 'inf'::double]) as a`,
      `select [1, 2] as a, date '2020-01-01' as d from range(3)`,
    ]) {
      const page = reportPage(await lab.profile({ data }))
      assert.match(page, /<\/html>/)
      assert.ok(!/NaN"|undefined|Infinity/.test(page.replace(/<script>[\s\S]*<\/script>/, '')), data)
    }
  })

  test('escapes all that is put into markup, once', () => {
    assert.equal(
      html`<b>${'<&>'}${html`<i>${'"'}</i>`}${['a', 1, false, undefined]}</b>`.markup,
      '<b>&lt;&amp;&gt;<i>&quot;</i>a1</b>',
    )
    assert.equal(html`${'a\u001Bb\u0000'}`.markup, 'a␛b␀')
  })
})
