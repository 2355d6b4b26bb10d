import { addressOf } from '../../../api/call.ts'
import type { Gate, Measure, Release } from '../../../api/releases.ts'
import { namesIn } from '../../../api/resource.ts'
import { usePaths } from '../../../frame/workspace.ts'
import { Go } from '../../../parts/go.tsx'
import { IconFileText } from '../../../parts/icons.ts'
import { Panel } from '../../../parts/panel.tsx'
import { Status, StatusDot } from '../../../parts/status.tsx'
import { Took } from '../../../parts/time.tsx'
import { plural } from '../../../words/names.ts'
import { exact, metric } from '../../../words/numbers.ts'
import { Checks, TestReport } from './checks.tsx'
import { GateEvidence } from './gate-evidence.tsx'
import { plotsOf } from './gate-plots.ts'
import style from '../releases.module.css'

/** More measures than this are for the evidence page. */
const mostMeasures = 12

/** What a gate found: its sentence, its numbers with intervals and limits, its files. */
export function GateCard({
  release,
  stage,
  gate,
}: {
  readonly release: Release
  readonly stage: string
  readonly gate: Gate
}) {
  const to = usePaths()
  const { result, jobs = {} } = gate
  const measures = (result?.measures ?? []).toSorted((a, b) => weight(a) - weight(b))
  const fileId = (name: string) => `${release.id}/evidence/${stage}/${gate.name}/${gate.attempt}/${name}`
  const file = (name: string) => addressOf(fileId(name))
  const report = (result?.files ?? []).find(({ name }) => name === 'junit.xml')
  return (
    <Panel
      title={
        <span className={style.gateTitle}>
          {gate.name} <Status kind="gate" state={gate.state} />
        </span>
      }
      subtitle={
        <>
          {gate.name === gate.gate ? '' : `${gate.gate}, `}
          {gate.attempt > 1 ? `attempt ${gate.attempt}, ` : ''}
          <Took from={gate.startedAt} to={gate.endedAt} />
        </>
      }
    >
      <div className={style.gate}>
        <p>{result?.summary ?? gate.error ?? gate.doing ?? 'It has not begun.'}</p>
        {gate.waiver === undefined ? null : (
          <p className={style.waiver}>
            Waived by {gate.waiver.by.name}: {gate.waiver.reason}
          </p>
        )}
        {gate.gate === 'data_quality' ? <Checks measures={measures} /> : null}
        {report === undefined ? null : <TestReport path={fileId(report.name)} />}
        <GateEvidence measures={result?.measures ?? []} />
        {measures.length === 0 ? null : (
          <details
            open={plotsOf(measures).length === 0 && gate.gate !== 'data_quality' && report === undefined}
          >
            <summary>{plural(measures.length, 'measure')} as a table</summary>
            <Measures name={gate.name} measures={measures} />
          </details>
        )}
        {(result?.notes ?? []).map((note) => (
          <p key={note} className="muted">
            {note}
          </p>
        ))}
        {(result?.files ?? []).length + Object.keys(jobs).length === 0 ? null : (
          <p className={style.links}>
            {(result?.files ?? []).map(({ name, title }) => (
              <a key={name} href={file(name)} target="_blank" rel="noreferrer">
                <IconFileText size={14} aria-hidden /> {title}
              </a>
            ))}
            {Object.entries(jobs).map(([name, id]) => (
              <Go key={name} to={to.job(namesIn(id)[1] ?? '')}>
                job {name}
              </Go>
            ))}
          </p>
        )}
      </div>
    </Panel>
  )
}

function Measures({ name, measures }: { readonly name: string; readonly measures: readonly Measure[] }) {
  return (
    <>
      <div className={style.measures} tabIndex={0} role="region" aria-label={`Measures of ${name}`}>
        <table>
          <thead>
            <tr>
              <th scope="col">Measure</th>
              <th scope="col">Of</th>
              <th scope="col" className="number">
                Estimate
              </th>
              <th scope="col" className="number">
                Interval
              </th>
              <th scope="col" className="number">
                n
              </th>
              <th scope="col">Has to be</th>
              <th scope="col">Verdict</th>
            </tr>
          </thead>
          <tbody>
            {measures.slice(0, mostMeasures).map((measure) => (
              <Row key={keyOf(measure)} measure={measure} />
            ))}
          </tbody>
        </table>
      </div>
      {measures.length > mostMeasures ? (
        <p className="muted">and {measures.length - mostMeasures} more, in the evidence</p>
      ) : null}
    </>
  )
}

/** What did not pass comes first, then what is judged at all. */
const weight = ({ verdict }: Measure) => (verdict === undefined ? 2 : verdict === 'pass' ? 1 : 0)

const keyOf = ({ name, of, slice }: Measure) => `${name} ${of ?? ''} ${JSON.stringify(slice ?? {})}`

function Row({ measure }: { readonly measure: Measure }) {
  const { name, of, estimate, interval, n, limit, slice, verdict, note, method } = measure
  return (
    <tr title={[method, note].filter(Boolean).join('; ')}>
      <th scope="row">
        {name}
        {slice === undefined ? null : (
          <span className="muted">
            {' '}
            {Object.entries(slice)
              .map(([key, value]) => `${key} ${value}`)
              .join(', ')}
          </span>
        )}
      </th>
      <td>{of}</td>
      <td className="number">{estimate === null ? <span title={note}>–</span> : metric(estimate)}</td>
      <td className="number">
        {interval === undefined ? '' : `${metric(interval.lower)} … ${metric(interval.upper)}`}
      </td>
      <td className="number">{n === undefined ? '' : exact(n)}</td>
      <td>{limit}</td>
      <td>{verdict === undefined ? '' : <StatusDot kind="verdict" state={verdict} />}</td>
    </tr>
  )
}
