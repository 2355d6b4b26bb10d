import { useQuery } from '@tanstack/react-query'
import { previewQuery, type Rows } from '../../api/data.ts'
import { Panel } from '../../parts/panel.tsx'
import { Answer, Empty } from '../../parts/states.tsx'
import { exact } from '../../words/numbers.ts'
import style from './data.module.css'

const limit = 100

/** The first rows. */
export function Preview({ version }: { readonly version: string }) {
  const query = useQuery(previewQuery(version, limit))
  return (
    <Panel title="Preview" subtitle={`the first ${limit} rows, as they are stored`} flush>
      <Answer query={query} rows={12}>
        {(rows) => <RowsTable rows={rows} />}
      </Answer>
    </Panel>
  )
}

/** Rows of any columns. What is missing is said, so that it is not taken for an empty text. */
export function RowsTable({ rows: { columns, rows } }: { readonly rows: Rows }) {
  if (rows.length === 0) return <Empty title="No rows" />
  return (
    <div className={style.rows} tabIndex={0} role="region" aria-label={`${exact(rows.length)} rows`}>
      <table>
        <thead>
          <tr>
            {columns.map(({ name, type }) => (
              <th key={name} scope="col" title={type} data-number={isNumber(type)}>
                {name}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {rows.map((row, i) => (
            // Rows of data have no names.
            // oxlint-disable-next-line react/no-array-index-key
            <tr key={i}>
              {columns.map(({ name, type }, at) => (
                <td key={name} data-number={isNumber(type)}>
                  {row[at] === null || row[at] === undefined ? (
                    <span className="muted">missing</span>
                  ) : (
                    textOf(row[at])
                  )}
                </td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  )
}

const isNumber = (type: string) => /INT|DOUBLE|FLOAT|DECIMAL|REAL/.test(type)
const textOf = (value: unknown) => (typeof value === 'string' ? value : JSON.stringify(value))
