import assert from 'node:assert/strict'
import { after, before, describe, test } from 'node:test'
import { startTestApp, type TestApp } from '../../../testing/app.ts'
import { startMailServer, type MailServer, type ReceivedMail } from '../../../testing/mail-server.ts'
import { startWebhookReceiver, type WebhookReceiver } from '../../../testing/webhook-receiver.ts'
import { approvalNotices } from '../../notices/approval-notices.ts'
import { addGate } from '../../testing/gates.ts'
import { approvals, type TestPerson } from '../../testing/people.ts'

const sees = addGate('link-sees')
sees.advance = () => ({
  result: {
    verdict: 'pass',
    summary: 'roc_auc 0.742 <b>beats</b> the champion',
    measures: [
      {
        name: 'roc_auc',
        estimate: 0.7421,
        interval: { lower: 0.7312, upper: 0.7534, confidence: 0.95 },
        limit: 'at least 0.7',
        verdict: 'pass',
      },
    ],
    notes: [],
    files: [{ name: 'curves.svg', title: 'Curves', contentType: 'image/svg+xml', bytes: 1, sha256: 'x' }],
  },
})

const rule = { roles: ['ML Engineer'], within: '1d' }

describe('links that decide', () => {
  let t: TestApp
  let mail: MailServer
  let hook: WebhookReceiver
  const a = approvals(() => t)
  let [ana, ben, dana] = [{} as TestPerson, {} as TestPerson, {} as TestPerson]
  before(async () => {
    ;[mail, hook] = [await startMailServer(), await startWebhookReceiver()]
    t = await startTestApp({ smtpUrl: `smtp://127.0.0.1:${mail.port}`, mailFrom: 'tl@example.org' })
    ana = await a.person('ana', 'ML Engineer', { displayName: 'Ana <Silva>' })
    ben = await a.person('ben', 'ML Engineer')
    dana = await a.person('dana', 'AzureML Data Scientist')
    await a.ok('PUT', `${t.workspace}/connections/ops`, {
      properties: {
        category: 'GenericHttp',
        target: `${hook.url}/ops`,
        authType: 'ApiKey',
        credentials: { key: 'k' },
      },
    })
  })
  after(async () => {
    await t.end()
    await Promise.all([mail.close(), hook.close()])
  })

  /** The mail about a release to somebody, once it has come. */
  async function mailTo(person: TestPerson, label: string, about = 'Approve'): Promise<ReceivedMail> {
    for (let count = 1; ; count++) {
      const all = await mail.received(count)
      const found = all.find(
        ({ to, headers, text }) =>
          to.includes(`${person.name}@example.org`) &&
          text.includes(label) &&
          (headers['subject'] ?? '').startsWith(about),
      )
      if (found !== undefined) return found
    }
  }
  const linkIn = ({ text }: ReceivedMail, verdict: 'approve' | 'refuse') =>
    new RegExp(`To ${verdict}: +(\\S+)`).exec(text)?.[1] ?? assert.fail(text)
  const open = async (url: string, headers: Record<string, string> = {}, method = 'GET') => {
    const answer = await t.app.fetch(new Request(url, { method, headers }))
    return { status: answer.status, headers: answer.headers, text: await answer.text() }
  }
  const decide = async (url: string, form: Record<string, string>, headers: Record<string, string> = {}) => {
    const link = new URL(url)
    const body = new URLSearchParams({ link: link.searchParams.get('link') ?? '', ...form })
    const answer = await t.app.fetch(
      new Request(`${link.origin}/approvals`, { method: 'POST', body, headers }),
    )
    return { status: answer.status, text: await answer.text() }
  }

  test('everybody who may approve gets their own by mail, and nobody else', async () => {
    const label = await a.waiting('mailed', rule, { by: dana, gates: ['link-sees'] })
    const [toAna, toBen] = [await mailTo(ana, label), await mailTo(ben, label)]
    assert.match(toAna.headers['subject'] ?? '', /^Approve mailed:1 for production\? \(mailed\/1\)$/)
    assert.notEqual(linkIn(toAna, 'approve'), linkIn(toBen, 'approve'))
    assert.match(toAna.html, /roc_auc 0.742 &lt;b&gt;beats&lt;\/b&gt; the champion/)
    assert.match(toAna.text, /production \/ link-sees: passed: roc_auc 0.742/)
    assert.ok(
      !mail.mails.some(
        ({ to }) => to.includes('dana@example.org') || to.includes('administrator@example.org'),
      ),
    )
  })

  test('opening one shows the evidence and changes nothing, however often', async () => {
    const label = await a.waiting('opened', rule, { by: dana, gates: ['link-sees'] })
    const url = linkIn(await mailTo(ana, label), 'approve')
    const before = (await t.app.platform.resources.get(a.releaseId(label))).etag
    for (const method of ['GET', 'HEAD', 'GET']) {
      const { status, text, headers } = await open(url, {}, method)
      assert.equal(status, 200)
      assert.match(headers.get('content-security-policy') ?? '', /default-src 'none'/)
      assert.equal(headers.get('cache-control'), 'no-store')
      assert.equal(headers.get('referrer-policy'), 'same-origin')
      if (method === 'HEAD') continue
      assert.match(text, /Approve opened:1 for production\?/)
      assert.match(text, /You decide as <strong>Ana &lt;Silva&gt;<\/strong>, as ML Engineer/)
      assert.match(text, /0\.7421 \(0\.7312 to 0\.7534, 95\s%\)/)
      assert.doesNotMatch(text, /<b>beats/)
      assert.doesNotMatch(text, /value="refuse"|Curves/)
    }
    assert.equal((await t.app.platform.resources.get(a.releaseId(label))).etag, before)
  })

  test('one decides without a login, as the person, once', async () => {
    const label = await a.waiting('decided', { ...rule, count: 2 }, { by: dana })
    const url = linkIn(await mailTo(ana, label), 'approve')
    const first = await decide(url, { verdict: 'approve', comment: 'fine & good' })
    assert.equal(first.status, 200)
    assert.match(first.text, /1 more approval is needed/)
    const again = await decide(url, { verdict: 'approve' })
    assert.equal(again.status, 409)
    assert.match(again.text, /This link was used at/)
    assert.equal((await open(url)).status, 409)
    const { stages } = await a.until(label, () => true)
    const [decision] = stages[0]?.approval?.decisions ?? []
    assert.deepEqual([decision?.by.id, decision?.via, decision?.comment], [ana.id, 'link', 'fine & good'])
    const audit = await a.ok('GET', `${a.releaseId(label)}/providers/Twinloop/audit`)
    assert.ok(
      (audit.value as { actor: string; detail: string }[]).some(
        ({ actor, detail }) => actor === ana.id && detail === 'approve by a link',
      ),
    )
    const other = await decide(linkIn(await mailTo(ana, label), 'refuse'), {
      verdict: 'refuse',
      comment: 'no, wait',
    })
    assert.equal(other.status, 200, 'a later decision takes the place of the earlier')
    await a.until(label, (s) => s.state === 'refused')
  })

  test('a replay at the same time decides once', async () => {
    const label = await a.waiting('replayed', { ...rule, count: 2 }, { by: dana })
    const url = linkIn(await mailTo(ana, label), 'approve')
    const answers = await Promise.all(Array.from({ length: 5 }, () => decide(url, { verdict: 'approve' })))
    assert.deepEqual(
      answers.map(({ status }) => status).toSorted((x, y) => x - y),
      [200, 409, 409, 409, 409],
    )
  })

  test('one is for its verdict only, and a refusal needs its reason', async () => {
    const label = await a.waiting('verdict', rule, { by: dana })
    const got = await mailTo(ana, label)
    assert.equal((await decide(linkIn(got, 'approve'), { verdict: 'refuse', comment: 'x' })).status, 403)
    const refuse = linkIn(got, 'refuse')
    assert.match((await open(refuse)).text, /Refuse verdict:1 for production\?/)
    assert.equal((await decide(refuse, { verdict: 'refuse', comment: '' })).status, 400)
    assert.equal(
      (await decide(refuse, { verdict: 'refuse', comment: 'late' })).status,
      200,
      'it was not used up',
    )
  })

  test('one that was passed on to somebody who is signed in does not decide for them', async () => {
    const label = await a.waiting('passed', rule, { by: dana })
    const url = linkIn(await mailTo(ana, label), 'approve')
    for (const answer of [await open(url, dana.as), await decide(url, { verdict: 'approve' }, dana.as)]) {
      assert.equal(answer.status, 403)
      assert.match(answer.text, /sent to somebody else, and you are signed in as dana/)
    }
    assert.equal((await decide(url, { verdict: 'approve' }, ana.as)).status, 200)
  })

  test('one is for its release only, whatever else the form says', async () => {
    const [one, two] = [
      await a.waiting('cross1', rule, { by: dana }),
      await a.waiting('cross2', rule, { by: dana }),
    ]
    const url = linkIn(await mailTo(ana, one), 'approve')
    await decide(url, { verdict: 'approve', release: a.releaseId(two), stage: 'production' })
    await a.until(one, (s) => s.state === 'succeeded')
    assert.equal((await a.until(two, () => true)).state, 'waiting')
  })

  test('one counts no more when the role was taken, and says so', async () => {
    const eve = await a.person('eve')
    const role = await a.give(eve, 'ML Engineer')
    const label = await a.waiting('role', rule, { by: dana })
    const url = linkIn(await mailTo(eve, label), 'approve')
    await a.ok('DELETE', role)
    for (const answer of [await open(url), await decide(url, { verdict: 'approve' })]) {
      assert.equal(answer.status, 403)
      assert.match(answer.text, /eve needs the role/)
    }
  })

  test('one is over with its approval: expired, decided, or with other evidence', async () => {
    const label = await a.waiting('over', rule, { by: dana })
    const url = linkIn(await mailTo(ana, label), 'approve')
    assert.equal((await a.decide(ben, label, 'approve')).status, 200)
    await a.until(label, (s) => s.state === 'succeeded')
    const late = await decide(url, { verdict: 'approve' })
    assert.equal(late.status, 409)
    assert.match(late.text, /is not in stage|is closed|waits for no approval/)

    const other = await a.waiting('evidence', rule, { by: dana })
    const stale = linkIn(await mailTo(ana, other), 'approve')
    const { db } = t.app.platform.store
    await db
      .updateTable('approval_links')
      .set({ evidence: 'other' })
      .where('release', 'like', '%/evidence/%')
      .execute()
    assert.match((await decide(stale, { verdict: 'approve' })).text, /has changed since/)
    await db
      .updateTable('approval_links')
      .set({ expires_at: 1 })
      .where('release', 'like', '%/evidence/%')
      .execute()
    for (const answer of [await open(stale), await decide(stale, { verdict: 'approve' })]) {
      assert.equal(answer.status, 409)
      assert.match(answer.text, /time for this decision is over/)
    }
  })

  test('one that was made up, or is none of ours, opens nothing', async () => {
    const { http } = t.app.platform.urls
    assert.equal((await open(`${http}/approvals?link=${'A'.repeat(43)}`)).status, 404)
    const out = await open(`${http}/approvals?release=dev/x/1`)
    assert.deepEqual(
      [out.status, /url=\/approvals\?release=dev%2Fx%2F1&amp;again=1/.test(out.text)],
      [401, true],
    )
    assert.match((await open(`${http}/approvals?release=dev/x/1&again=1`)).text, /You are not signed in/)
    assert.equal((await decide(`${http}/approvals?link=x`, { verdict: 'approve' })).status, 404)
    assert.equal((await decide(`${http}/approvals?link=x`, { comment: 'x'.repeat(70_000) })).status, 413)
  })

  test('what stands in a link is kept nowhere, and is no token', async () => {
    const label = await a.waiting('nowhere', rule, { by: dana })
    const url = linkIn(await mailTo(ana, label), 'approve')
    const token = new URL(url).searchParams.get('link') ?? ''
    const { db } = t.app.platform.store
    const tables = ['approval_links', 'resources', 'outbox', 'audit', 'tokens', 'secrets'] as const
    for (const table of tables)
      assert.ok(!JSON.stringify(await db.selectFrom(table).selectAll().execute()).includes(token), table)
    assert.equal(
      (await t.send('GET', t.workspace, undefined, { authorization: `Bearer ${token}` })).status,
      401,
    )
  })

  test('who is signed in decides on the same page, with both verdicts', async () => {
    const label = await a.waiting('signed', rule, { by: dana, gates: ['link-sees'] })
    const page = `${t.app.platform.urls.http}/approvals?release=dev/${label}`
    const { text } = await open(page, ana.as)
    assert.match(text, /value="approve"[\s\S]*value="refuse"/)
    const hidden = Object.fromEntries(
      Array.from(text.matchAll(/<input type="hidden" name="(\w+)" value="([^"]*)"/g), ([, k, v]) => [k, v]),
    ) as Record<string, string>
    assert.match(
      text,
      /href="\/subscriptions\/[^"]+\/releases\/1\/evidence\/production\/link-sees\/1\/curves\.svg"\s*>Curves/,
    )
    assert.equal((await open(page, dana.as)).status, 403)
    const all = `${t.app.platform.urls.http}/approvals`
    assert.match(
      (await open(all, ana.as)).text,
      /For you[^]*href="[^"]*release=dev\/signed\/1"[^]*signed:1 for production/,
    )
    const hers = (await open(all, dana.as)).text
    assert.match(hers, /Nothing waits for you[^]*For others[^]*release=dev\/signed\/1/)
    const forged = await decide(
      page,
      { ...hidden, verdict: 'approve' },
      { ...session(ana), origin: 'https://evil.example' },
    )
    assert.equal(forged.status, 401, 'another site cannot send the form')
    const blind = await decide(page, { verdict: 'approve', release: a.releaseId(label) }, ana.as)
    assert.equal(blind.status, 409, 'nobody decides what they have not seen')
    assert.equal((await decide(page, { ...hidden, verdict: 'approve' }, ana.as)).status, 200)
    await a.until(label, (s) => s.state === 'succeeded')
    const over = await open(page, ana.as)
    assert.match(over.text, /signed:1 for production: approved/)
    assert.match(over.text, /<strong>Ana &lt;Silva&gt;<\/strong>\s+approved as/)
    assert.match(
      (await open(`${t.app.platform.urls.http}/approvals?release=x`, ana.as)).text,
      /names no release/,
    )
  })
  const session = ({ as }: TestPerson) => ({
    cookie: `twinloop_session=${as.authorization.slice('Bearer '.length)}`,
  })

  test('programs are told what is asked and what came of it, without anybody’s links', async () => {
    const label = await a.waiting('told', { ...rule, notify: ['ops', 'boss@example.org'] }, { by: dana })
    const toBoss = await mailTo({ name: 'boss', id: '', as: { authorization: '' } }, label)
    assert.doesNotMatch(toBoss.text, /link=/)
    assert.match(toBoss.text, /sign in to decide: http\S+\/approvals\?release=/)
    await a.decide(ana, label, 'approve', { comment: 'ship it' })
    const toDana = await mailTo(dana, label, 'told:1')
    assert.match(toDana.text, /Ana <Silva> approved it: ship it/)
    const calls = await hook.received(2)
    const events = calls.map(
      ({ body }) => JSON.parse(body) as { type: string; data: Record<string, unknown> },
    )
    const asked = events.find(({ type }) => type === 'Twinloop.ReleaseApprovalRequested')
    assert.ok(!JSON.stringify(events).includes('link='))
    assert.deepEqual(asked?.data['approvers'], [
      { name: 'Ana <Silva>', mail: 'ana@example.org' },
      { name: 'ben', mail: 'ben@example.org' },
      ...((asked?.data['approvers'] as object[]) ?? []).slice(2),
    ])
    const decided = events.find(({ type }) => type === 'Twinloop.ReleaseApprovalDecided')
    assert.equal(decided?.data['outcome'], 'approved')
  })

  test('who may approve only since is asked then, and the release says so', async () => {
    const label = await a.waiting('late', { ...rule, roles: ['Release Approver'] }, { by: dana })
    assert.match(
      (await a.until(label, () => true)).reason,
      /there is nobody but those who asked for it who may/,
    )
    const ivy = await a.person('ivy', 'Release Approver')
    const got = await mailTo(ivy, label)
    await a.until(label, ({ reason }) => reason.endsWith("at workspace 'dev': ivy."))
    const kim = await a.person('kim')
    await a.ok(
      'PUT',
      `${t.workspace}/providers/Twinloop/approvalDelegations/kim`,
      { properties: { to: 'kim', until: new Date(Date.now() + 3_600_000).toISOString(), reason: 'away' } },
      ivy.as,
    )
    const stoodIn = await mailTo(kim, label)
    assert.match((await open(linkIn(stoodIn, 'approve'))).text, /as Release Approver in the place of ivy/)
    assert.equal((await decide(linkIn(got, 'approve'), { verdict: 'approve' })).status, 200)
    const told = mail.mails.filter(({ to, text }) => to.includes('ivy@example.org') && text.includes(label))
    assert.equal(told.length, 1, 'nobody is asked twice')
  })

  test('whoever reacts to an event twice tells it once', async () => {
    const label = await a.waiting('twice', rule, { by: dana })
    await mailTo(ana, label)
    const { platform } = t.app
    const told = async () =>
      (await platform.resources.list({ type: 'notices', scope: t.workspace, top: 1000 })).length
    const before = await told()
    const events = platform.events.tail(0, AbortSignal.timeout(10_000))[Symbol.asyncIterator]()
    for (;;) {
      const { value } = await events.next()
      const { type, data } = value ?? assert.fail()
      if (type !== 'Twinloop.ReleaseApprovalRequested' || data['release'] !== label) continue
      await approvalNotices.handle(value ?? assert.fail(), platform)
      break
    }
    assert.equal(await told(), before)
  })

  test('links begin with the address at which people reach the server', async (context) => {
    const elsewhere = await startTestApp({
      smtpUrl: `smtp://127.0.0.1:${mail.port}`,
      mailFrom: 'tl@example.org',
      publicUrl: 'https://twinloop.example.org/',
    })
    context.after(() => elsewhere.end())
    const b = approvals(() => elsewhere)
    const far = await b.person('far', 'ML Engineer')
    const label = await b.waiting('public', rule)
    const { text } = await mailTo(far, label)
    assert.match(text, /To approve: +https:\/\/twinloop\.example\.org\/approvals\?link=[\w-]{43}\n/)
    assert.match(text, /sign in: https:\/\/twinloop\.example\.org\/approvals\?release=dev\/public\/1\n/)
  })

  test('a program that takes each link to its person gets them', async () => {
    await a.ok('PUT', `${t.workspace}/connections/bot`, {
      properties: {
        category: 'GenericHttp',
        target: `${hook.url}/bot`,
        metadata: { approval_links: 'true' },
      },
    })
    const label = await a.waiting('bot', { ...rule, notify: ['bot'] }, { by: dana })
    for (let count = 1; ; count++) {
      const call = (await hook.received(count)).find(({ path }) => path === '/bot')
      if (call === undefined) continue
      const { data } = JSON.parse(call.body) as {
        data: { approvers: { name: string; approve: string; refuse: string }[] }
      }
      const own = data.approvers.find(({ name }) => name === 'ben') ?? assert.fail()
      assert.equal((await decide(own.approve, { verdict: 'approve' })).status, 200)
      break
    }
    const { stages } = await a.until(label, (s) => s.state === 'succeeded')
    assert.equal(stages[0]?.approval?.decisions[0]?.by.name, 'ben')
  })
})
