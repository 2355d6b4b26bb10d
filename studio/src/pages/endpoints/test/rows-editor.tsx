import { ActionIcon } from '@mantine/core'
import type { ClipboardEvent } from 'react'
import { IconX } from '../../../parts/icons.ts'
import { parseRows, type TakenRows } from './pasted-rows.ts'
import type { RequestField, Texts } from './request-fields.ts'
import type { Refused } from './row-answers.ts'
import style from './test.module.css'

/** What is known of the rows by now: their answers, that they are asked, or why there is none. */
export interface RowResults {
  readonly answers?: readonly string[] | undefined
  readonly refused?: Refused | undefined
}

/**
 * Rows as a table to type and paste into, each with what was answered to it beside it. Several cells that are pasted into
 * one go from there to the right and down, as in a spreadsheet.
 */
export function RowsEditor({
  fields,
  rows,
  results,
  onRows,
  onTaken,
}: {
  readonly fields: readonly RequestField[]
  readonly rows: readonly Texts[]
  readonly results: RowResults
  readonly onRows: (rows: readonly Texts[]) => void
  /** Whole rows were pasted, with a header. */
  readonly onTaken: (taken: TakenRows) => void
}) {
  const { answers, refused } = results
  const set = (at: number, name: string, text: string) =>
    onRows(rows.map((row, i) => (i === at ? { ...row, [name]: text } : row)))
  const paste = (event: ClipboardEvent, row: number, field: number) => {
    const text = event.clipboardData.getData('text/plain').replace(/\r?\n$/, '')
    if (!/[\t\n]/.test(text)) return
    event.preventDefault()
    const [head = ''] = text.split('\n', 1)
    if (head.split(/[\t,]/).some((cell) => fields.some(({ name }) => name === cell.trim())))
      return onTaken(parseRows(text, fields))
    const block = parseRows(text, fields.slice(field)).rows
    const width = head.split('\t').length
    const pasted = fields.slice(field, field + width).map(({ name }) => name)
    const next = [...rows]
    for (const [i, texts] of block.entries())
      next[row + i] = {
        ...next[row + i],
        ...Object.fromEntries(pasted.map((name) => [name, texts[name] ?? ''])),
      }
    onRows(next)
  }
  return (
    <div className={style.rows} role="region" aria-label="Rows of the request" tabIndex={0}>
      <table>
        <thead>
          <tr>
            <th scope="col">row</th>
            {fields.map(({ name, kind, required }) => (
              <th key={name} scope="col" data-number={kind === 'number' || kind === 'integer' || undefined}>
                {name}
                <span className="muted">
                  {' '}
                  {kind}
                  {required ? '' : '?'}
                </span>
              </th>
            ))}
            <th scope="col" className={style.result}>
              answer
            </th>
          </tr>
        </thead>
        <tbody>
          {rows.map((texts, i) => (
            // Rows have no name but their place.
            // oxlint-disable-next-line react/no-array-index-key
            <tr key={i} data-refused={refused?.row === i || undefined}>
              <th scope="row">
                {i}
                {rows.length === 1 ? null : (
                  <ActionIcon
                    variant="subtle"
                    size="sm"
                    aria-label={`Remove row ${i}`}
                    onClick={() => onRows(rows.filter((_, at) => at !== i))}
                  >
                    <IconX size={12} />
                  </ActionIcon>
                )}
              </th>
              {fields.map(({ name, kind }, at) => (
                <td key={name} data-bad={(refused?.row === i && refused.column === name) || undefined}>
                  <input
                    aria-label={`${name} of row ${i}`}
                    value={texts[name] ?? ''}
                    inputMode={kind === 'number' || kind === 'integer' ? 'decimal' : 'text'}
                    data-number={kind === 'number' || kind === 'integer' || undefined}
                    size={Math.max(7, Math.min(22, (texts[name] ?? '').length + 1))}
                    onChange={(event) => set(i, name, event.currentTarget.value)}
                    onPaste={(event) => paste(event, i, at)}
                  />
                </td>
              ))}
              <td className={style.result}>
                <Result i={i} {...results} answer={answers?.[i]} />
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  )
}

function Result({
  i,
  answer,
  refused,
}: RowResults & { readonly i: number; readonly answer: string | undefined }) {
  if (refused?.row === i) return <span className={style.bad}>{refused.message}</span>
  if (refused !== undefined) return <span className="muted">not answered</span>
  return answer === undefined ? (
    <span className="muted">–</span>
  ) : (
    <strong className="tabular">{answer}</strong>
  )
}
