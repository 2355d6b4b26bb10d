import { isDeepStrictEqual } from 'node:util'
import { parse, stringify } from 'yaml'
import { z } from 'zod'
import { errors } from '../../kernel/errors.ts'
import type { Json, Resource, ResourceDefinition } from '../../kernel/resources/resource.ts'
import { assetFields, oneOf } from '../../kernel/resources/schema.ts'
import { specificationOf } from './specification.ts'

const route = z.looseObject({ path: z.string().min(1), port: z.int().min(1).max(65535) }).nullish()

const versionSchema = z.looseObject({
  ...assetFields,
  image: z.string().trim().min(1).nullish(),
  /** Azure's clients send the file's text; what it parses to is taken, too, and kept as text. */
  condaFile: z
    .union([z.string(), z.record(z.string(), z.unknown()).transform((content) => stringify(content))])
    .nullish(),
  build: z
    .looseObject({ contextUri: z.string().min(1), dockerfilePath: z.string().min(1).nullish() })
    .nullish(),
  osType: oneOf(['Linux', 'Windows']).nullish(),
  inferenceConfig: z
    .looseObject({ livenessRoute: route, readinessRoute: route, scoringRoute: route, startupRoute: route })
    .nullish(),
  autoRebuild: oneOf(['Disabled', 'OnBaseImageUpdate']).nullish(),
  stage: z.string().nullish(),
})

type EnvironmentVersion = z.infer<typeof versionSchema>

/** What jobs and deployments run in, by name. */
export const environmentContainers: ResourceDefinition = {
  type: 'workspaces/environments',
  scopes: ['workspace', 'registry'],
  summary: 'Python environments for jobs and deployments, of which there are versions.',
  schema: z.looseObject(assetFields),
  container: true,
  present: ({ properties }) => ({ ...defaults(properties), provisioningState: 'Succeeded' }),
}

/** One state of an environment, for good: only what describes it can change. */
export const environmentVersions: ResourceDefinition<EnvironmentVersion> = {
  type: 'workspaces/environments/versions',
  scopes: ['workspace', 'registry'],
  summary: 'What an environment consists of: an image, a conda file or a build context.',
  schema: versionSchema,
  parent: 'created',
  prepare({ name, body: { properties }, before }) {
    checkContent(properties)
    if (before !== undefined) checkSameContent(name, before, properties)
    return Promise.resolve({ status: { environmentType: 'UserCreated', provisioningState: 'Succeeded' } })
  },
  present: ({ properties }) => ({
    ...defaults(properties),
    isAnonymous: properties.isAnonymous ?? false,
    osType: properties.osType ?? 'Linux',
  }),
}

function checkContent(environment: EnvironmentVersion) {
  const { image, build, condaFile } = environment
  if (image && build)
    throw errors.validation('An environment has an image or a build, not both.', {
      target: 'properties.build',
    })
  if (!image && !build && condaFile == null)
    throw errors.validation('An environment needs an image, a build or a condaFile; it has none of them.', {
      target: 'properties',
    })
  specificationOf(environment)
}

/** The same content as before is no error: clients create what is there already and expect to find it. */
function checkSameContent(
  version: string,
  { properties: before }: Resource<EnvironmentVersion>,
  now: EnvironmentVersion,
) {
  const changed = (['image', 'build', 'condaFile', 'osType', 'inferenceConfig'] as const).find(
    (field) => !isDeepStrictEqual(content(before, field), content(now, field)),
  )
  if (changed !== undefined)
    // 409 and not 400: Azure's clients make the next version when they meet it.
    throw errors.conflict(
      `Version ${version} of this environment is there already with another ${changed}, which cannot change. Make a new version.`,
      { target: `properties.${changed}` },
    )
}

/** The value of a field, without what is only a way of writing it. */
function content(environment: EnvironmentVersion, field: keyof EnvironmentVersion): unknown {
  const value = environment[field]
  if (field === 'osType') return value ?? 'Linux'
  return field === 'condaFile' && typeof value === 'string'
    ? (parse(value, { uniqueKeys: false }) as unknown)
    : (value ?? undefined)
}

const defaults = (properties: Json) => ({
  tags: properties['tags'] ?? {},
  properties: properties['properties'] ?? {},
  isArchived: properties['isArchived'] ?? false,
})
