import type { Incident } from '../../../api/incidents.ts'
import { usePaths } from '../../../frame/workspace.ts'
import { Go } from '../../../parts/go.tsx'
import { Facts, Panel, type Fact } from '../../../parts/panel.tsx'
import { Time } from '../../../parts/time.tsx'

/** The alert's labels, each a link where it names something that has a page. */
export function About({ incident }: { readonly incident: Incident }) {
  const to = usePaths()
  const { labels, annotations = {}, acknowledged, silencedBy, rule } = incident.properties
  const { monitor, signal } = labels
  const pageOf = (name: string, value: string): string | undefined => {
    if (name === 'endpoint') return to.endpoint(value)
    if (name === 'monitor') return to.monitor(value)
    if (name === 'signal' && monitor !== undefined) return to.signal(monitor, value)
    if (name === 'feature' && monitor !== undefined && signal !== undefined)
      return to.feature(monitor, signal, value)
    return name === 'experiment' ? to.experiment(value) : undefined
  }
  const facts: readonly Fact[] = Object.entries(labels)
    .filter(([name]) => name !== 'alertname')
    .map(([name, value]) => {
      const page = pageOf(name, value)
      return { name, value: page === undefined ? value : <Go to={page}>{value}</Go> }
    })
  return (
    <Panel title="About">
      <Facts
        facts={[
          { name: 'rule', value: <Go to={to.alertRule(rule)}>{rule}</Go> },
          ...facts,
          ...Object.entries(annotations).map(([name, value]) => ({
            name,
            value: /^https?:\/\//.test(value) ? (
              <a href={value} target="_blank" rel="noreferrer">
                {name === 'runbook_url' ? 'runbook' : value}
              </a>
            ) : (
              value
            ),
          })),
          {
            name: 'Acknowledged',
            value:
              acknowledged === undefined ? undefined : (
                <>
                  {acknowledged.by}, <Time at={acknowledged.at} />
                  {acknowledged.comment === undefined ? '' : `: ${acknowledged.comment}`}
                </>
              ),
          },
          {
            name: 'Nobody is told',
            value: silencedBy === undefined ? undefined : <Quiet why={silencedBy} />,
          },
        ]}
      />
    </Panel>
  )
}

function Quiet({ why }: { readonly why: string }) {
  const to = usePaths()
  return why.startsWith('silence') ? <Go to={to.silences}>{why}</Go> : why
}
