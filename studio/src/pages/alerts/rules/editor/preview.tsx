import { SegmentedControl } from '@mantine/core'
import { useDebouncedValue } from '@mantine/hooks'
import { useQuery } from '@tanstack/react-query'
import { pastQuery, rulesPath } from '../../../../api/alerts/rules.ts'
import { useSearchWord } from '../../../../frame/search.ts'
import { useWorkspace } from '../../../../frame/workspace.ts'
import { Panel } from '../../../../parts/panel.tsx'
import { Loading } from '../../../../parts/states.tsx'
import { VerdictPanel } from '../../past/verdict-panel.tsx'
import { kindOf } from './conditions.ts'
import type { Draft } from './draft.ts'
import style from '../../alerts.module.css'

const ranges = { '1': '24 hours', '7': '7 days', '30': '30 days' } as const
/** How long somebody has to stop typing before the server is asked. */
const restMs = 500

/** What a draft would have done in the past: asked of the server whenever the draft is one that could be kept. */
export function Preview({ draft }: { readonly draft: Draft }) {
  const workspace = useWorkspace()
  const [range, setRange] = useSearchWord('t', '30')
  const days = Number(range in ranges ? range : '30')
  const isWhole = draft.words !== undefined && draft.mistakes.every(({ line }) => line === undefined)
  const [words] = useDebouncedValue(isWhole ? draft.words : undefined, restMs)
  const name = draft.name === '' ? 'draft' : draft.name
  const query = useQuery({
    ...pastQuery(`${rulesPath(workspace)}/${name}`, { properties: words ?? {}, days }),
    enabled: words !== undefined,
  })
  return (
    <Panel
      title="On the past"
      subtitle="nothing of it happens"
      actions={
        // Of a signal every window is looked at, whenever it was.
        kindOf(draft.words?.['when']) === 'signal' ? null : (
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
      <div className={style.form} aria-busy={query.isFetching}>
        {query.error === null || words === undefined ? null : (
          <p role="alert" style={{ color: 'var(--bad)', overflowWrap: 'anywhere' }}>
            {query.error.message}
          </p>
        )}
        {query.data === undefined ? (
          query.isFetching ? (
            <Loading rows={8} />
          ) : (
            <p className="muted">As soon as the rule can be read, it is tried on what was measured.</p>
          )
        ) : (
          <div style={{ opacity: isWhole && query.error === null ? 1 : 0.5 }} className={style.form}>
            <VerdictPanel past={query.data} />
          </div>
        )}
      </div>
    </Panel>
  )
}
