import type { Evaluation } from '../../../api/data.ts'
import { Panel } from '../../../parts/panel.tsx'
import { Go } from '../../../parts/go.tsx'
import { lookOf } from '../../../words/status.ts'
import style from '../data.module.css'

/** As many versions as fit beside each other. */
const mostVersions = 24

/** Every check of a contract over the versions: a row of marks for each, the newest at the right. */
export function ContractHistory({
  evaluations,
  pageOf,
}: {
  readonly evaluations: readonly Evaluation[]
  /** Page of a version that was looked at. */
  readonly pageOf: (version: string) => string
}) {
  const shown = evaluations.slice(0, mostVersions).toReversed()
  const checks = [
    ...new Set(shown.flatMap(({ properties }) => (properties.checks ?? []).map(({ name }) => name))),
  ]
  return (
    <Panel
      title="Contract"
      subtitle={`${checks.length} checks over the last ${shown.length} evaluations, the newest at the right`}
      flush
    >
      <div
        className={style.history}
        tabIndex={0}
        role="region"
        aria-label="Checks of the contract over versions"
      >
        <table>
          <thead>
            <tr>
              <th scope="col">Check</th>
              {shown.map(({ id, properties }) => (
                <th key={id} scope="col">
                  {properties.version}
                </th>
              ))}
              <th scope="col">Last seen</th>
            </tr>
          </thead>
          <tbody>
            {checks.map((check) => {
              const found = shown.map(({ id, properties }) => ({
                id,
                version: properties.version,
                result: properties.checks?.find(({ name }) => name === check),
              }))
              return (
                <tr key={check}>
                  <th scope="row">{check}</th>
                  {found.map(({ id, version, result }) => {
                    const { family, word } = lookOf('verdict', wordOf(result?.outcome))
                    return (
                      <td key={id}>
                        {result === undefined ? (
                          <span
                            className={style.mark}
                            data-family="none"
                            role="img"
                            aria-label={`version ${version}: not checked`}
                          />
                        ) : (
                          <Go
                            to={pageOf(version)}
                            search={{ tab: 'checks', check }}
                            className={style.markLink}
                            label={`version ${version}: ${word}`}
                            title={`version ${version}: ${result.observed ?? word}`}
                          >
                            <span className={style.mark} data-family={family} />
                          </Go>
                        )}
                      </td>
                    )
                  })}
                  <td>{found.findLast(({ result }) => result !== undefined)?.result?.observed}</td>
                </tr>
              )
            })}
          </tbody>
        </table>
      </div>
    </Panel>
  )
}

/** What a check of a contract calls its outcomes, in the words of verdicts. */
export const wordOf = (outcome: string | undefined): string =>
  ({ success: 'pass', warning: 'warn', failure: 'fail' })[outcome ?? ''] ?? outcome ?? ''
