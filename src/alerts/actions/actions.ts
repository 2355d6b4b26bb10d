import type { ActionKind } from './action.ts'
import { notify } from './kinds/notify/action.ts'
import { retrain } from './kinds/retrain/action.ts'
import { runJob } from './kinds/run-job/action.ts'

/** Everything that an alert may do. Add a kind of action here. */
export const actions: readonly ActionKind<never>[] = [
  notify as ActionKind<never>,
  retrain as ActionKind<never>,
  runJob as ActionKind<never>,
]
