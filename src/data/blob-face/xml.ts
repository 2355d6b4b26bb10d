/** Control characters, most of which XML 1.0 cannot hold, not even escaped. */
const unspeakable = /(?![\t\n\r])\p{Cc}|[\ufffe\uffff]/u

const entities: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&apos;',
}
const named: Readonly<Record<string, string>> = { amp: '&', lt: '<', gt: '>', quot: '"', apos: "'" }

/** Text for XML content or an attribute; a carriage return would be read as a line feed unless it is escaped. */
export const escapeXml = (text: string): string =>
  text.replaceAll(/[&<>"']/g, (c) => entities[c] ?? c).replaceAll('\r', '&#xD;')

export const unescapeXml = (text: string): string =>
  text.replaceAll(
    /&(?:#x([0-9a-f]+)|#(\d+)|(\w+));/gi,
    (whole, hex?: string, decimal?: string, name?: string) => {
      if (hex !== undefined) return String.fromCodePoint(Number.parseInt(hex, 16))
      if (decimal !== undefined) return String.fromCodePoint(Number.parseInt(decimal, 10))
      return named[name ?? ''] ?? whole
    },
  )

/** `<Name>…</Name>`; names that XML cannot hold are percent-encoded and say so, as Azure Blob does. */
export const nameXml = (name: string): string =>
  unspeakable.test(name)
    ? `<Name Encoded="true">${encodeURIComponent(name)}</Name>`
    : `<Name>${escapeXml(name)}</Name>`
