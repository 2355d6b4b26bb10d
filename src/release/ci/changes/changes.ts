import type { HostKind } from '../address.ts'
import { devOpsChanges } from './azure-devops.ts'
import type { ChangeHost } from './change-host.ts'
import { githubChanges } from './github.ts'
import { gitlabChanges } from './gitlab.ts'

/** How each kind of host is asked to take a change of a file. Add a host here. */
export const changeHosts: Readonly<Record<HostKind, ChangeHost>> = {
  github: githubChanges,
  gitlab: gitlabChanges,
  azure_devops: devOpsChanges,
}
