import { html, raw } from 'hono/html'

/** What Hono's `html` makes. */
export type Html = ReturnType<typeof html>

/** A fragment as text. Nothing in it may be a promise: reports are made of what is there. */
export function textOf(fragment: Html): string {
  if (fragment instanceof Promise) throw new TypeError('A report cannot wait.')
  return fragment.toString()
}

/** A table, its cells escaped; of a row without cells nothing is left. */
export const table = (head: readonly string[], rows: readonly (readonly (string | Html)[])[]): Html =>
  html`<table>
    <thead>
      <tr>
        ${head.map((name) => html`<th>${name}</th>`)}
      </tr>
    </thead>
    <tbody>
      ${rows.map(
        (row) =>
          html`<tr>
            ${row.map((value) => html`<td>${value}</td>`)}
          </tr>`,
      )}
    </tbody>
  </table>`

/** What a gate of ours drew, such as SVG. */
export const drawing = (svg: string): Html => raw(svg)
