import { useWorkspace } from '../../frame/workspace.ts'

/** Id of the workspace's subscription, which stands for the whole installation where that is measured. */
export const useSubscription = (): string => /^\/subscriptions\/[^/]+/i.exec(useWorkspace().id)?.[0] ?? ''
