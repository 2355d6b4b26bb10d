import { Empty } from '../parts/states.tsx'

/** For somebody who is signed in and sees no workspace. */
export const NoWorkspace = () => (
  <Empty
    title="There is no workspace that you may see"
    command="twinloop role-assignment create --role 'AzureML Data Scientist' --assignee you"
  >
    An owner can assign you a role in one, for instance with this command. Then reload.
  </Empty>
)
