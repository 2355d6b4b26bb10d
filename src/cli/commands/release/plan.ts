import { defineCommand } from '../../define-command.ts'
import type { Command } from '../../define-command.ts'
import { RemoteFailure } from '../../client/remote-failure.ts'
import type { Io } from '../../io.ts'
import type { Body } from '../../present/present.ts'
import { textOf } from '../../present/present.ts'
import type { Source } from '../../yaml/source.ts'
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

/** What only the server could see, shown at its place in the file. */
async function placed(source: Source, io: Io, error: unknown): Promise<unknown> {
  if (!(error instanceof RemoteFailure)) return error
  const found = error.details.filter(({ target }) => target?.startsWith('properties.') === true)
  if (found.length === 0) return error
  const { rangeAt } = await import('../../yaml/source.ts')
  const { settle } = await import('../../yaml/problem.ts')
  const problems = found.map(({ target = '', message = '' }) => {
    const path = target
      .split('.')
      .slice(1)
      .map((step) => (/^\d+$/.test(step) ? Number(step) : step))
    const [, said = message, hint] = /^(.*?)(?:; (did you mean .*))?$/s.exec(message) ?? []
    return { source, range: rangeAt(source, path), severity: 'error' as const, message: said, hint }
  })
  try {
    settle(problems, io)
  } catch (problem) {
    return problem
  }
  return error
}

export const commands: readonly Command[] = [
  write('create'),
  write('update'),
  showCommand(noun),
  listCommand(noun),
  deleteCommand(noun),
]
