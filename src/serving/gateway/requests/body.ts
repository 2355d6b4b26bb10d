import type { IncomingMessage } from 'node:http'

/**
 * Reads bodies of at most `limit` bytes, and holds at most `budget` bytes of bodies that are being read: slow callers
 * cannot fill the memory.
 */
export function createBodyReader(limit: number, budget: number) {
  let held = 0

  /** The whole body. One announced or found to be longer than the limit is not read to its end. */
  return function read(request: IncomingMessage): Promise<Buffer | 'too large' | 'busy' | 'broken off'> {
    const announced = Number(request.headers['content-length'] ?? 0)
    if (announced > limit) return Promise.resolve('too large')
    if (held + announced > budget) return Promise.resolve('busy')
    return new Promise((resolve) => {
      const chunks: Buffer[] = []
      let size = 0
      let over = false
      const settle = (result: Buffer | 'too large' | 'busy' | 'broken off') => {
        if (over) return
        over = true
        held -= size
        resolve(result)
      }
      request.on('data', (chunk: Buffer) => {
        if (over) return
        size += chunk.length
        held += chunk.length
        chunks.push(chunk)
        if (size <= limit && held <= budget) return
        request.pause()
        settle(size > limit ? 'too large' : 'busy')
      })
      request.on('end', () => settle(chunks.length === 1 && chunks[0] ? chunks[0] : Buffer.concat(chunks)))
      request.on('close', () => settle('broken off'))
    })
  }
}
