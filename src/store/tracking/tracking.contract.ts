import { after, before, test } from 'node:test'
import type { Store } from '../database.ts'
import { experimentsContract } from './contracts/experiments.contract.ts'
import { loggedModelsContract } from './contracts/logged-models.contract.ts'
import { metricsContract } from './contracts/metrics.contract.ts'
import type { On } from './contracts/on.ts'
import { runsContract } from './contracts/runs.contract.ts'
import { searchContract } from './contracts/search.contract.ts'

/** What the tracking tables promise, on every dialect. */
export function trackingContract(dialect: string, open: () => Promise<Store>): void {
  let store: Store
  before(async () => {
    store = await open()
  })
  after(() => store.close())
  let count = 0
  const on: On = (what, body) =>
    void test(`${dialect}: ${what}`, () => body(store, `/subscriptions/s/workspaces/w${count++}`))

  experimentsContract(on)
  runsContract(on)
  metricsContract(on)
  searchContract(on)
  loggedModelsContract(on)
}
