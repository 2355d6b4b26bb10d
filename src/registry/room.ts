import { Hono } from 'hono'
import { defaultWorkspaceId } from '../admin/workspaces.ts'
import { backfillLineage } from '../data/lineage/backfill.ts'
import type { Room } from '../kernel/platform.ts'
import type { Frame } from '../kernel/rest/arm.ts'
import { bases, Door, registryBase, serve } from '../tracking/protocol/serve.ts'
import { sharedArtifactRoutes } from './mlflow/artifacts.ts'
import { registeredModelRoutes } from './mlflow/models.ts'
import { modelVersionRoutes } from './mlflow/versions.ts'
import { tellOfModel } from './lineage.ts'
import { models, modelVersions } from './models.ts'
import { registries } from './shared/registries.ts'
import { sharedRoutes } from './shared/routes.ts'

/** Element 4: models and their versions, the same for Azure ML's clients and for MLflow's. */
export const registry: Room = {
  name: 'registry',
  definitions: [registries, models, modelVersions],
  start: (platform) => backfillLineage(platform, modelVersions.type, tellOfModel),
  routes(platform) {
    const door = new Door(platform, defaultWorkspaceId(platform.config))
    return new Hono<Frame>()
      .route('/', serve(door, [...registeredModelRoutes, ...modelVersionRoutes], [...bases, registryBase]))
      .route('/', sharedArtifactRoutes(door))
      .route('/', sharedRoutes(platform))
  },
  eventTypes: { 'Microsoft.MachineLearningServices.ModelRegistered': 'A version of a model is registered.' },
}
