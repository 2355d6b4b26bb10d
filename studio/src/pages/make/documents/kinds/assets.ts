import {
  dataBody,
  datastoreBody,
  environmentBody,
  modelBody,
} from '../../../../../../src/cli/bodies/assets.ts'
import { connectionBody } from '../../../../../../src/cli/bodies/connection.ts'
import { contractBody } from '../../../../../../src/cli/bodies/contract.ts'
import { computeBody } from '../../../../../../src/cli/bodies/platform.ts'
import { importProperties } from '../../../../../../src/cli/bodies/transfer.ts'
import {
  presentData,
  presentDatastore,
  presentEnvironment,
  presentModel,
} from '../../../../../../src/cli/present/assets.ts'
import { presentConnection } from '../../../../../../src/cli/present/connection.ts'
import { presentContract } from '../../../../../../src/cli/present/contract.ts'
import { presentCompute } from '../../../../../../src/cli/present/platform.ts'
import { textOf } from '../../../../../../src/cli/present/present.ts'
import { presentImport } from '../../../../../../src/cli/present/transfer.ts'
import { isLocalPath } from '../../../../../../src/cli/yaml/checks/check.ts'
import type { Compute, Data, Datastore, Model } from '../../../../../../src/cli/yaml/shapes/assets.ts'
import type { Connection } from '../../../../../../src/cli/yaml/shapes/connection.ts'
import type { DataContract } from '../../../../../../src/cli/yaml/shapes/data-contract.ts'
import type { DataImport } from '../../../../../../src/cli/yaml/shapes/transfer.ts'
import type { InlineEnvironment } from '../../../../../../src/cli/yaml/shapes/values.ts'
import { documentKind, part, type DocumentKind, type Making } from './document.ts'

/** Assets, what they lie in, and what they are computed on. */
export const assetDocuments = {
  data: documentKind<Data>({
    present: presentData,
    write: async (data, making) => ({
      ...(await version('data', data, making)),
      body: dataBody(data, await uriOf(data.path, making, data.datastore)),
    }),
  }),
  model: documentKind<Model>({
    present: presentModel,
    write: async (model, making) => ({
      ...(await version('models', model, making)),
      body: modelBody(model, await uriOf(model.path, making, model.datastore)),
    }),
  }),
  environment: documentKind<InlineEnvironment>({
    present: presentEnvironment,
    write: async (environment, making) => ({
      ...(await version('environments', environment, making)),
      body: environmentBody(environment, {
        condaFile: await condaText(environment.conda_file, making),
        contextUri: environment.build === undefined ? undefined : await uriOf(environment.build.path, making),
      }),
    }),
  }),
  'data-import': documentKind<DataImport>({
    present: presentImport,
    write: async (value) => {
      const { name = '' } = value
      const time = new Date().toISOString().slice(0, 19).replaceAll(/[-:]/g, '').replace('T', '-')
      return {
        path: `/providers/Twinloop${part('dataImports', name && `${name}-${time}`)}`,
        body: { properties: importProperties({ ...value, name }) },
      }
    },
  }),
  'data-contract': documentKind<DataContract>({
    present: presentContract,
    write: async (contract) => ({
      path: `/providers/Twinloop${part('dataContracts', contract.name ?? textOf(contract.data))}`,
      body: contractBody(contract),
    }),
  }),
  datastore: documentKind<Datastore>({
    present: presentDatastore,
    write: async (store) => ({ path: part('datastores', store.name), body: datastoreBody(store) }),
  }),
  connection: documentKind<Connection>({
    present: presentConnection,
    write: async (connection) => ({
      path: part('connections', connection.name),
      body: connectionBody(connection),
    }),
  }),
  compute: documentKind<Compute>({
    present: presentCompute,
    write: async (compute, { location }) => ({
      path: part('computes', compute.name),
      body: computeBody(compute, location),
    }),
  }),
} satisfies Readonly<Record<string, DocumentKind>>

/** Under its version, or the next there is. */
async function version(
  type: string,
  asset: { readonly name?: string | undefined; readonly version?: string | undefined },
  { client }: Making,
) {
  const container = part(type, asset.name)
  if (asset.version !== undefined) return { path: container + part('versions', asset.version) }
  const found = await client.find<{ properties?: { nextVersion?: unknown } }>(container)
  const next = textOf(found?.properties?.nextVersion) || '1'
  return { path: container + part('versions', next), isNew: true }
}

/** What is a file of the browser is uploaded; references become ids; URIs stay. */
async function uriOf(path: string, { upload, resolved }: Making, datastore?: string): Promise<string> {
  if (isLocalPath(path)) return upload(path, datastore)
  return /^azureml:(?!\/\/)/.test(path) ? resolved.id('data', path) : path
}

async function condaText(conda: unknown, { read }: Making): Promise<string | undefined> {
  if (conda === undefined) return undefined
  if (typeof conda === 'string') return read(conda)
  const { stringify } = await import('yaml')
  return stringify(conda, { lineWidth: 0 })
}
