import { defineCommand } from '../../define-command.ts'
import type { Command } from '../../define-command.ts'
import { usage } from '../../failure.ts'
import type { Body } from '../../present/present.ts'
import { placed } from '../../submit/placed.ts'
import { alertRouting as noun } from '../nouns.ts'
import { fileFlag, setFlag } from '../verbs.ts'

const path = `/${noun.type}/default`

const update = defineCommand({
  noun: 'alert-routing',
  verb: 'update',
  summary: 'Says who is told of which alerts, in place of what was said before.',
  flags: { file: { ...fileFlag, required: true }, set: setFlag },
  table: noun.table,
  examples: ['twinloop alert-routing update -f routing.yml'],
  async run({ flags, io, client }) {
    const { readAsset } = await import('../../submit/asset.ts')
    const { alertBody } = await import('../../bodies/alert.ts')
    const { value, source } = await readAsset(client, io, flags, 'alertRouting')
    const api = await client()
    try {
      return noun.present(await api.put<Body>(path, alertBody(value)))
    } catch (error) {
      throw await placed(source, io, error)
    }
  },
})

const show = defineCommand({
  noun: 'alert-routing',
  verb: 'show',
  summary: 'Shows who is told of which alerts.',
  flags: {},
  table: noun.table,
  examples: ['twinloop alert-routing show -o yaml'],
  run: async ({ client }) => noun.present(await (await client()).get<Body>(path)),
})

const remove = defineCommand({
  noun: 'alert-routing',
  verb: 'delete',
  summary: 'Has nobody told any more but by the actions of rules.',
  flags: {},
  examples: ['twinloop alert-routing delete'],
  async run({ client }) {
    await (await client()).remove(path)
    return undefined
  },
})

const test = defineCommand({
  noun: 'alert-routing',
  verb: 'test',
  summary: 'Says who would be told of an alert with these labels, and how patiently; nobody is.',
  flags: { file: { ...fileFlag, summary: 'A routing in a file. Default: the one that is kept.' } },
  words: { placeholder: 'LABEL=VALUE…', summary: 'Labels of the alert.', required: true },
  examples: ['twinloop alert-routing test alertname=queue-too-long severity=page'],
  async run({ flags, words, io, client }) {
    const labels = Object.fromEntries(
      words.map((word) => {
        const [, name, value] = /^([a-zA-Z_]\w*)=(.*)$/.exec(word) ?? []
        if (name === undefined) throw usage(`${word} is no label`, 'such as severity=page')
        return [name, value ?? '']
      }),
    )
    const [{ parsePolicy }, { groupLabels, routesOf, silentPolicy }, { lasting }] = await Promise.all([
      import('../../../alerts/routing/policy/parse.ts'),
      import('../../../alerts/routing/policy/policy.ts'),
      import('../../../alerts/rules/evaluation/words.ts'),
    ])
    const { policyWords } = await import('../../../alerts/routing/policy/parse.ts')
    const { readAsset } = await import('../../submit/asset.ts')
    const properties =
      flags.file === undefined
        ? ((await (await client()).find<Body>(path))?.properties ?? {})
        : (await readAsset(client, io, flags, 'alertRouting')).value
    const own = Object.fromEntries(
      Object.entries(properties).filter(([word]) => (policyWords as readonly string[]).includes(word)),
    )
    const { route, receivers } = parsePolicy(own).policy ?? silentPolicy
    return routesOf(route, labels).map((found) => ({
      receiver: found.route.receiver,
      to: receivers
        .filter(({ name }) => name === found.route.receiver)
        .flatMap((one) => [...one.email, ...one.webhook]),
      group: groupLabels(found.route, labels),
      after: lasting(found.route.patience.waitMs || 0),
      repeated: lasting(found.route.patience.repeatMs),
      route: found.place,
    }))
  },
})

export const commands: readonly Command[] = [show, update, remove, test]
