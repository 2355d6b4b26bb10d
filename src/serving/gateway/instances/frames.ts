/**
 * Frames between the gateway and an instance (the other end is python/twinloop_runtime/frames.py, which says what
 * they are): two unsigned 32-bit big-endian lengths, a JSON object of the first, bytes of the second.
 */
export interface Frame {
  readonly meta: Buffer
  readonly body: Buffer
}

const headBytes = 8

/** The frame's bytes, in two parts so that the body is not copied. */
export function encodeFrame(meta: object, body: Buffer): [Buffer, Buffer] {
  const json = Buffer.from(JSON.stringify(meta))
  const head = Buffer.allocUnsafe(headBytes)
  head.writeUInt32BE(json.length, 0)
  head.writeUInt32BE(body.length, 4)
  return [Buffer.concat([head, json]), body]
}

/** Asks an instance for a sign of life: it answers with any frame, which takes no model. */
export const ping = Buffer.concat(encodeFrame({ route: 'live' }, Buffer.alloc(0)))

/** Takes chunks as they arrive and calls `onFrame` for each whole frame. */
export function frameReader(onFrame: (frame: Frame) => void): (chunk: Buffer) => void {
  let chunks: Buffer[] = []
  let held = 0
  let wanted = headBytes
  return (chunk) => {
    chunks.push(chunk)
    held += chunk.length
    while (held >= wanted) {
      const bytes = chunks.length === 1 ? (chunks[0] ?? chunk) : Buffer.concat(chunks)
      const metaBytes = bytes.readUInt32BE(0)
      const end = headBytes + metaBytes + bytes.readUInt32BE(4)
      chunks = [bytes]
      wanted = end
      if (held < end) return
      onFrame({
        meta: bytes.subarray(headBytes, headBytes + metaBytes),
        body: bytes.subarray(headBytes + metaBytes, end),
      })
      chunks = held === end ? [] : [bytes.subarray(end)]
      held -= end
      wanted = headBytes
    }
  }
}
