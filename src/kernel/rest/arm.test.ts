import assert from 'node:assert/strict'
import { after, before, describe, test } from 'node:test'
import { startTestApp, type TestApp } from '../../testing/app.ts'

describe('the Azure Resource Manager surface', () => {
  let t: TestApp
  before(async () => {
    t = await startTestApp()
  })
  after(() => t.end())

  const compute = (name: string) => `${t.workspace}/computes/${name}`
  const aml = (max = 2) => ({
    location: 'local',
    tags: { team: 'a' },
    properties: {
      computeType: 'amlcompute',
      properties: { vmSize: 'S', scaleSettings: { minNodeCount: 0, maxNodeCount: max } },
    },
  })

  test('creates, reads back in canonical spelling and answers with an etag', async () => {
    const put = await t.send('PUT', `${compute('cpu-cluster')}?api-version=1999-01-01`, aml())
    assert.equal(put.status, 201)
    assert.equal(put.body.properties.computeType, 'AmlCompute')
    assert.equal(put.body.properties.provisioningState, 'Succeeded')
    assert.equal(put.body.type, 'Microsoft.MachineLearningServices/workspaces/computes')
    assert.match(put.headers.get('azure-asyncoperation') ?? '', /mfeOperationsStatus/)
    const get = await t.send('GET', compute('CPU-Cluster').toUpperCase())
    assert.equal(get.status, 200)
    assert.equal(get.body.name, 'cpu-cluster')
    assert.equal(get.headers.get('etag'), put.headers.get('etag'))
    const poll = await t.send('GET', new URL(put.headers.get('azure-asyncoperation') ?? '').pathname)
    assert.equal(poll.body.status, 'Succeeded')
  })

  test('a second identical PUT changes nothing', async () => {
    const first = await t.send('PUT', compute('same'), aml())
    const second = await t.send('PUT', compute('same'), aml())
    assert.deepEqual([first.status, second.status], [201, 200])
    assert.equal(second.headers.get('etag'), first.headers.get('etag'))
  })

  test('PATCH merges, null removes, and read-only properties are ignored', async () => {
    await t.send('PUT', compute('patched'), aml())
    const patched = await t.send('PATCH', compute('patched'), {
      tags: { team: null, owner: 'b' },
      properties: { properties: { scaleSettings: { maxNodeCount: 5 } }, provisioningState: 'Failed' },
    })
    assert.equal(patched.status, 200)
    assert.deepEqual(patched.body.tags, { owner: 'b' })
    assert.equal(patched.body.properties.properties.scaleSettings.maxNodeCount, 5)
    assert.equal(patched.body.properties.properties.vmSize, 'S')
    assert.equal(patched.body.properties.provisioningState, 'Succeeded')
  })

  test('lists are filtered, searched, ordered and counted', async () => {
    for (const name of ['listed-a', 'listed-b', 'listed-c']) await t.send('PUT', compute(name), aml())
    const list = (query: string) => t.send('GET', `${t.workspace}/computes?${query}`)
    const names = ({ body }: { body: { value: { name: string }[] } }) => body.value.map(({ name }) => name)
    const found = await list(`$search=LISTED&$count=true&$top=2&$orderBy=${encodeURIComponent('name desc')}`)
    assert.deepEqual([names(found), found.body['@odata.count']], [['listed-c', 'listed-b'], 3])
    assert.match(found.body.nextLink, /search=LISTED.*skip=2/i)
    const one = await list(
      `$filter=${encodeURIComponent("startswith(name,'listed-') and name ne 'listed-a'")}`,
    )
    assert.deepEqual([names(one).sort(), one.body['@odata.count']], [['listed-b', 'listed-c'], undefined])
    const wrong = await list(`$filter=${encodeURIComponent("nane eq 'a'")}`)
    assert.equal(wrong.status, 400)
    assert.match(wrong.body.error.message, /did you mean 'name'\?/)
    assert.equal((await list('$orderBy=colour')).status, 400)
  })

  test('etags guard writes', async () => {
    const { headers } = await t.send('PUT', compute('guarded'), aml())
    const etag = headers.get('etag') ?? ''
    assert.equal((await t.send('PUT', compute('guarded'), aml(3), { 'if-match': '"stale"' })).status, 412)
    assert.equal((await t.send('PUT', compute('guarded'), aml(3), { 'if-match': etag })).status, 200)
    assert.equal((await t.send('PUT', compute('guarded'), aml(4), { 'if-none-match': '*' })).status, 412)
    assert.equal((await t.send('DELETE', compute('guarded'), undefined, { 'if-match': etag })).status, 412)
    assert.equal((await t.send('PUT', compute('never'), aml(), { 'if-match': '*' })).status, 412)
  })

  test('lists by page, tag, order and view', async () => {
    for (const name of ['page-a', 'page-b', 'page-c'])
      await t.send('PUT', compute(name), { ...aml(), tags: { page: name } })
    const names: string[] = []
    let path: string | undefined = `${t.workspace}/computes?$top=2&$orderBy=name asc`
    while (path !== undefined) {
      const { body, status } = await t.send('GET', path)
      assert.equal(status, 200)
      assert.ok(body.value.length <= 2)
      names.push(...body.value.map((c: { name: string }) => c.name))
      path = body.nextLink === undefined ? undefined : body.nextLink.slice(t.app.platform.urls.http.length)
    }
    assert.deepEqual(names, [...names].sort())
    assert.ok(['page-a', 'page-b', 'page-c'].every((n) => names.includes(n)))
    const tagged = await t.send('GET', `${t.workspace}/computes?tags=page=page-b`)
    assert.deepEqual(
      tagged.body.value.map((c: { name: string }) => c.name),
      ['page-b'],
    )
    assert.equal((await t.send('GET', `${t.workspace}/computes?$orderBy=colour`)).status, 400)
    assert.equal((await t.send('GET', `${t.workspace}/computes?$top=0`)).status, 400)
    assert.equal((await t.send('GET', `${t.workspace}/computes?listViewType=Some`)).status, 400)
  })

  test('deletes once, then answers 204', async () => {
    await t.send('PUT', compute('gone'), aml())
    assert.equal((await t.send('DELETE', compute('gone'))).status, 200)
    assert.equal((await t.send('DELETE', compute('gone'))).status, 204)
    assert.equal((await t.send('GET', compute('gone'))).status, 404)
  })

  test('what is wrong is said with the field and the nearest right thing', async () => {
    const wrong = await t.send('PUT', compute('wrong'), { properties: { computeType: 'AmlComput' } })
    assert.equal(wrong.status, 400)
    assert.match(wrong.body.error.message, /did you mean AmlCompute\?/)
    assert.equal(wrong.body.error.target, 'properties.computeType')
    assert.equal((await t.send('GET', compute('wrong'))).status, 404, 'nothing is half-written')
    const noType = await t.send('GET', `${t.workspace}/computs/x`)
    assert.equal(noType.status, 404)
    assert.match(noType.body.error.message, /workspaces\/computes/)
    const noAction = await t.send('POST', `${compute('same')}/stap`, {})
    assert.match(noAction.body.error.message, /did you mean 'sta(?:rt|op)'|'stop'/)
    assert.equal((await t.send('PUT', compute('-x'), aml())).status, 400)
    assert.equal((await t.send('PUT', compute('json'), '{"properties": ')).status, 400)
    assert.equal((await t.send('PUT', compute('json'), '[1]')).status, 400)
    assert.equal((await t.send('PUT', compute('big'), 'x'.repeat(33 * 1024 * 1024))).status, 413)
    assert.equal((await t.send('PUT', `${t.workspace}/computes`, aml())).status, 405)
    assert.equal(
      (await t.send('PUT', compute('same'), { properties: { computeType: 'Kubernetes' } })).status,
      400,
    )
    assert.equal(
      (await t.send('PUT', `${t.workspace}x/computes/aa`, aml())).status,
      404,
      'the workspace must exist',
    )
  })

  test('without a token nothing but health answers', async () => {
    const anonymous = (path: string, authorization = '') =>
      t.app.fetch(new Request(`${t.app.platform.urls.http}${path}`, { headers: { authorization } }))
    assert.equal((await anonymous('/healthz')).status, 200)
    assert.equal((await anonymous('/readyz')).status, 200)
    assert.equal((await anonymous('/metrics')).status, 401)
    assert.equal((await anonymous(compute('same'))).status, 401)
    assert.equal((await anonymous(compute('same'), 'Bearer nonsense')).status, 401)
    assert.equal((await anonymous('/nowhere')).status, 401)
    assert.equal((await t.send('GET', '/metrics')).status, 200)
  })

  test('a reader reads and may not write; the refusal names the operation', async () => {
    const { platform } = t.app
    const { upsertPrincipal } = await import('../../store/access-rows.ts')
    await upsertPrincipal(platform.store.db, { id: 'reader-1', name: 'reader', kind: 'User' }, Date.now())
    const token = await platform.access.issueToken('reader-1', { purpose: 'test' })
    const as = { authorization: `Bearer ${token}` }
    assert.equal((await t.send('GET', compute('same'), undefined, as)).status, 403, 'deny by default')
    const assignment = `${t.workspace}/providers/Microsoft.Authorization/roleAssignments/11111111-1111-1111-1111-111111111111`
    const assigned = await t.send('PUT', assignment, {
      properties: { roleDefinitionId: 'Reader', principalId: 'reader-1' },
    })
    assert.equal(assigned.status, 201)
    assert.equal((await t.send('GET', compute('same'), undefined, as)).status, 200)
    const refused = await t.send('PUT', compute('theirs'), aml(), as)
    assert.equal(refused.status, 403)
    assert.match(refused.body.error.message, /workspaces\/computes\/write/)
    const group = t.workspace.split('/providers/')[0]
    const lists = [group, group?.split('/resourceGroups/')[0], '/subscriptions/another']
    const seen = async () => {
      const names: unknown[] = []
      for (const scope of lists) {
        const path = `${scope}/providers/Microsoft.MachineLearningServices/workspaces`
        const { status, body } = await t.send('GET', path, undefined, as)
        assert.equal(status, 200)
        names.push(body.value.map((w: { name: string }) => w.name))
      }
      return names
    }
    assert.deepEqual(await seen(), [['dev'], ['dev'], []])
    await t.send('DELETE', assignment)
    assert.equal((await t.send('GET', compute('same'), undefined, as)).status, 403)
    assert.deepEqual(await seen(), [[], [], []], 'workspaces that one may not read are not listed')
  })

  test('the audit tells who wrote what, newest first, by page', async () => {
    await t.send('PUT', compute('audited'), aml())
    await t.send('PUT', compute('audited'), aml(7))
    const audit = `${compute('audited')}/providers/Twinloop/audit`
    const all = await t.send('GET', audit)
    assert.deepEqual(
      all.body.value.map((row: { actor: string; operation: string; detail: string }) => [
        row.actor,
        row.operation,
        row.detail,
      ]),
      ['replaced', 'created'].map((detail) => [
        'administrator',
        'Microsoft.MachineLearningServices/workspaces/computes/write',
        detail,
      ]),
    )
    const first = await t.send('GET', `${t.workspace}/providers/Twinloop/audit?$top=1`)
    const second = await t.send(
      'GET',
      `${t.workspace}/providers/Twinloop/audit?$top=1&before=${first.body.value[0].seq}`,
    )
    assert.equal(second.body.value[0].seq, first.body.value[0].seq - 1)
    assert.equal((await t.send('GET', `${audit}?$top=none`)).status, 400)
  })

  test('events tell of every write, as CloudEvents', async () => {
    const gone = new AbortController()
    const response = await t.app.fetch(
      new Request(
        `${t.app.platform.urls.http}${t.workspace.toUpperCase()}/PROVIDERS/twinloop/events?after=0`,
        {
          headers: { authorization: `Bearer ${t.token}` },
          signal: gone.signal,
        },
      ),
    )
    assert.equal(response.status, 200)
    const reader = response.body?.pipeThrough(new TextDecoderStream()).getReader()
    let text = ''
    while (!text.includes('computes/cpu-cluster')) text += (await reader?.read())?.value ?? ''
    assert.match(text, /"specversion":"1.0"/)
    await reader?.cancel()
    gone.abort()
  })
})
