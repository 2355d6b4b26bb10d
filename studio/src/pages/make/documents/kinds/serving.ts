import { batchDeploymentBody, batchEndpointBody } from '../../../../../../src/cli/bodies/batch.ts'
import { deploymentBody, endpointBody } from '../../../../../../src/cli/bodies/online.ts'
import { Failure } from '../../../../../../src/cli/failure.ts'
import { presentBatchDeployment, presentBatchEndpoint } from '../../../../../../src/cli/present/batch.ts'
import { presentDeployment, presentEndpoint } from '../../../../../../src/cli/present/platform.ts'
import type { Resolved } from '../../../../../../src/cli/references/resolve.ts'
import { collectedData } from '../../../../../../src/cli/submit/collected.ts'
import { isLocalPath } from '../../../../../../src/cli/yaml/checks/check.ts'
import type { BatchDeployment, BatchEndpoint } from '../../../../../../src/cli/yaml/shapes/batch.ts'
import type { OnlineDeployment, OnlineEndpoint } from '../../../../../../src/cli/yaml/shapes/serving.ts'
import { documentKind, part, type DocumentKind } from './document.ts'

/** Endpoints and what answers behind them. */
export const servingDocuments = {
  'online-endpoint': documentKind<OnlineEndpoint>({
    present: presentEndpoint,
    async write(endpoint, { location, resolved, before }) {
      const computeId = endpoint.compute === undefined ? undefined : resolved.id('computes', endpoint.compute)
      const body = endpointBody(endpoint, { location, computeId })
      // Traffic names deployments: what says nothing of it leaves it as it is.
      const { traffic = {}, mirrorTraffic = {} } = before?.properties ?? {}
      const kept = before === undefined || endpoint.traffic !== undefined ? {} : { traffic, mirrorTraffic }
      return {
        path: part('onlineEndpoints', endpoint.name),
        body: { ...body, properties: { ...(body['properties'] as object), ...kept } },
      }
    },
  }),
  'online-deployment': documentKind<OnlineDeployment>({
    present: presentDeployment,
    async write(deployment, { client, location, resolved }) {
      return {
        path: part('onlineEndpoints', deployment.endpoint_name) + part('deployments', deployment.name),
        body: deploymentBody(deployment, {
          location,
          ...behind(deployment, resolved),
          collected: await collectedData(client, deployment, resolved),
        }),
      }
    },
  }),
  'batch-endpoint': documentKind<BatchEndpoint>({
    present: presentBatchEndpoint,
    write: async (endpoint, { location }) => ({
      path: part('batchEndpoints', endpoint.name),
      body: batchEndpointBody(endpoint, location),
    }),
  }),
  'batch-deployment': documentKind<BatchDeployment>({
    present: presentBatchDeployment,
    async write(deployment, { location, resolved }) {
      const { compute, component } = deployment
      return {
        path: part('batchEndpoints', deployment.endpoint_name) + part('deployments', deployment.name),
        body: batchDeploymentBody(deployment, {
          location,
          ...behind(deployment, resolved),
          computeId: compute === undefined ? undefined : resolved.id('computes', compute),
          componentId:
            component === undefined
              ? undefined
              : resolved.id('components', registered(component, 'component')),
        }),
      }
    },
  }),
} satisfies Readonly<Record<string, DocumentKind>>

/** Ids of what a deployment runs; all of it has to be registered, since a browser uploads no folders of code. */
function behind(
  { model, environment, code_configuration: code }: OnlineDeployment | BatchDeployment,
  resolved: Resolved,
) {
  return {
    modelId: model === undefined ? undefined : resolved.id('models', registered(model, 'model')),
    environmentId:
      environment === undefined
        ? undefined
        : resolved.id('environments', registered(environment, 'environment')),
    codeId:
      code?.code === undefined ? undefined : registered(code.code, 'code').replace(/^azureml:(?=\/)/, ''),
  }
}

function registered(given: unknown, what: string): string {
  if (typeof given === 'string' && !isLocalPath(given)) return given
  throw new Failure(`the ${what} is to be registered first: a browser takes azureml:NAME:VERSION`, {
    hint: 'or create this by the command line, which uploads what lies beside the file',
  })
}
