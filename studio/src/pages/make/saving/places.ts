import { snake } from '../../../../../src/cli/present/present.ts'
import { yamlPath } from '../../../../../src/cli/submit/monitor-places.ts'
import { stepsOf } from '../../../../../src/cli/submit/refusals.ts'
import type { Path } from '../../../../../src/cli/yaml/source.ts'

const monitor = 'properties.action.monitorDefinition.'

/** Keys that YAML has under another name than REST. */
const names: Readonly<Record<string, string>> = {
  dataUri: 'path',
  dataType: 'type',
  modelUri: 'path',
  modelType: 'type',
  category: 'type',
  datastoreType: 'type',
  computeType: 'type',
  vmSize: 'size',
  environmentId: 'environment',
  codeConfiguration: 'code_configuration',
  assetName: 'name',
  authMode: 'auth_mode',
}

/** Where the document says what a server's `properties.x.y` is about. Documents in the server's own words have it there. */
export function placeOf(target: string): Path {
  if (target.startsWith(monitor)) return ['create_monitor', ...yamlPath(target.slice(monitor.length))]
  return stepsOf(target).map((step) => (typeof step === 'number' ? step : (names[step] ?? snake(step))))
}
