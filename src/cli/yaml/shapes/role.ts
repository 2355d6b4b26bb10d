import { choice, list, object, required, text } from '../shape.ts'

/** Azure ML has no file for this: who has which role on workspaces. */
export const roleAssignment = object('a role assignment', {
  $schema: text(),
  type: required(choice('role_assignment')),
  assignee: required(text()),
  role: required(text()),
  workspaces: list(text()),
  scope: text(),
})
