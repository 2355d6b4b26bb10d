import type { IncomingMessage } from 'node:http'

/** The whole body, if it has no more than `limit` bytes; a body announced or found longer is not read to its end. */
export function readBody(
  request: IncomingMessage,
  limit: number,
): Promise<Buffer | 'too large' | 'broken off'> {
  if (Number(request.headers['content-length'] ?? 0) > limit) return Promise.resolve('too large')
  return new Promise((resolve) => {
    const chunks: Buffer[] = []
    let held = 0
    request.on('data', (chunk: Buffer) => {
      held += chunk.length
      if (held > limit) {
        request.pause()
        return resolve('too large')
      }
      chunks.push(chunk)
    })
    request.on('end', () => resolve(chunks.length === 1 && chunks[0] ? chunks[0] : Buffer.concat(chunks)))
    request.on('close', () => resolve('broken off'))
  })
}
