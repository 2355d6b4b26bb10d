import { openConnection } from '../../../admin/connections.ts'
import type { Platform } from '../../../kernel/platform.ts'
import { scopeId } from '../../../kernel/resources/arm-id.ts'
import type { HostKind } from '../address.ts'
import { addressIn, hostOf, type Repository } from '../repository.ts'
import { Refused } from './call.ts'
import type { Remote, ReportHost } from './host.ts'
import { azureDevOps } from './hosts/azure-devops.ts'
import { github } from './hosts/github.ts'
import { gitlab } from './hosts/gitlab.ts'

const hosts: Readonly<Record<HostKind, ReportHost>> = { github, gitlab, azure_devops: azureDevOps }

/** Where a repository's host is and what speaks to it. Throws Refused where the repository does not say by which token. */
export async function remoteOf(
  platform: Platform,
  repository: Repository,
  signal: AbortSignal,
): Promise<{ readonly kind: HostKind; readonly host: ReportHost; readonly remote: Remote }> {
  const { report } = repository.properties
  const kind = hostOf(repository.properties)
  if (!report || kind === undefined) throw new Refused('the repository says no connection to report by', 0)
  const { target, credentials } = await openConnection(
    platform,
    scopeId(repository.id) ?? '',
    report.connection,
  )
  const token = credentials['pat'] ?? credentials['key'] ?? credentials['password']
  const url = URL.parse(target)
  if (token === undefined)
    throw new Refused(`connection ${report.connection} has no token (credentials of type pat)`, 0)
  if (url === null || !/^https?:$/.test(url.protocol))
    throw new Refused(`the target of connection ${report.connection} is no address of a host`, 0)
  const host = hosts[kind]
  return {
    kind,
    host,
    remote: { api: host.apiOf(url), token, path: addressIn(repository.properties)?.path ?? '', signal },
  }
}
