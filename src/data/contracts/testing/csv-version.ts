import { childId } from '../../../kernel/resources/arm-id.ts'
import type { TestApp } from '../../../testing/app.ts'
import { containerOf } from '../../containers.ts'

/** Puts text into the workspace's storage and registers it as a version of a data asset; gives its id. */
export async function putVersion(
  t: TestApp,
  name: string,
  version: string,
  text: string,
  file = 'data.csv',
): Promise<string> {
  const workspace = await t.app.platform.resources.get(t.workspace)
  const path = `LocalUpload/${name}-${version}/${file}`
  await t.app.platform.artifacts.put(
    { container: containerOf(workspace, 'blobstore'), path },
    Buffer.from(text),
  )
  const id = childId(t.workspace, 'data', name, 'versions', version)
  const { status, body } = await t.send('PUT', id, {
    properties: { dataType: 'uri_file', dataUri: `azureml://datastores/workspaceblobstore/paths/${path}` },
  })
  if (status >= 300) throw new Error(JSON.stringify(body))
  return id
}
