import type { Action } from '../resources/resource.ts'

/** Types of event, each with what it tells, in a sentence. */
export type EventTypes = Readonly<Record<string, string>>

/** What the kernel itself tells of: Event Grid's types, and one that it has no word for. */
export const kernelEventTypes = {
  'Microsoft.Resources.ResourceWriteSuccess': 'A resource was written.',
  'Microsoft.Resources.ResourceDeleteSuccess': 'A resource was deleted.',
  'Twinloop.ResourceStatusChanged': 'The platform found something about a resource.',
} as const

/** `POST {workspace}/listEventTypes`: what there may be events of, as subscriptions name it. Answers `{ value: [{ type, summary }] }`. */
export const listEventTypes = (all: readonly EventTypes[]): Action => ({
  operation: 'read',
  async run() {
    const value = [...all, kernelEventTypes].flatMap((types) =>
      Object.entries(types).map(([type, summary]) => ({ type, summary })),
    )
    return { body: { value } }
  },
})
