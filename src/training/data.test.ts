import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { putVersion } from '../data/contracts/testing/csv-version.ts'
import { startTestApp, type TestApp } from '../testing/app.ts'
import { pinInput } from './data.ts'

let t: TestApp
before(async () => {
  t = await startTestApp()
})
after(() => t.end())

const pin = (uri: string) =>
  pinInput(
    { type: 'uri_file', uri },
    { platform: t.app.platform, workspace: t.workspace, target: 'properties.inputs.d.uri' },
  )

test('a job reads no version that breaks an enforced contract, and finds the newest that keeps it', async () => {
  const contract = `${t.workspace}/providers/Twinloop/dataContracts/strict`
  const checks = [{ price: { between: [0, 10] } }, { price: { max: 5, severity: 'warn' } }]
  await t.send('PUT', contract, { properties: { data: 'sales', enforce: true, checks } })
  const one = await putVersion(t, 'sales', '1', 'price\n1\n7\n')
  // At once: whoever registers data and uses them need not wait for the evaluation by himself.
  assert.equal(await pin('azureml:sales@latest'), one)
  await t.until(one, (p) => p['contract'] === 'warned')
  const two = await putVersion(t, 'sales', '2', 'price\n11\n')
  for (const uri of ['azureml:sales:2', 'azureml:sales@latest', two])
    await assert.rejects(pin(uri), {
      target: 'properties.inputs.d.uri',
      message:
        /sales:2 breaks contract 'strict', which is enforced.*report --name strict --data 2.*azureml:sales@passed/,
    })
  await t.until(two, (p) => p['contract'] === 'failed')
  assert.equal(await pin('azureml:sales@passed'), one)
  // The data themselves can still be looked at.
  const looked = await t.send('POST', `${contract}/evaluate`, { data: 'azureml:sales@passed' })
  assert.equal(looked.body.outcome, 'warned')

  await t.send('PUT', contract, { properties: { data: 'sales', enforce: false, checks } })
  assert.equal(await pin('azureml:sales@latest'), two)
  await putVersion(t, 'free', '1', 'price\n1\n')
  await assert.rejects(pin('azureml:free@passed'), /'free' has no version that keeps its contracts/)
})
