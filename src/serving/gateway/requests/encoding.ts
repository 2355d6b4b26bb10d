import { promisify } from 'node:util'
import { brotliDecompress, gunzip, gzip, inflate } from 'node:zlib'

/** Below this many bytes a smaller body is not worth the time that it takes. */
const worthwhileBytes = 2048

const expanders = {
  gzip: promisify(gunzip),
  'x-gzip': promisify(gunzip),
  deflate: promisify(inflate),
  br: promisify(brotliDecompress),
}
type Encoding = keyof typeof expanders

/** Whether a body so encoded can be read. */
export const isEncoding = (name: string): name is Encoding => Object.hasOwn(expanders, name)

/** The plain bytes; `too large` if there are more than `limit`, of which no more are made; `broken` if it is none. */
export async function expand(
  body: Buffer,
  encoding: Encoding,
  limit: number,
): Promise<Buffer | 'too large' | 'broken'> {
  try {
    return await expanders[encoding](body, { maxOutputLength: limit })
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'ERR_BUFFER_TOO_LARGE' ? 'too large' : 'broken'
  }
}

const zip = promisify(gzip)

/** The body made smaller as the caller accepts it (`Accept-Encoding`); undefined where it stays as it is. */
export function compressed(
  body: Buffer,
  accepted: string,
): Promise<{ readonly encoding: string; readonly body: Buffer }> | undefined {
  if (body.length < worthwhileBytes || !accepts(accepted)) return undefined
  return zip(body, { level: 1 }).then((packed) => ({ encoding: 'gzip', body: packed }))
}

/** Whether gzip is among what is accepted, and not with weight 0. */
const accepts = (accepted: string) =>
  accepted.split(',').some((part) => /^\s*(gzip|\*)\s*(;\s*q=(1|0?\.0*[1-9]|1\.0*).*)?$/i.test(part))
