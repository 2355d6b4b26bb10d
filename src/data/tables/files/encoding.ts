import { isAscii, isUtf8 } from 'node:buffer'

/** The encodings of text that are understood, as `TextDecoder` calls them. */
export type Encoding = 'utf-8' | 'utf-16le' | 'utf-16be' | 'windows-1252'

export interface Encoded {
  readonly encoding: Encoding
  /** Bytes of a byte order mark at the beginning. */
  readonly mark: number
}

/** Bytes of a text's end that may be the beginning of a longer character. */
const longestCharacter = 4

/**
 * How text is encoded: by its byte order mark; as UTF-16 if every second byte of what is mostly Latin is zero; as
 * UTF-8 if it is that; or else as Windows-1252, of which Latin-1 and ASCII are parts. Undefined if it is no text.
 * `isWhole` tells that `bytes` is all of it, and not the beginning only.
 */
export function encodingOf(bytes: Uint8Array, isWhole: boolean): Encoded | undefined {
  if (startsWith(bytes, [0xef, 0xbb, 0xbf])) return { encoding: 'utf-8', mark: 3 }
  if (startsWith(bytes, [0xff, 0xfe])) return { encoding: 'utf-16le', mark: 2 }
  if (startsWith(bytes, [0xfe, 0xff])) return { encoding: 'utf-16be', mark: 2 }
  const zeros = [0, 0]
  for (const [i, byte] of bytes.subarray(0, 1024).entries())
    if (byte === 0) zeros[i % 2] = (zeros[i % 2] ?? 0) + 1
  const [even = 0, odd = 0] = zeros
  const half = Math.min(bytes.length, 1024) / 2
  if (odd > half * 0.7 && even === 0) return { encoding: 'utf-16le', mark: 0 }
  if (even > half * 0.7 && odd === 0) return { encoding: 'utf-16be', mark: 0 }
  if (bytes.subarray(0, 65_536).includes(0)) return undefined
  return { encoding: isUtf8(isWhole ? bytes : withoutBrokenEnd(bytes)) ? 'utf-8' : 'windows-1252', mark: 0 }
}

const startsWith = (bytes: Uint8Array, prefix: readonly number[]) =>
  prefix.every((byte, i) => bytes[i] === byte)

/** The bytes without a character at their end that a cut has broken. */
function withoutBrokenEnd(bytes: Uint8Array): Uint8Array {
  for (let back = 1; back <= Math.min(longestCharacter, bytes.length); back++) {
    const byte = bytes[bytes.length - back] ?? 0
    if (byte < 0x80) break
    if (byte >= 0xc0) return bytes.subarray(0, bytes.length - back)
  }
  return bytes
}

/**
 * Where text that is not UTF-8 is of two encodings: the number of the first line that is UTF-8 beyond ASCII, and of the
 * first that is not UTF-8. Undefined where all of it may be of one.
 */
export function mixedLines(bytes: Uint8Array): { readonly utf8: number; readonly other: number } | undefined {
  let [utf8, other, line] = [0, 0, 0]
  for (let start = 0; start < bytes.length && (utf8 === 0 || other === 0); line++) {
    const end = bytes.indexOf(0x0a, start)
    const text = bytes.subarray(start, end < 0 ? bytes.length : end)
    if (!isUtf8(text)) other ||= line + 1
    else if (!isAscii(text)) utf8 ||= line + 1
    start = end < 0 ? bytes.length : end + 1
  }
  return utf8 > 0 && other > 0 ? { utf8, other } : undefined
}
