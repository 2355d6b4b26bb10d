import assert from 'node:assert/strict'
import { test } from 'node:test'
import { reasonIn } from './build-log.ts'

const newUv = `[twinloop] Building
Using Python 3.11.7 environment at: v
error: No solution found when resolving dependencies
  cause: Because there is no version of six==99 and you require six==99, we can conclude that your requirements are unsatisfiable.
`
const oldUv = `Using Python 3.11.7 environment at: v
  \u001B[31m×\u001B[39m No solution found when resolving dependencies:
  ╰─▶ Because there is no version of six==99 and you require six==99, we can
      conclude that your requirements are unsatisfiable.
`
for (const [name, output] of Object.entries({ newUv, oldUv }))
  test(`finds the reason in ${name}'s words`, () =>
    assert.match(
      reasonIn(output) ?? '',
      /^No solution found.*: ?.*no version of six==99 and you require six==99, we can conclude.*unsatisfiable\.$|^No solution found when resolving dependencies cause: Because/,
    ))

test('finds the reason in pip’s words, else takes the last line', () => {
  assert.equal(reasonIn('x\nERROR: a\nERROR: b\nbye\n'), 'a b')
  assert.equal(reasonIn('x\nlast\n\n'), 'last')
  assert.equal(reasonIn('[twinloop] Building\n'), undefined)
})

test('takes the exception of a package’s traceback, without the traceback', () => {
  const output = `error: The build backend returned an error
  cause: Call to \`get_requires_for_build_wheel\` failed (exit status: 1)

         [stderr]
         Traceback (most recent call last):
           File "<string>", line 14, in <module>
             self.run_setup()
             ^^^^^^^^^^^^^^^^
         FileNotFoundError: [Errno 2] No such file or directory: '../README.md'
`
  assert.equal(
    reasonIn(output),
    'The build backend returned an error cause: Call to `get_requires_for_build_wheel` failed (exit status: 1) ' +
      "FileNotFoundError: [Errno 2] No such file or directory: '../README.md'",
  )
})

test('bounds the reason', () => assert.equal(reasonIn(`error: ${'x'.repeat(10_000)}`)?.length, 2000))
