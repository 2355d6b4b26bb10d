import { after } from 'node:test'
import { startTestApp } from '../../../testing/app.ts'
import { artifactStore } from './artifact-store.ts'
import { storeContract } from '../store.contract.ts'

const t = await startTestApp()
after(async () => {
  await t.end()
})
let next = 0

storeContract('a container of our own', async () =>
  artifactStore(t.app.platform.artifacts, `container-${next++}`),
)
