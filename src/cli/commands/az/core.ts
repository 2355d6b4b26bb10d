import { parseArguments } from '../../arguments.ts'
import { defineCommand } from '../../define-command.ts'
import type { Command, Flags, Invocation } from '../../define-command.ts'
import type { Ended } from '../../define-command.ts'
import { usage } from '../../failure.ts'
import type { Io } from '../../io.ts'
import { textOf } from '../../present/present.ts'
import { writeDefaults } from '../../settings.ts'
import type { Settings } from '../../settings.ts'

const defaultSubscription = '00000000-0000-0000-0000-000000000001'

/**
 * Answers the lines of az's core that stand around `az ml` in people's workflows: what sets defaults does so, what
 * concerns Azure alone does nothing. Undefined for a line that is none of these.
 */
export async function answerCore(
  words: readonly string[],
  io: Io,
  settings: Settings,
): Promise<Ended | undefined> {
  const line = lines.find((l) => l.words.every((word, i) => words[i] === word))
  if (line === undefined) return undefined
  const command = shape(line)
  const parsed = parseArguments(command, words.slice(line.words.length))
  const flags = parsed.flags as Invocation['flags'] & Readonly<Record<string, unknown>>
  const result = await line.answer(flags, settings)
  if (result !== undefined) {
    const { render } = await import('../../output/print.ts')
    io.stdout(await render(result, { query: flags.query, output: flags.output ?? 'json' }))
  }
  return { exitCode: 0 }
}

interface Line {
  readonly words: readonly string[]
  readonly flags: Flags
  answer(flags: Readonly<Record<string, unknown>>, settings: Settings): Promise<unknown>
}

const text = { type: 'text', summary: '' } as const
const none: Flags = {
  name: { ...text, short: 'n' },
  yes: { type: 'switch', short: 'y', summary: '' },
  location: { ...text, short: 'l' },
  version: text,
  source: { ...text, short: 's' },
  upgrade: { type: 'switch', summary: '' },
  allowPreview: text,
  tags: { type: 'words', summary: '' },
}
const nothing = async () => undefined

const lines: readonly Line[] = [
  { words: ['extension', 'add'], flags: none, answer: nothing },
  { words: ['extension', 'update'], flags: none, answer: nothing },
  { words: ['extension', 'remove'], flags: none, answer: nothing },
  {
    words: ['extension', 'list'],
    flags: none,
    answer: async () => [
      { name: 'ml', version: '2.39.0', experimental: false, preview: false, extensionType: 'whl' },
    ],
  },
  { words: ['extension', 'show'], flags: none, answer: async () => ({ name: 'ml', version: '2.39.0' }) },
  {
    words: ['login'],
    flags: {
      servicePrincipal: { type: 'switch', summary: '' },
      identity: { type: 'switch', summary: '' },
      useDeviceCode: { type: 'switch', summary: '' },
      allowNoSubscriptions: { type: 'switch', summary: '' },
      username: { ...text, short: 'u' },
      password: { ...text, short: 'p' },
      tenant: { ...text, short: 't' },
      federatedToken: text,
    },
    answer: async (_, settings) => [account(settings)],
  },
  { words: ['logout'], flags: { username: text }, answer: nothing },
  { words: ['account', 'clear'], flags: {}, answer: nothing },
  {
    words: ['account', 'show'],
    flags: { name: { ...text, short: 'n' } },
    answer: async (_, settings) => account(settings),
  },
  {
    words: ['account', 'list'],
    flags: { all: { type: 'switch', summary: '' } },
    answer: async (_, settings) => [account(settings)],
  },
  {
    words: ['account', 'set'],
    // `-s` is az's short form here; the value may be a name, which stays the one subscription there is.
    flags: { name: { ...text, short: 'n', aliases: ['s'] } },
    async answer(flags, settings) {
      const wanted = textOf(flags['name'] ?? flags['subscription'])
      if (/^[0-9a-f-]{36}$/i.test(wanted)) await writeDefaults(settings.home, { subscription: wanted })
      return undefined
    },
  },
  {
    words: ['configure'],
    flags: {
      defaults: { type: 'words', short: 'd', summary: '' },
      listDefaults: { ...text, short: 'l' },
      scope: text,
    },
    async answer(flags, settings) {
      const given = (flags['defaults'] as readonly string[]).map((word) => word.split('='))
      const wrong = given.find(
        ([name]) => !['group', 'workspace', 'location', 'subscription', 'output'].includes(name ?? ''),
      )
      if (wrong !== undefined)
        throw usage(`az configure --defaults ${wrong.join('=')}: use group=NAME workspace=NAME`)
      if (given.length > 0)
        await writeDefaults(
          settings.home,
          Object.fromEntries(given.map(([name = '', ...value]) => [name, value.join('=')])),
        )
      return undefined
    },
  },
  { words: ['config', 'set'], flags: none, answer: nothing },
  { words: ['cloud', 'set'], flags: none, answer: nothing },
  {
    words: ['group', 'show'],
    flags: none,
    answer: async (flags, settings) =>
      group(textOf(flags['name'] ?? settings.defaults.group ?? 'twinloop'), settings),
  },
  {
    words: ['group', 'create'],
    flags: none,
    answer: async (flags, settings) =>
      group(textOf(flags['name'] ?? settings.defaults.group ?? 'twinloop'), settings),
  },
  {
    words: ['version'],
    flags: {},
    answer: async () => ({ 'azure-cli': '2.74.0', extensions: { ml: '2.39.0' } }),
  },
  {
    words: ['--version'],
    flags: {},
    answer: async () => ({ 'azure-cli': '2.74.0', extensions: { ml: '2.39.0' } }),
  },
]

const account = ({ defaults }: Settings) => ({
  environmentName: 'Twinloop',
  id: defaults.subscription ?? defaultSubscription,
  isDefault: true,
  name: 'Twinloop',
  state: 'Enabled',
  tenantId: '00000000-0000-0000-0000-00000000000a',
  user: { name: 'administrator', type: 'user' },
})

const group = (name: string, { defaults }: Settings) => ({
  id: `/subscriptions/${defaults.subscription ?? defaultSubscription}/resourceGroups/${name}`,
  location: 'local',
  name,
  properties: { provisioningState: 'Succeeded' },
  type: 'Microsoft.Resources/resourceGroups',
})

function shape(line: Line): Command {
  return defineCommand({
    noun: 'az',
    verb: line.words.join(' '),
    summary: '',
    flags: line.flags,
    examples: [],
    run: nothing,
  })
}
