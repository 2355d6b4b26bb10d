/** Where a repository is, whichever of its addresses was given. */
export interface Address {
  /** `github.com`, with a port where it has one; lower case. */
  readonly host: string
  /** `acme/flight-delay`; of Azure DevOps `organisation/project/_git/repository`. */
  readonly path: string
}

/** What speaks to and from this server of a repository. */
export const hostKinds = ['github', 'gitlab', 'azure_devops'] as const
export type HostKind = (typeof hostKinds)[number]

/**
 * Reads the address of a repository: `https://host/owner/name`, with or without `.git` and a user, `ssh://…` and
 * `git@host:owner/name`. Azure DevOps' older and SSH addresses become the one of today. Undefined if it is none.
 */
export function addressOf(text: string): Address | undefined {
  const scp = /^[\w.-]+@([\w.-]+):(?!\/)(.+)$/.exec(text.trim())
  const url = URL.parse(scp === null ? text.trim() : `ssh://${scp[1]}/${scp[2]}`)
  if (url === null || !/^(https?|ssh|git):$/.test(url.protocol)) return undefined
  const path = decoded(url.pathname)
    .replaceAll(/\/+/g, '/')
    .replace(/^\//, '')
    .replace(/\/$/, '')
    .replace(/\.git$/i, '')
  // The port of SSH says nothing of where the repository is on the web.
  const host = (url.protocol === 'ssh:' ? url.hostname : url.host).toLowerCase()
  if (!path.includes('/')) return undefined
  return azureDevOps(host, path) ?? { host, path }
}

function azureDevOps(host: string, path: string): Address | undefined {
  const today = (...[organisation, project, name]: readonly (string | undefined)[]) => ({
    host: 'dev.azure.com',
    path: `${organisation}/${project}/_git/${name}`,
  })
  const [, ...ssh] = /^v3\/([^/]+)\/([^/]+)\/([^/]+)$/.exec(path) ?? []
  if (host === 'ssh.dev.azure.com' && ssh.length > 0) return today(...ssh)
  const organisation = /^([\w-]+)\.visualstudio\.com$/.exec(host)?.[1]
  const [, project, name] = /^(?:DefaultCollection\/)?([^/]+)\/_git\/([^/]+)$/i.exec(path) ?? []
  return organisation !== undefined && name !== undefined ? today(organisation, project, name) : undefined
}

function decoded(path: string): string {
  try {
    return decodeURIComponent(path)
  } catch {
    return path
  }
}

/** Hosts compare paths without regard to case. */
export const isSame = (a: Address | undefined, b: Address | undefined): boolean =>
  a !== undefined && b !== undefined && a.host === b.host && a.path.toLowerCase() === b.path.toLowerCase()

/** What kind of host an address is at, where its name tells. */
export function hostKindOf({ host }: Address): HostKind | undefined {
  if (host === 'github.com' || host.startsWith('github.')) return 'github'
  if (host === 'gitlab.com' || host.startsWith('gitlab.')) return 'gitlab'
  return host === 'dev.azure.com' ? 'azure_devops' : undefined
}
