import { makeClient, type Connection } from './client.ts'

/** Whose the token is, and a link that signs a browser in as them: once, within 15 minutes. */
export function askForSignInLink(
  connection: Pick<Connection, 'url' | 'token' | 'signal'>,
): Promise<{ readonly name: string; readonly url: string }> {
  const client = makeClient({ subscription: '', resourceGroup: '', workspace: '', ...connection })
  return client.post(`${connection.url}/sign-in-links`)
}
