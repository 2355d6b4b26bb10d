import assert from 'node:assert/strict'
import { execFileSync } from 'node:child_process'
import { test } from 'node:test'
import { floatText, stringText } from './python-json.ts'

const floats = [
  0,
  -0,
  1,
  -1,
  0.1,
  1e-4,
  9.9e-5,
  1e-5,
  1e-7,
  1.5e-310,
  5e-324,
  123456789,
  1e15,
  1e16,
  1.5e16,
  1e21,
  1e22,
  1e100,
  1.7976931348623157e308,
  2 / 3,
  -1e-10,
  2 ** 53,
  Math.fround(0.1),
]
const strings = ['', 'plain', 'quote " and \\', 'line\nbreak\ttab\u0001\u007f', 'é中😀', '\ue000', '\u2028']

test('numbers and texts are written as Python writes them', () => {
  const bytes = Buffer.alloc(8 * floats.length)
  for (const [index, value] of floats.entries()) bytes.writeDoubleLE(value, 8 * index)
  const program = `
import json, struct, sys
given = json.loads(sys.argv[1])
floats = struct.unpack("<%dd" % ${floats.length}, bytes.fromhex(sys.argv[2]))
print(json.dumps([[json.dumps(v) for v in floats], [json.dumps(v) for v in given]]))`
  const said = execFileSync('python3', ['-c', program, JSON.stringify(strings), bytes.toString('hex')])
  assert.deepEqual([floats.map(floatText), strings.map(stringText)], JSON.parse(said.toString()))
  assert.deepEqual([NaN, Infinity, -Infinity].map(floatText), ['null', 'null', 'null'])
})
