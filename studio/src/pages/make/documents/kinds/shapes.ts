import type { Kind } from '../../../../../../src/cli/yaml/kinds.ts'
import type { MakeKindName } from '../../../../parts/make-kinds.ts'

/** The shapes of the command line that a document of a kind may have. */
export const shapesOf: Readonly<Record<MakeKindName, readonly Kind[]>> = {
  data: ['data'],
  model: ['model'],
  environment: ['environment'],
  'data-import': ['dataImport'],
  'data-contract': ['dataContract'],
  datastore: ['datastore'],
  connection: ['connection'],
  compute: ['compute'],
  'online-endpoint': ['onlineEndpoint'],
  'online-deployment': ['onlineDeployment'],
  'batch-endpoint': ['batchEndpoint'],
  'batch-deployment': ['batchDeployment'],
  job: ['commandJob', 'pipelineJob'],
  schedule: ['schedule'],
  monitor: ['schedule'],
  'release-plan': ['releasePlan'],
  repository: ['repository'],
  'alert-rule': ['alertRule'],
  'alert-routing': ['alertRouting'],
  silence: ['silence'],
}
