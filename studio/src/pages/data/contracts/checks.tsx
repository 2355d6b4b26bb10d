import { useQuery } from '@tanstack/react-query'
import { contractResultsQuery, type CheckResult } from '../../../api/contracts.ts'
import { useSearchWord } from '../../../frame/search.ts'
import { Panel } from '../../../parts/panel.tsx'
import { Answer, Empty } from '../../../parts/states.tsx'
import { Status } from '../../../parts/status.tsx'
import { exact } from '../../../words/numbers.ts'
import { RowsTable } from '../preview.tsx'
import { wordOf } from './contract-history.tsx'
import style from './checks.module.css'

/** What each check of the contracts found in a version: those first that it breaks, with values and rows that do. */
export function Checks({ version }: { readonly version: string }) {
  const query = useQuery(contractResultsQuery(version))
  return (
    <Answer query={query} rows={8}>
      {(contracts) =>
        contracts.length === 0 ? (
          <Empty title="No contract has looked at it" command="twinloop data-contract check --name flights" />
        ) : (
          contracts.map(({ id, name, properties: { results = [], outcome, rows, error } }) => (
            <Panel
              key={id}
              title={
                <>
                  Contract {name} {outcome === undefined ? null : <Status kind="verdict" state={outcome} />}
                </>
              }
              subtitle={
                error?.message ??
                `${results.filter((check) => check.outcome === 'success').length} of ${results.length} checks kept, ${exact(rows)} rows`
              }
              flush
            >
              <ul className={style.checks}>
                {results
                  .toSorted((a, b) => weight(a) - weight(b))
                  .map((check) => (
                    <Check key={check.name} check={check} />
                  ))}
              </ul>
            </Panel>
          ))
        )
      }
    </Answer>
  )
}

const order = ['fail', 'error', 'warn', 'success']
const weight = ({ outcome }: CheckResult) => order.indexOf(outcome)

function Check({ check }: { readonly check: CheckResult }) {
  const [chosen] = useSearchWord('check')
  const { name, outcome, sentence, observed, partialUnexpectedCounts = [], failingRows } = check
  const examples = partialUnexpectedCounts.length > 0 || (failingRows?.rows.length ?? 0) > 0
  return (
    <li className={style.check} data-chosen={chosen === name}>
      <div className={style.head}>
        <Status kind="verdict" state={wordOf(outcome)} />
        <span className={style.sentence}>
          <strong>{sentence}</strong>
          <span className="muted"> {observed}</span>
        </span>
        <span className="mono muted" title={name}>
          {name}
        </span>
      </div>
      {examples ? (
        <details open={outcome !== 'success'}>
          <summary>
            What breaks it
            {check.unexpectedCount === undefined
              ? ''
              : `: ${exact(check.unexpectedCount)} of ${exact(check.elementCount)}`}
          </summary>
          {partialUnexpectedCounts.length === 0 ? null : (
            <p className={style.values}>
              {partialUnexpectedCounts.map(({ value, count }) => (
                <span key={wordedValue(value)}>
                  <code>{wordedValue(value)}</code> {exact(count)}
                </span>
              ))}
            </p>
          )}
          {failingRows === undefined || failingRows.rows.length === 0 ? null : (
            <RowsTable
              rows={{
                columns: failingRows.columns.map((column) => ({ name: column, type: '' })),
                rows: failingRows.rows,
                truncated: false,
              }}
            />
          )}
        </details>
      ) : null}
    </li>
  )
}

const wordedValue = (value: unknown) =>
  value === null ? 'missing' : typeof value === 'string' ? value : JSON.stringify(value)
