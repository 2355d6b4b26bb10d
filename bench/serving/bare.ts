/**
 * The limit that the native path is held against: HTTP, JSON and `session.run` in one Node process, and nothing else.
 *
 *     node bare.ts {folder of a compiled model} {port}
 */
import { readFileSync } from 'node:fs'
import { createServer } from 'node:http'
import { join } from 'node:path'
import { InferenceSession, Tensor } from 'onnxruntime-node'

const [folder = '', port = '0'] = process.argv.slice(2)
interface Column {
  readonly name: string
  readonly tensor: 'numbers' | 'texts'
}
const { columns } = JSON.parse(readFileSync(join(folder, 'compiled.json'), 'utf8')) as { columns: Column[] }
const session = await InferenceSession.create(join(folder, 'model.onnx'), {
  intraOpNumThreads: 1,
  interOpNumThreads: 1,
})
const positions = (tensor: Column['tensor']) =>
  columns.flatMap((column, at) => (column.tensor === tensor ? [at] : []))
const [numbers, texts] = [positions('numbers'), positions('texts')]

async function score(body: string): Promise<string> {
  const { data } = (JSON.parse(body) as { dataframe_split: { data: unknown[][] } }).dataframe_split
  const values = Float64Array.from(data.flatMap((row) => numbers.map((at) => row[at] as number)))
  const feeds = {
    numbers: new Tensor('float64', values, [data.length, numbers.length]),
    texts: new Tensor(
      'string',
      data.flatMap((row) => texts.map((at) => row[at] as string)),
      [data.length, texts.length],
    ),
  }
  const { answer } = await session.run(feeds, ['answer'])
  return JSON.stringify({ predictions: Array.from(answer?.data as BigInt64Array, Number) })
}

createServer((request, response) => {
  const chunks: Buffer[] = []
  request.on('data', (chunk: Buffer) => chunks.push(chunk))
  request.on('end', () => {
    if (request.method === 'GET') return response.end()
    void score(Buffer.concat(chunks).toString()).then((text) => {
      response.writeHead(200, { 'content-type': 'application/json', 'content-length': text.length })
      response.end(text)
    })
    return undefined
  })
}).listen(Number(port), '127.0.0.1')
