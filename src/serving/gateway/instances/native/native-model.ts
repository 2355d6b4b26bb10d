import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { InferenceSession, Tensor } from 'onnxruntime-node'
import type { Operation } from '../instance.ts'
import { type Compiled, compilation } from './compiled.ts'
import { type Rows, rowReader } from './read-rows.ts'
import { answerWriter, type Results } from './write-answer.ts'

/** A request, as far as a model needs to know it. */
export interface NativeRequest {
  readonly operation: Operation
  readonly contentType: string
  readonly requestId: string
  readonly model?: { readonly name: string; readonly version?: string } | undefined
}

/** The answer to a request, or that it is Python's to answer. */
export type NativeAnswer =
  | { readonly text: string; readonly rows: number; readonly milliseconds: number; readonly together: number }
  | 'declined'

interface Read {
  readonly rows: Rows
  readonly id: string
}

/** Rows that one run of the model takes, unless a single request has more. */
const mostRows = 1024

/**
 * A compiled model of a folder (`compiled.json`, `model.onnx`) in ONNX Runtime, on one thread: so what a row's trees say
 * is summed in one order, whatever rows it is scored with.
 */
export async function openNativeModel(folder: string) {
  const said = compilation.parse(JSON.parse(await readFile(join(folder, 'compiled.json'), 'utf8')))
  if (!said.compiled) throw new Error(`The model in ${folder} was not compiled: ${said.reason}`)
  const compiled: Compiled = said
  const session = await InferenceSession.create(join(folder, 'model.onnx'), {
    intraOpNumThreads: 1,
    interOpNumThreads: 1,
    executionMode: 'sequential',
    logSeverityLevel: 3,
  })
  const reader = rowReader(compiled)
  const write = answerWriter(compiled)
  const fetches = ['answer', ...(compiled.refuses ? ['refused'] : [])]
  const textual = compiled.columns.filter((c) => c.tensor === 'texts').length
  const numeric = compiled.columns.length - textual

  function read(request: NativeRequest, body: string): Read | undefined {
    if (!isJson(request.contentType) || body.includes('\ufffd')) return undefined
    let json: unknown
    try {
      json = JSON.parse(body)
    } catch {
      return undefined
    }
    if (request.operation !== 'infer') {
      const rows = reader.score(json)
      return rows && { rows, id: '' }
    }
    const rows = reader.infer(json)
    const { id, outputs } = json as { id?: unknown; outputs?: unknown }
    if (!rows || outputs !== undefined || (id !== undefined && typeof id !== 'string')) return undefined
    return { rows, id: id || request.requestId }
  }

  async function run(rows: readonly Rows[], count: number, wanted: readonly string[] = fetches) {
    const feeds: Record<string, Tensor> = {}
    if (numeric > 0) feeds['numbers'] = new Tensor('float64', joined(rows, count * numeric), [count, numeric])
    if (textual > 0)
      feeds['texts'] = new Tensor(
        'string',
        rows.flatMap((r) => r.texts),
        [count, textual],
      )
    return session.run(feeds, wanted)
  }

  /** Scores requests in as few runs as their rows allow; answers in their order. Never throws. */
  async function score(
    requests: readonly (NativeRequest & { readonly body: string })[],
  ): Promise<NativeAnswer[]> {
    const answers = requests.map((): NativeAnswer => 'declined')
    const all = requests.map((request) => read(request, request.body))
    let begin = 0
    while (begin < all.length) {
      let end = begin
      let count = 0
      while (end < all.length && (count === 0 || count + (all[end]?.rows.count ?? 0) <= mostRows))
        count += all[end++]?.rows.count ?? 0
      if (count > 0) await scoreTogether(begin, end, count)
      begin = end
    }
    return answers

    async function scoreTogether(begin: number, end: number, count: number): Promise<void> {
      const parts = all.slice(begin, end)
      const together = parts.filter((part) => part !== undefined)
      const began = performance.now()
      const ran = await run(
        together.map((part) => part.rows),
        count,
      ).catch(() => undefined)
      if (ran === undefined) {
        // One of them may be to blame: the others are not to suffer for it.
        if (together.length === 1) return
        for (const [index, part] of parts.entries())
          if (part) await scoreTogether(begin + index, begin + index + 1, part.rows.count)
        return
      }
      const milliseconds = Math.round((performance.now() - began) * 1000) / 1000
      const results = { values: ran['answer']?.data as Results['values'] }
      const refused = ran['refused']?.data as Uint8Array | undefined
      let from = 0
      for (const [index, part] of parts.entries()) {
        const request = requests[begin + index]
        if (!part || !request) continue
        const to = from + part.rows.count
        if (!refused?.subarray(from, to).includes(1)) {
          const identity = { id: part.id, model: request.model }
          const text = write(request.operation, results, from, to, identity)
          answers[begin + index] = {
            text,
            rows: part.rows.count,
            milliseconds,
            together: together.length,
          }
        }
        from = to
      }
    }
  }

  return { compiled, score, read, run, release: () => session.release() }
}

function joined(rows: readonly Rows[], length: number): Float64Array {
  const [only] = rows
  if (only && rows.length === 1) return only.numbers
  const numbers = new Float64Array(length)
  let at = 0
  for (const part of rows) {
    numbers.set(part.numbers, at)
    at += part.numbers.length
  }
  return numbers
}

function isJson(contentType: string): boolean {
  if (contentType === 'application/json') return true
  const kind = (contentType || 'application/json').split(';')[0]?.trim().toLowerCase() ?? ''
  return kind === 'application/json' || kind.endsWith('+json')
}
