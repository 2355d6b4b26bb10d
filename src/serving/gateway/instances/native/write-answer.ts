import type { Operation } from '../instance.ts'
import type { Compiled } from './compiled.ts'
import { floatText, stringText } from './python-json.ts'

/** A run's results, of which a request's are some rows. */
export interface Results {
  /** Of `answer`: int64 for labels, else float32 or float64. */
  readonly values: BigInt64Array | Float32Array | Float64Array
}

/** What an answer of the Open Inference Protocol says beside its tensors. */
export interface Identity {
  readonly id: string
  readonly model?: { readonly name: string; readonly version?: string } | undefined
}

/** Writes, of a run's results, the rows `from` to `to` (exclusive) as Python would write them, byte for byte. */
export function answerWriter({ answer }: Pick<Compiled, 'answer'>) {
  const { kind, width = 1, datatype, output } = answer
  const classes = (answer.classes ?? []).map((value) => classText(value, datatype))

  function texts({ values }: Results, from: number, to: number): string[] {
    const list: string[] = []
    if (values instanceof BigInt64Array) {
      for (let row = from; row < to; row++) list.push(classes[Number(values[row])] ?? 'null')
    } else {
      for (let at = from * width; at < to * width; at++) list.push(floatText(values[at] ?? Number.NaN))
    }
    return list
  }

  function predictions(results: Results, from: number, to: number): string {
    const list = texts(results, from, to)
    if (kind !== 'matrix') return `[${list.join(', ')}]`
    const rows: string[] = []
    for (let at = 0; at < list.length; at += width) rows.push(`[${list.slice(at, at + width).join(', ')}]`)
    return `[${rows.join(', ')}]`
  }

  function inference(results: Results, from: number, to: number, { id, model }: Identity): string {
    const shape = kind === 'matrix' ? `[${to - from}, ${width}]` : `[${to - from}]`
    const tensor = `{"name": ${stringText(output)}, "datatype": "${datatype}", "shape": ${shape}, "data": [${texts(results, from, to).join(', ')}]}`
    const version = model?.version ? `, "model_version": ${stringText(model.version)}` : ''
    return `{"id": ${stringText(id)}, "outputs": [${tensor}], "model_name": ${stringText(model?.name ?? '')}${version}}`
  }

  return function write(
    operation: Operation,
    results: Results,
    from: number,
    to: number,
    identity: Identity,
  ): string {
    if (operation === 'infer') return inference(results, from, to, identity)
    const list = predictions(results, from, to)
    return operation === 'invocations' ? `{"predictions": ${list}}` : list
  }
}

function classText(value: string | number | boolean, datatype: string): string {
  if (typeof value === 'string') return stringText(value)
  if (typeof value === 'boolean') return String(value)
  return datatype.startsWith('FP') ? floatText(value) : String(value)
}
