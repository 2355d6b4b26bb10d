import { SegmentedControl } from '@mantine/core'
import { useDebouncedValue } from '@mantine/hooks'
import { useQuery } from '@tanstack/react-query'
import { useMemo } from 'react'
import { alertBody } from '../../../../../src/cli/bodies/alert.ts'
import type { AlertRuleFile } from '../../../../../src/cli/yaml/shapes/alerts.ts'
import { pastQuery, rulesPath } from '../../../api/alerts/rules.ts'
import { useSearchWord } from '../../../frame/search.ts'
import { useWorkspace } from '../../../frame/workspace.ts'
import { Panel } from '../../../parts/panel.tsx'
import { Loading } from '../../../parts/states.tsx'
import { VerdictPanel } from '../../alerts/past/verdict-panel.tsx'
import { ruleInWords } from '../../alerts/rules/rule-words.ts'
import type { Reading } from '../documents/read.ts'
import { asWords, kindOf } from '../forms/rule/conditions.ts'
import style from '../make.module.css'

const ranges = { '1': '24 hours', '7': '7 days', '30': '30 days' } as const
/** How long somebody has to stop typing before the server is asked. */
const restMs = 500

/** What a rule that is written would have done in the past: asked whenever it is one that could be kept. */
export function RulePreview({ reading }: { readonly reading: Reading | undefined }) {
  const workspace = useWorkspace()
  const [range, setRange] = useSearchWord('t', '30')
  const days = Number(range in ranges ? range : '30')
  const rule = useMemo(() => ruleIn(reading), [reading])
  const [properties] = useDebouncedValue(rule?.properties, restMs)
  const query = useQuery({
    ...pastQuery(`${rulesPath(workspace)}/${rule?.name ?? 'draft'}`, { properties: properties ?? {}, days }),
    enabled: properties !== undefined,
  })
  const said = rule === undefined ? undefined : ruleInWords(rule.properties)?.[0]
  return (
    <Panel
      title="On the past"
      subtitle="nothing of it happens"
      actions={
        // Of a signal every window is looked at, whenever it was.
        kindOf(rule?.properties['when']) === 'signal' ? null : (
          <SegmentedControl
            aria-label="How far back"
            size="xs"
            value={String(days)}
            onChange={setRange}
            data={Object.entries(ranges).map(([value, label]) => ({ value, label }))}
          />
        )
      }
    >
      <div className={style.past} aria-busy={query.isFetching}>
        {said === undefined ? null : <p className="muted">{said}</p>}
        {query.error === null || properties === undefined ? null : (
          <p role="alert" className={style.refused}>
            {query.error.message}
          </p>
        )}
        {query.data === undefined ? (
          rule !== undefined && query.error === null ? (
            <Loading rows={8} />
          ) : (
            <p className="muted">As soon as the rule can be read, it is tried on what was measured.</p>
          )
        ) : (
          <div style={{ opacity: rule !== undefined && query.error === null ? 1 : 0.5 }}>
            <VerdictPanel past={query.data} />
          </div>
        )}
      </div>
    </Panel>
  )
}

/** The rule as it would be kept; undefined while something is wrong with it. */
function ruleIn(reading: Reading | undefined) {
  if (reading?.loaded === undefined || reading.problems.some(({ severity }) => severity === 'error'))
    return undefined
  const { name = '', ...rule } = reading.loaded.value as AlertRuleFile
  return { name: name === '' ? 'draft' : name, properties: asWords(alertBody(rule)['properties']) }
}
