import { withContext, type DiffLine } from './line-diff.ts'
import style from './diff.module.css'

/** How many lines were added, and how many removed, in words. */
export function countLines(lines: readonly DiffLine[]): string {
  const added = lines.filter(({ sign }) => sign === '+').length
  const removed = lines.filter(({ sign }) => sign === '-').length
  return `${added} ${added === 1 ? 'line' : 'lines'} added, ${removed} removed`
}

/** The difference of two texts: the lines that changed, with what stands around them. */
export const DiffLines = ({ lines }: { readonly lines: readonly DiffLine[] }) => (
  <div className={style.diff} tabIndex={0} role="region" aria-label="The difference, line by line">
    {withContext(lines).map((line, i) =>
      line === 'gap' ? (
        <div key={i} className={style.gap}>
          …
        </div>
      ) : (
        <div key={i} data-sign={line.sign}>
          <span aria-hidden>{line.sign}</span>
          {line.sign === ' ' ? null : (
            <span className="visually-hidden">{line.sign === '+' ? 'added: ' : 'removed: '}</span>
          )}
          {line.text}
        </div>
      ),
    )}
  </div>
)
