import type { Platform } from '../../kernel/platform.ts'

export const routingReconciler = 'alerts/routing'

/** Has the alerts of a workspace looked at: who is to be told of them, and which nobody shall be told of. */
export const wakeRouting = (platform: Platform, workspaceKey: string): void =>
  platform.wake(routingReconciler, workspaceKey)
