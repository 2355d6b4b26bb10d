/**
 * The few forms of DER (ITU-T X.690) that a certificate is made of. Only writing: reading certificates is
 * `node:crypto`'s.
 */

/** A tag, the length and the content. */
function element(tag: number, content: Uint8Array): Buffer {
  const size = content.length
  if (size < 0x80) return Buffer.concat([Buffer.from([tag, size]), content])
  const length = Buffer.from(size.toString(16).padStart(size > 0xff ? 4 : 2, '0'), 'hex')
  return Buffer.concat([Buffer.from([tag, 0x80 | length.length]), length, content])
}

export const sequence = (...items: readonly Uint8Array[]): Buffer => element(0x30, Buffer.concat(items))
export const set = (...items: readonly Uint8Array[]): Buffer => element(0x31, Buffer.concat(items))
export const utf8 = (text: string): Buffer => element(0x0c, Buffer.from(text, 'utf8'))
export const octets = (content: Uint8Array): Buffer => element(0x04, content)
export const yes: Buffer = element(0x01, Buffer.from([0xff]))

/** A number that is not negative, from its big-endian bytes. */
export function integer(bytes: Uint8Array): Buffer {
  const first = bytes.findIndex((byte) => byte !== 0)
  const least = first < 0 ? Buffer.from([0]) : bytes.subarray(first)
  // A leading one bit would mean a negative number.
  return element(0x02, (least[0] ?? 0) >= 0x80 ? Buffer.concat([Buffer.from([0]), least]) : least)
}

/** Bits, of which the last `unused` of the last byte do not count. */
export const bits = (content: Uint8Array, unused = 0): Buffer =>
  element(0x03, Buffer.concat([Buffer.from([unused]), content]))

/** `oid('2.5.29.19')`. */
export function oid(dotted: string): Buffer {
  const [first = 0, second = 0, ...rest] = dotted.split('.').map(Number)
  return element(0x06, Buffer.from([first * 40 + second, ...rest.flatMap(base128)]))
}

/** Seven bits a byte, the top bit telling that more follow. */
function base128(value: number): number[] {
  const digits = [value % 128]
  for (let left = Math.floor(value / 128); left > 0; left = Math.floor(left / 128))
    digits.unshift(0x80 | (left % 128))
  return digits
}

/** UTCTime until 2049 and GeneralizedTime from 2050 on, as RFC 5280 section 4.1.2.5 wants it. */
export function time(at: Date): Buffer {
  const digits = at.toISOString().replaceAll(/[-T:]|\.\d+Z/g, '')
  return at.getUTCFullYear() < 2050
    ? element(0x17, Buffer.from(`${digits.slice(2)}Z`))
    : element(0x18, Buffer.from(`${digits}Z`))
}

/** `[n]` around an element (explicit), or in the place of its own tag (implicit). */
export const explicit = (n: number, inner: Uint8Array): Buffer => element(0xa0 | n, inner)
export const implicit = (n: number, content: Uint8Array): Buffer => element(0x80 | n, content)
