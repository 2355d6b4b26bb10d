import type { Json } from '../client/client.ts'
import { sizeText } from '../output/size-text.ts'
import { clean, frame, lower, nameAndVersion, snakeKeys } from './present.ts'
import type { Body } from './present.ts'

/** A data asset's version, or its container. */
export function presentData(body: Body): Json {
  const { dataType, dataUri, description, tags, properties, latestVersion, facts, origin, contract } =
    body.properties ?? {}
  return asset(body, {
    type: dataType,
    path: dataUri,
    description,
    tags,
    properties,
    'latest version': latestVersion,
    ...(facts === undefined ? {} : { facts: presentFacts(facts as Json) }),
    ...(origin === undefined ? {} : { origin }),
    contract,
  })
}

/** What was found of the data, with its size as people say it. */
function presentFacts(facts: Json): Json {
  const { bytes } = facts
  return {
    ...(snakeKeys(facts) as Json),
    ...(typeof bytes === 'number' ? { size: sizeText(bytes) } : {}),
  }
}

export function presentEnvironment(body: Body): Json {
  const p = body.properties ?? {}
  const build = p['build'] as { contextUri?: string; dockerfilePath?: string } | undefined
  return asset(body, {
    image: p['image'],
    conda_file: p['condaFile'],
    build:
      build === undefined || build === null
        ? undefined
        : clean({ path: build.contextUri, dockerfile_path: build.dockerfilePath }),
    os_type: lower(p['osType']),
    inference_config: snakeKeys(p['inferenceConfig']),
    ...common(p),
  })
}

export function presentModel(body: Body): Json {
  const p = body.properties ?? {}
  return asset(body, {
    type: p['modelType'],
    path: p['modelUri'],
    flavors: p['flavors'],
    job_name: p['jobName'],
    lineage: snakeKeys(p['lineage']),
    stage: p['stage'],
    aliases: p['aliases'],
    alias_history: snakeKeys(p['aliasHistory']),
    ...common(p),
  })
}

/** A component is shown as its own YAML, with where it came from. */
export function presentComponent(body: Body): Json {
  const p = body.properties ?? {}
  const { _source, $schema, name, version, ...spec } = (p['componentSpec'] ?? {}) as Json
  return asset(body, { ...common(p), ...spec })
}

export function presentDatastore(body: Body): Json {
  const { store, ...shown } = body.properties ?? {}
  // A datastore of a kind that Azure does not have is shown as a container; what it is, is beside that.
  const { type: ownType, ...own } = (store ?? {}) as Json
  const { accountName, containerName, subscriptionId, resourceGroup, endpoint, protocol, ...plain } = shown
  const { datastoreType, credentials, ...rest } =
    ownType === undefined ? shown : { ...plain, ...own, datastoreType: ownType }
  const types: Readonly<Record<string, string>> = {
    azureblob: 'azure_blob',
    azurefile: 'azure_file',
    azuredatalakegen1: 'azure_data_lake_gen1',
    azuredatalakegen2: 'azure_data_lake_gen2',
    localfolder: 'local_folder',
    s3: 's3',
  }
  const kind = String(datastoreType)
  return frame(body, {
    type: types[kind.toLowerCase()] ?? kind,
    ...(snakeKeys(rest) as Json),
    credentials: credentials === undefined ? undefined : {},
  })
}

const common = (p: Json): Json => ({
  description: p['description'],
  tags: p['tags'],
  properties: p['properties'],
  stage: p['stage'],
  'latest version': p['latestVersion'],
})

/** What a registry says besides: where a version is from, and the hash of what it is. */
const published = ({ publishedFrom, integrity }: Json): Json => ({
  ...(publishedFrom === undefined ? {} : { published_from: snakeKeys(publishedFrom) }),
  ...(integrity === undefined ? {} : { integrity }),
})

function asset(body: Body, fields: Json): Json {
  const { name, version } = nameAndVersion(body)
  return frame(
    { ...body, name },
    { ...(version === undefined ? {} : { version }), ...fields, ...published(body.properties ?? {}) },
    { prefix: true },
  )
}
