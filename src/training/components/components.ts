import { z } from 'zod'
import { scopeId } from '../../kernel/resources/arm-id.ts'
import { errors } from '../../kernel/errors.ts'
import type { ResourceDefinition } from '../../kernel/resources/resource.ts'
import { assetFields } from '../../kernel/resources/schema.ts'
import { checkPrograms } from '../programs.ts'
import { json, text } from '../wire.ts'
import { readComponentSpec } from './spec.ts'

const container = z.looseObject(assetFields)
const version = z.looseObject({ ...assetFields, componentSpec: z.record(z.string(), z.unknown()) })

/** Names that Azure ML gives to components, and the one under which steps without a name are kept. */
const componentName = /^(?:[a-zA-Z0-9][a-zA-Z0-9_-]{0,254}|azureml_anonymous)$/

export const components: ResourceDefinition<z.infer<typeof container>> = {
  type: 'workspaces/components',
  scopes: ['workspace', 'registry'],
  summary: 'Steps of pipelines, defined once and used by name: a container of versions.',
  schema: container,
  name: componentName,
  container: true,
  present: () => ({ provisioningState: 'Succeeded' }),
}

/**
 * A version of a component. Its specification is the component's YAML with its references resolved; it may not change,
 * because pipelines and the reuse of results rely on it.
 */
export const componentVersions: ResourceDefinition<z.infer<typeof version>> = {
  type: 'workspaces/components/versions',
  scopes: ['workspace', 'registry'],
  summary: 'A command or a pipeline with declared inputs and outputs.',
  schema: version,
  immutable: ['componentSpec'],
  parent: 'created',
  async prepare({ id, body, before }, platform) {
    if (before !== undefined) return undefined
    const spec = readComponentSpec(body.properties.componentSpec)
    const named = text(json(body.properties.componentSpec)?.['name'])
    const own = id.split('/').at(-3)
    // Anonymous components carry the name of the step that they came from.
    if (named !== undefined && own !== 'azureml_anonymous' && named.toLowerCase() !== own?.toLowerCase())
      throw errors.validation(`The component says that it is called '${named}', but is put as '${own}'.`, {
        target: 'properties.componentSpec.name',
      })
    if (spec.type === 'command')
      await checkPrograms(
        { code: spec.code, environment: spec.environment },
        { platform, workspace: scopeId(id) ?? '', target: 'properties.componentSpec' },
      )
    return undefined
  },
  present: () => ({ provisioningState: 'Succeeded' }),
}
