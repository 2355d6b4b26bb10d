import type { ActionKind } from './action.ts'
import { notify } from './kinds/notify/action.ts'

/** Everything that an alert may do. Add a kind of action here. */
export const actions: readonly ActionKind<never>[] = [notify as ActionKind<never>]
