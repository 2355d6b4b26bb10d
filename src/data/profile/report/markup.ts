/** Markup that is safe to be put into other markup as it is. */
export interface Markup {
  readonly markup: string
}

type Part = string | number | Markup | readonly Part[] | undefined | false

/** Markup of a template: everything that is put in is escaped, unless it is markup itself. */
export const html = (texts: TemplateStringsArray, ...parts: readonly Part[]): Markup => ({
  markup: texts.map((text, i) => text + (i < parts.length ? written(parts[i]) : '')).join(''),
})

/** Text that is ours and needs no escaping: style sheets and scripts. */
export const trusted = (markup: string): Markup => ({ markup })

function written(part: Part): string {
  if (part === undefined || part === false) return ''
  if (typeof part === 'string' || typeof part === 'number') return escaped(String(part))
  return 'markup' in part ? part.markup : part.map(written).join('')
}

const entities: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
}

/** Control characters would be invisible or invalid; their pictures (U+2400 …) are neither. */
const escaped = (text: string) =>
  text
    .replaceAll(/[&<>"']/g, (mark) => entities[mark] ?? mark)
    // oxlint-disable-next-line no-control-regex -- they are what is looked for
    .replaceAll(/[\u0000-\u0008\u000B-\u001F\u007F]/g, (mark) =>
      String.fromCodePoint(0x2400 + ((mark.codePointAt(0) ?? 0) % 0x7f)),
    )
