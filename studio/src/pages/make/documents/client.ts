import { makeClient, type Client } from '../../../../../src/cli/client/client.ts'

/** The command line's own client, for a workspace: the cookie says who asks. */
export function clientOf(workspaceId: string, signal = new AbortController().signal): Client {
  const [, subscription = '', resourceGroup = '', workspace = ''] =
    /^\/subscriptions\/([^/]+)\/resourceGroups\/([^/]+)\/.*\/workspaces\/([^/]+)/i.exec(workspaceId) ?? []
  const url = globalThis.location.origin
  return makeClient({ url, token: '', subscription, resourceGroup, workspace, signal })
}
