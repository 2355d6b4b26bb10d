import { percent, quantity } from '../../../data/contracts/words/say.ts'
import { html, type Markup } from '../../../data/profile/report/markup.ts'

/** A confusion matrix with shares of the true class, the fuller the darker. */
export function confusionTable(classes: readonly string[], cells: readonly (readonly number[])[]): Markup {
  return html`<table class="confusion">
    <thead>
      <tr>
        <th></th>
        ${classes.map((name) => html`<th class="number">→ ${name}</th>`)}
      </tr>
    </thead>
    <tbody>
      ${cells.map((row, i) => {
        const total = row.reduce((sum, count) => sum + count, 0)
        return html`<tr>
          <th>${classes[i]}</th>
          ${row.map((count, j) => {
            const share = total === 0 ? 0 : count / total
            return html`<td
              class="number ${i === j ? 'right' : 'wrong'}"
              style="--share:${Math.round(share * 100)}%"
            >
              ${quantity(count)} <small>${total === 0 ? '' : percent(share)}</small>
            </td>`
          })}
        </tr>`
      })}
    </tbody>
  </table>`
}

/** Counts as bars beside each other, with the ends of their range. */
export function bars(
  label: string,
  counts: readonly number[],
  ends: readonly [first: string, last: string],
  height = 70,
): Markup {
  const highest = Math.max(...counts, 1)
  const width = 340 / counts.length
  return html`<svg class="bars" viewBox="0 0 340 ${height + 18}" role="img" aria-label="${label}">
    ${counts.map((count, i) => {
      const tall = count === 0 ? 0 : Math.max(1, Math.round((count / highest) * (height - 4)))
      return html`<rect
        x="${Math.round(i * width * 10) / 10}"
        y="${height - tall}"
        width="${Math.round((width - 1) * 10) / 10}"
        height="${tall}"
        ><title>${quantity(count)} rows</title></rect
      >`
    })}
    <line class="grid" x1="0" x2="340" y1="${height + 0.5}" y2="${height + 0.5}" />
    <text x="0" y="${height + 14}">${ends[0]}</text>
    <text x="340" y="${height + 14}" text-anchor="end">${ends[1]}</text>
  </svg>`
}
