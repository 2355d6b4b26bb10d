import { makeClient } from '../../client/client.ts'
import { registryFlag, registryId } from '../../client/registry.ts'
import { defineCommand } from '../../define-command.ts'
import type { Command } from '../../define-command.ts'
import type { Body } from '../../present/present.ts'
import { encode, labelFlag, nameFlag, versionFlag, versionOf } from '../verbs.ts'
import type { Noun } from '../verbs.ts'

/** `{noun} share`: publishes a version of the workspace in a registry, with its files and what it needs. */
export function shareCommand(noun: Noun): Command {
  return defineCommand({
    noun: noun.noun,
    verb: 'share',
    summary: `Publishes a version of a ${noun.title} in a registry, for other workspaces to use.`,
    flags: {
      name: nameFlag,
      version: versionFlag,
      label: labelFlag,
      registryName: { ...registryFlag, required: true, summary: 'The registry to publish it in.' },
      shareWithName: { type: 'text', placeholder: 'NAME', summary: 'Its name there. Default the same.' },
      shareWithVersion: {
        type: 'text',
        placeholder: 'VERSION',
        summary: 'Its version there. Default the same.',
      },
    },
    table: noun.table,
    examples: [
      `twinloop ${noun.noun} share -n ${noun.example} -v 3 --registry-name shelf`,
      `twinloop ${noun.noun} share -n ${noun.example} -v 3 --registry-name shelf --share-with-name ${noun.example} --share-with-version 1`,
    ],
    async run({ flags, client }) {
      const api = await client()
      const id = await registryId(api, flags.registryName)
      const version = flags.version ?? (await versionOf(api, noun, flags.name, flags.label ?? 'latest'))
      const [name, as] = [flags.shareWithName ?? flags.name, flags.shareWithVersion ?? version]
      await api.post(`${id}/import`, {
        properties: {
          sourceAssetId: `${api.workspaceId}/${noun.type}/${flags.name}/versions/${version}`,
          destinationName: name,
          destinationVersion: as,
        },
      })
      const path = `/${noun.type}/${encode(name)}/versions/${encode(as)}`
      return noun.present(await makeClient(api.connection, id).get<Body>(path))
    },
  })
}
