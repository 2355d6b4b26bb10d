import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import type { TestApp } from './app.ts'

/** Stores these files in the default datastore of the default workspace; answers their URI. */
export async function upload(
  twin: TestApp,
  path: string,
  files: Readonly<Record<string, string>>,
): Promise<string> {
  const folder = mkdtempSync(join(twin.home, 'upload-'))
  for (const [name, text] of Object.entries(files)) writeFileSync(join(folder, name), text)
  const uri = await uploadFolder(twin, path, folder)
  rmSync(folder, { recursive: true })
  return uri
}

export async function uploadFolder(twin: TestApp, path: string, folder: string): Promise<string> {
  const workspace = await twin.app.platform.resources.get(twin.workspace)
  const container = `${String(workspace.status['workspaceId'])}-blobstore`
  await twin.app.platform.artifacts.storeFolder(folder, { container, path })
  return `azureml://datastores/workspaceblobstore/paths/${path}`
}

/** Files of a model that asks for an environment without packages, to be served by a script. */
export const emptyModel: Readonly<Record<string, string>> = {
  MLmodel: 'flavors:\n  python_function: {loader_module: nothing}\n',
  'conda.yaml': 'dependencies: [python, {pip: []}]\n',
  'weights.txt': 'w1',
}

/** Resolves when provisioning at this id has come to an end, with the properties. */
export const settled = (twin: TestApp, id: string): Promise<Record<string, unknown>> =>
  twin.until(id, (p) => p['provisioningState'] === 'Succeeded' || p['provisioningState'] === 'Failed')
