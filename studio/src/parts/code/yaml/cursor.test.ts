import assert from 'node:assert/strict'
import { test } from 'node:test'
import { cursorAt } from './cursor.ts'

const at = (text: string) => {
  const offset = text.indexOf('|')
  const found = cursorAt(text.replace('|', ''), offset)
  return found && `${found.part}${found.canBeValue ? '?' : ''} ${found.path.join('.')} <${found.word}>`
}

const cases: readonly (readonly [says: string, text: string, found: string | undefined])[] = [
  ['an empty document', '|', 'key?  <>'],
  ['a key at the root', 'name: x\nty|', 'key  <ty>'],
  ['a key between others', 'name: x\n|\ntype: y\n', 'key  <>'],
  ['the first key of a block', 'trigger:\n  ty|', 'key? trigger <ty>'],
  ['the second key of a block', 'trigger:\n  type: cron\n  e|\nname: x', 'key trigger <e>'],
  ['a value', 'trigger:\n  type: c|', 'value? trigger.type <c>'],
  ['an empty value', 'type: |\nname: x', 'value? type <>'],
  ['a reference', 'model: azureml:fli|', 'value? model <azureml:fli>'],
  ['a list item', 'stages:\n  - |', 'key? stages.0 <>'],
  ['a key of a list item', 'stages:\n  - name: x\n    ga|', 'key stages.0 <ga>'],
  ['an item that is a word', 'gates:\n  - signature\n  - cha|', 'key? gates.1 <cha>'],
  ['below an item', 'gates:\n  - champion:\n      da|', 'key? gates.0.champion <da>'],
  ['within braces', 'a: { b: 1, c| }', 'key a <c>'],
  ['a value within braces', 'a: { b: x| }', 'value? a.b <x>'],
  ['within brackets', 'on: [alias, mo|]', 'value? on.1 <mo>'],
  ['a key that is there', 'na|me: x', 'key  <na>'],
  ['a comment', 'name: x # y|', undefined],
]
for (const [says, text, found] of cases) test(`the cursor in ${says}`, () => assert.equal(at(text), found))
