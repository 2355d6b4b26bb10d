import type { Command } from '../../define-command.ts'
import { defineCommand } from '../../define-command.ts'
import { usage } from '../../failure.ts'
import type { Body } from '../../present/present.ts'
import { textOf } from '../../present/present.ts'
import { dataContract as noun } from '../nouns.ts'
import {
  deleteCommand,
  encode,
  fileFlag,
  listCommand,
  nameFlag,
  optionalName,
  setFlag,
  showCommand,
} from '../verbs.ts'
import { check, report } from './check.ts'
import { results } from './results.ts'
import { suggest } from './suggest.ts'

const create = defineCommand({
  noun: 'data-contract',
  verb: 'create',
  summary: 'Keeps a contract, which every new version of its data is checked against.',
  flags: { file: { ...fileFlag, required: true }, name: optionalName, set: setFlag },
  table: noun.table,
  examples: [
    'twinloop data-contract create -f contract.yml',
    'twinloop data-contract create -f contract.yml --set severity=warn',
  ],
  async run({ flags, io, client }) {
    const { readAsset } = await import('../../submit/asset.ts')
    const { contractBody } = await import('../../bodies/contract.ts')
    const { value } = await readAsset(client, io, flags, 'dataContract')
    const api = await client()
    const name = value.name ?? textOf(value.data)
    const made = await api.put<Body>(`/${noun.type}/${encode(name)}`, contractBody(value))
    const asset = textOf(made.properties?.['data'])
    if ((await api.find(`/data/${encode(asset)}`)) === undefined) {
      const { nearest } = await import('../../../kernel/nearest.ts')
      const known = (await api.list<Body>('/data')).map((body) => body.name ?? '')
      const near = nearest(asset, known)
      io.stderr(
        `there is no data asset ${asset} yet${near === undefined ? '' : ` (the nearest is ${near})`}: its first version will be checked\n`,
      )
    }
    return noun.present(made)
  },
})

const changeable = [
  'description',
  'tags',
  'properties',
  'data',
  'severity',
  'enforce',
  'examples',
  'freshness',
]

const update = defineCommand({
  noun: 'data-contract',
  verb: 'update',
  summary: 'Changes what is said beside the checks; the latest version is checked again.',
  flags: { name: nameFlag, set: { ...setFlag, required: true } },
  table: noun.table,
  examples: ['twinloop data-contract update -n flights --set enforce=true severity=warn'],
  async run({ flags, client }) {
    const [{ parse }, { parseChange }, { setAt }] = await Promise.all([
      import('yaml'),
      import('../../yaml/change.ts'),
      import('../assets/versions.ts'),
    ])
    const api = await client()
    const path = `/${noun.type}/${encode(flags.name)}`
    let { properties = {} } = await api.get<Body>(path)
    for (const { path: at, value } of flags.set.map(parseChange)) {
      if (!changeable.includes(String(at[0])))
        throw usage(
          `--set ${at.join('.')}: only ${changeable.join(', ')} can be changed so`,
          'change the file, and create it again',
        )
      properties = setAt(properties, at, parse(value))
    }
    return noun.present(await api.put<Body>(path, { properties }))
  },
})

export const commands: readonly Command[] = [
  create,
  suggest,
  check,
  results,
  report,
  showCommand(noun),
  listCommand(noun),
  update,
  deleteCommand(noun),
]
