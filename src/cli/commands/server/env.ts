import { defineCommand } from '../../define-command.ts'
import type { Body } from '../../present/present.ts'

export const env = defineCommand({
  noun: '',
  verb: 'env',
  summary: 'Prints the variables that point the ordinary mlflow client at this server, for eval.',
  flags: {},
  examples: ['eval "$(twinloop env)" && python train.py', 'eval "$(twinloop env -w staging)"'],
  async run({ io, client }) {
    const api = await client()
    const { connection, workspaceId } = api
    const { properties } = await api.get<Body>('')
    const variables = {
      // The server's own address is that of its default workspace.
      MLFLOW_TRACKING_URI:
        properties?.['isDefault'] === true ? connection.url : `${connection.url}/mlflow/v2.0${workspaceId}`,
      MLFLOW_TRACKING_TOKEN: connection.token,
    }
    io.stdout(
      Object.entries(variables)
        .map(([name, value]) => `export ${name}='${value.replaceAll("'", `'\\''`)}'\n`)
        .join(''),
    )
    return undefined
  },
})
