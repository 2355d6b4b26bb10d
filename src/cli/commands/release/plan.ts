import { defineCommand } from '../../define-command.ts'
import type { Command } from '../../define-command.ts'
import type { Body } from '../../present/present.ts'
import { textOf } from '../../present/present.ts'
import { placed } from '../../submit/placed.ts'
import { releasePlan as noun } from '../nouns.ts'
import { deleteCommand, encode, fileFlag, listCommand, optionalName, setFlag, showCommand } from '../verbs.ts'

/** `create` and `update -f` are one: what is there is replaced, for releases that begin later. */
const write = (verb: 'create' | 'update') =>
  defineCommand({
    noun: 'release-plan',
    verb,
    summary:
      verb === 'create'
        ? 'Keeps a plan, by which versions of its model are released.'
        : 'Replaces a plan by what a file says; releases that run keep the one they began with.',
    flags: {
      file: { ...fileFlag, required: true },
      name: { ...optionalName, summary: "Its name. Default: the file's, or the model's." },
      set: setFlag,
    },
    table: noun.table,
    examples: [`twinloop release-plan ${verb} -f plan.yml`],
    async run({ flags, io, client }) {
      const { readAsset } = await import('../../submit/asset.ts')
      const { planBody } = await import('../../submit/release-plan.ts')
      const { value, source, folder } = await readAsset(client, io, flags, 'releasePlan')
      const api = await client()
      const path = `/${noun.type}/${encode(value.name ?? textOf(value.model).replace(/^azureml:/, ''))}`
      if (verb === 'update') await api.get(path)
      try {
        return noun.present(await api.put<Body>(path, await planBody(api, value, folder)))
      } catch (error) {
        throw await placed(source, io, error)
      }
    },
  })

export const commands: readonly Command[] = [
  write('create'),
  write('update'),
  showCommand(noun),
  listCommand(noun),
  deleteCommand(noun),
]
