import style from '../alerts.module.css'

/** What a line of a unified difference is. */
function changeOf(line: string): 'added' | 'removed' | 'place' | 'same' {
  if (/^(?:---|\+\+\+|@@)/.test(line)) return 'place'
  if (line.startsWith('+')) return 'added'
  return line.startsWith('-') ? 'removed' : 'same'
}

/** A difference as `diff -u` writes it: the signs say what the colours do. */
export const Diff = ({ text, label }: { readonly text: string; readonly label: string }) => (
  <pre className={style.diff} tabIndex={0} role="region" aria-label={label}>
    {text
      .replace(/\n$/, '')
      .split('\n')
      .map((line, i) => (
        // Lines have no names, and the text is given as a whole.
        // oxlint-disable-next-line react/no-array-index-key
        <span key={i} data-change={changeOf(line)}>
          {line === '' ? ' ' : line}
        </span>
      ))}
  </pre>
)
