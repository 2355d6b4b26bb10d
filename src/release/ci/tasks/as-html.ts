const escaped = (text: string) =>
  text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;').replaceAll('"', '&quot;')

/**
 * The little Markdown that our own texts have (headings, code fences, tables, links, paragraphs) as HTML, for hosts that
 * show nothing else. Everything in it is escaped.
 */
export function asHtml(markdown: string): string {
  const parts: string[] = []
  for (const [i, text] of markdown.split(/^```.*$/m).entries())
    parts.push(i % 2 === 1 ? `<pre>${escaped(text.trim())}</pre>` : blocks(text))
  return parts.join('\n')
}

const blocks = (text: string): string =>
  text
    .split(/\n{2,}/)
    .map((block) => block.trim())
    .filter((block) => block !== '')
    .map((block) => {
      const heading = /^#+\s+(.*)$/.exec(block)?.[1]
      if (heading !== undefined) return `<h3>${inline(heading)}</h3>`
      return block.startsWith('|') ? table(block) : `<p>${block.split('\n').map(inline).join('<br>')}</p>`
    })
    .join('\n')

function table(block: string): string {
  const rows = block
    .split('\n')
    .filter((line) => !/^[|\s:-]+$/.test(line))
    .map((line) => line.split(/(?<!\\)\|/).slice(1, -1))
  return `<table>${rows.map((cells) => `<tr>${cells.map((cell) => `<td>${inline(cell.trim())}</td>`).join('')}</tr>`).join('')}</table>`
}

/** Links and code; what was escaped for Markdown is itself again. */
const inline = (text: string): string =>
  escaped(text)
    .replaceAll(/\[([^\]]+)\]\((https?:[^)\s]+)\)/g, '<a href="$2">$1</a>')
    .replaceAll(/`([^`]+)`/g, '<code>$1</code>')
    .replaceAll(/\\([\\`*_{}[\]()#+!|~])/g, '$1')
