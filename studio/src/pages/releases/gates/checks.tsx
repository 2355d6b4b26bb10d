import { useQuery } from '@tanstack/react-query'
import type { Measure } from '../../../api/releases.ts'
import { respond } from '../../../api/call.ts'
import { StatusDot } from '../../../parts/status.tsx'
import { plural } from '../../../words/names.ts'
import { duration } from '../../../words/time.ts'
import { readJunit } from './junit.ts'
import style from '../releases.module.css'

/** Checks as squares, one each, and in words those that did not pass. */
export function Checks({ measures }: { readonly measures: readonly Measure[] }) {
  const judged = measures.filter(({ verdict }) => verdict !== undefined)
  const passed = judged.filter(({ verdict }) => verdict === 'pass').length
  return (
    <div>
      <p
        className={style.squares}
        role="img"
        aria-label={`${passed} of ${plural(judged.length, 'check')} passed`}
      >
        {judged.map(({ name, verdict, note }, i) => (
          // Checks may have the same name for several versions of data; their places are what tells them apart.
          // oxlint-disable-next-line react/no-array-index-key
          <span key={`${i} ${name}`} data-verdict={verdict} title={`${name}: ${note ?? verdict ?? ''}`} />
        ))}
        <span className={style.squaresText}>
          {passed} of {plural(judged.length, 'check')} passed
        </span>
      </p>
      <ul className={style.guardrails}>
        {judged
          .filter(({ verdict }) => verdict !== 'pass')
          .map(({ name, verdict, limit, note }, i) => (
            // oxlint-disable-next-line react/no-array-index-key
            <li key={`${i} ${name}`}>
              <StatusDot kind="verdict" state={verdict ?? ''} />
              <span>
                <strong>{name}</strong>: {limit}
                {note === undefined ? '' : `; ${note}`}
              </span>
            </li>
          ))}
      </ul>
    </div>
  )
}

/** Every test that a unit or integration test's report has, the failed ones first with what they say. */
export function TestReport({ path }: { readonly path: string }) {
  const { data } = useQuery({
    queryKey: ['evidence', path],
    queryFn: async ({ signal }) => readJunit(await (await respond(path, { signal })).text()),
    staleTime: Infinity,
    retry: false,
  })
  if (data === undefined || data.length === 0) return null
  return (
    <details open={data.some(({ outcome }) => outcome === 'failed')}>
      <summary>{plural(data.length, 'test')}, each with what it took</summary>
      <ul className={style.guardrails}>
        {data
          .toSorted((a, b) => Number(b.outcome === 'failed') - Number(a.outcome === 'failed'))
          .map(({ name, outcome, seconds, message }) => (
            <li key={name}>
              <StatusDot
                kind="verdict"
                state={outcome === 'passed' ? 'pass' : outcome === 'failed' ? 'fail' : 'not_applicable'}
              />
              <span>
                <code>{name}</code> <span className="muted tabular">{duration(seconds * 1000)}</span>
                {message === '' ? null : <pre className={style.message}>{message}</pre>}
              </span>
            </li>
          ))}
      </ul>
    </details>
  )
}
