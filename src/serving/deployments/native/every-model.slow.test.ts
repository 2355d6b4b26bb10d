import assert from 'node:assert/strict'
import { execFile } from 'node:child_process'
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'node:test'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { startTestApp } from '../../../testing/app.ts'
import { builderOf } from '../../../training/environments/find.ts'
import { specificationOf } from '../../../training/environments/specification.ts'

const requirements = [
  'mlflow-skinny==3.17.2',
  'pandas==3.1.1',
  'scikit-learn==1.9.1',
  'lightgbm==4.7.0',
  'xgboost-cpu==3.2.0',
]

test('every kind of model is proven; what has no exact conversion is named', async (context) => {
  const twin = await startTestApp()
  context.after(() => twin.end())
  const specification = specificationOf({ requirements: requirements.join('\n') })
  const { python } = await builderOf(twin.app.platform).ensure(specification)
  const folder = join(twin.home, 'every')
  const compiler = fileURLToPath(new URL('../../../../python', import.meta.url))
  const run = promisify(execFile)
  await run(python, ['-W', 'ignore', '-B', join(import.meta.dirname, 'every_model.py'), compiler, folder])
  for (const name of readdirSync(folder)) {
    const out = join(folder, name)
    const { compiled, reason } = JSON.parse(readFileSync(join(out, 'compiled.json'), 'utf8'))
    if (name.startsWith('not ')) {
      assert.match(reason, /no exact conversion|calls nan_to_num/, name)
      continue
    }
    assert.equal(compiled, true, `${name}: ${reason}`)
    const { stdout } = await run(process.execPath, [join(import.meta.dirname, 'prove-main.ts'), out])
    const { problem, rows, maxDifference } = JSON.parse(stdout)
    assert.equal(problem, undefined, name)
    assert.ok(rows > 100 && maxDifference < 1e-3, `${name}: ${rows} rows, ${maxDifference}`)
  }
})
