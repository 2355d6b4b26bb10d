import type { Json } from '../client/client.ts'
import { clean } from '../present/present.ts'
import { connectionTypes, credentialTypes } from '../yaml/shapes/connection.ts'
import type { Connection } from '../yaml/shapes/connection.ts'
import { camelKeys } from './values.ts'

/** The body of `PUT …/connections/{name}`. */
export function connectionBody(connection: Connection): Json {
  const { type: by, account_key, sas_token, ...fields } = connection.credentials ?? { type: 'none' as const }
  return {
    properties: clean({
      category: connectionTypes[connection.type],
      authType: credentialTypes[by],
      target: connection.target,
      // Azure's SDK has an account key travel under the name of a SAS.
      credentials: clean({ ...camelKeys(fields), sas: sas_token ?? account_key }),
      metadata: { ...connection.tags, ...connection.metadata },
      description: connection.description,
      isSharedToAll: connection.is_shared ?? true,
    }),
  }
}
