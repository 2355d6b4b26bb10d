/**
 * Proves, in a process of its own, that a compiled model answers as Python did:
 *
 *     node prove-main.ts FOLDER
 *
 * FOLDER is what python/compile_model.py wrote. The compiled model answers every body of `proof.jsonl` in the code that
 * will serve it, down to the JSON; what came of it is printed as one line of JSON, a `Finding`.
 */
import { createHash } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { join } from 'node:path'
import { openNativeModel } from '../../gateway/instances/native/native-model.ts'
import { plainScore } from '../../gateway/instances/native/messages.ts'
import { type Case, type Finding, proveCases } from './prove.ts'

const folder = process.argv[2] ?? '.'
const model = await openNativeModel(folder)
const cases = readFileSync(join(folder, 'proof.jsonl'), 'utf8')
  .trimEnd()
  .split('\n')
  .map((line) => JSON.parse(line) as Case)
const { classes = [] } = model.compiled.answer

const finding = await proveCases(cases, {
  async answer(body) {
    const [answer] = await model.score([{ ...plainScore, body }])
    return answer === 'declined' ? undefined : answer?.text
  },
  async scores(body) {
    const read = model.read(plainScore, body)
    if (!read) return []
    const ran = await model.run([read.rows], read.rows.count, ['scores'])
    const flat = [...((ran['scores']?.data ?? []) as Float64Array)]
    return Array.from({ length: read.rows.count }, (_, row) =>
      flat.slice(row * classes.length, (row + 1) * classes.length),
    )
  },
  classes,
})
const sha256 = createHash('sha256')
  .update(readFileSync(join(folder, 'model.onnx')))
  .digest('hex')
const { version } = createRequire(import.meta.url)('onnxruntime-node/package.json') as { version: string }
const said: Finding & { sha256: string; onnxruntime: string } = { ...finding, sha256, onnxruntime: version }
process.stdout.write(`${JSON.stringify(said)}\n`)
await model.release()
