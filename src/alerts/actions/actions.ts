import type { ActionKind } from './action.ts'
import { developmentTask } from './kinds/development-task/action.ts'
import { notify } from './kinds/notify/action.ts'
import { proposeChange } from './kinds/propose-change/action.ts'
import { retrain } from './kinds/retrain/action.ts'
import { rollback } from './kinds/rollback/action.ts'
import { runJob } from './kinds/run-job/action.ts'
import { scale } from './kinds/scale/action.ts'
import { shiftTraffic } from './kinds/shift-traffic/action.ts'

/** Everything that an alert may do. Add a kind of action here. */
export const actions: readonly ActionKind<never>[] = [
  notify as ActionKind<never>,
  retrain as ActionKind<never>,
  developmentTask as ActionKind<never>,
  rollback as ActionKind<never>,
  shiftTraffic as ActionKind<never>,
  scale as ActionKind<never>,
  proposeChange as ActionKind<never>,
  runJob as ActionKind<never>,
]
