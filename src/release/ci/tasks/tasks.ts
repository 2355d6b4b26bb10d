import type { HostKind } from '../address.ts'
import { devOpsTasks } from './azure-devops.ts'
import { githubTasks } from './github.ts'
import { gitlabTasks } from './gitlab.ts'
import type { TaskHost } from './task-host.ts'

/** How each kind of host is told of tasks for people. Add a host here. */
export const taskHosts: Readonly<Record<HostKind, TaskHost>> = {
  github: githubTasks,
  gitlab: gitlabTasks,
  azure_devops: devOpsTasks,
}
