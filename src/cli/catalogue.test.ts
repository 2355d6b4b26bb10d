import assert from 'node:assert/strict'
import { test } from 'node:test'
import { checkArguments, parseArguments } from './arguments.ts'
import { absent, catalogue } from './catalogue.ts'
import { candidates } from './commands/completion.ts'
import { commonFlags } from './define-command.ts'
import { commandHelp, nounHelp, overview } from './help.ts'

for (const entry of catalogue)
  test(`${entry.name}: every command has an example, and its examples parse`, async () => {
    const commands = await entry.load()
    for (const command of commands) {
      const line = ['twinloop', command.noun, command.verb].filter(Boolean).join(' ')
      assert.ok(command.examples.length > 0, `${line} has no example`)
      for (const example of command.examples) {
        assert.ok(commandHelp(command).includes(example))
        if (command.raw === true || !example.startsWith(line)) continue
        const words = example.slice(line.length).split(/\s(?:&&|<|>)/)[0] ?? ''
        const argv = [...words.matchAll(/"([^"]*)"|(\S+)/g)].map((m) => m[1] ?? m[2] ?? '')
        checkArguments(command, parseArguments(command, argv))
      }
      const shorts = Object.values({ ...commonFlags, ...command.flags }).flatMap((f) =>
        'short' in f ? [f.short] : [],
      )
      assert.equal(new Set(shorts).size, shorts.length, `${line} has a short flag twice: ${shorts.join(' ')}`)
    }
    assert.match(nounHelp(entry, commands), /Examples/)
    assert.match(overview(catalogue), new RegExp(`^  ${entry.name} `, 'm'))
  })

test('completion follows the words typed', async () => {
  assert.ok((await candidates([])).includes('online-endpoint'))
  assert.ok((await candidates(['job'])).includes('stream'))
  assert.ok((await candidates(['job', 'create'])).includes('--file'))
  assert.deepEqual((await candidates(['job', 'create', '--output']))[0], 'json')
  assert.deepEqual(
    await candidates(['job', 'create', '--file']),
    [],
    'a file name is the shell’s to complete',
  )
})

test('a noun is there or absent, not both', () =>
  assert.deepEqual(
    catalogue.filter((entry) => entry.name in absent),
    [],
  ))
