import { resolve } from 'node:path'
import type { Client, Json } from '../client/client.ts'
import { modelBody } from '../bodies/assets.ts'
import { deploymentBody } from '../bodies/online.ts'
import type { Body } from '../present/present.ts'
import { uploadData } from '../upload/assets.ts'
import { collect } from '../upload/collect.ts'
import { guidOf } from '../upload/upload.ts'
import { isLocalPath } from '../yaml/checks/check.ts'
import type { OnlineDeployment } from '../yaml/shapes/serving.ts'
import { makeAssembler } from './assemble.ts'
import { collectedData } from './collected.ts'
import type { Prepared } from './prepare.ts'

/** The body of a deployment, its model, code and environment uploaded and registered. */
export async function deploymentOf(
  client: Client,
  prepared: Prepared<OnlineDeployment>,
  location: string,
): Promise<Json> {
  const { value, source } = prepared.loaded
  const assembler = makeAssembler(client, prepared.resolved)
  const { code_configuration: code, environment, model } = value
  return deploymentBody(value, {
    location,
    modelId: await modelId(client, prepared, model, source.folder),
    codeId: code === undefined ? undefined : await assembler.code(code.code ?? '.', source),
    environmentId: environment === undefined ? undefined : await assembler.environment(environment, source),
    collected: await collectedData(client, value, prepared.resolved),
  })
}

/** A registered model's id, or that of one which the file itself describes: registered without a name, by its hash. */
export async function modelId(
  client: Client,
  prepared: Prepared<unknown>,
  model: OnlineDeployment['model'],
  folder: string,
) {
  if (model === undefined) return undefined
  if (typeof model === 'string' && !isLocalPath(model)) return prepared.resolved.id('models', model)
  const given = typeof model === 'string' ? { path: model } : model
  if (!isLocalPath(given.path)) return given.path
  const path = resolve(folder, given.path)
  const { hash } = await collect(path)
  const uri = await uploadData(client, path, { folderSlash: false })
  const {
    name = guidOf(hash),
    version = '1',
    type,
    ...rest
  } = given as { name?: string; version?: string; type?: 'custom_model' | 'mlflow_model' | 'triton_model' }
  const body = modelBody({ ...rest, type }, uri)
  const made = await client.put<Body>(
    `/models/${encodeURIComponent(name)}/versions/${encodeURIComponent(version)}`,
    body,
  )
  return made.id
}
