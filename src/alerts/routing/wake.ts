import type { Platform } from '../../kernel/platform.ts'

export const routingReconciler = 'alerts/routing'
export const alertmanagerReconciler = 'alerts/alertmanager'

/**
 * Has the alerts of a workspace looked at: who is to be told of them, and which nobody shall be told of. Both reconcilers are
 * about the workspace: there may be no routing, and silences mean something all the same.
 */
export function wakeRouting(platform: Platform, workspaceKey: string): void {
  platform.wake(routingReconciler, workspaceKey)
  platform.wake(alertmanagerReconciler, workspaceKey)
}
