import { NumberInput, SegmentedControl } from '@mantine/core'
import { useSearchWord } from '../../../frame/search.ts'
import { Panel } from '../../../parts/panel.tsx'
import style from '../make.module.css'

/** Azure copies at most half of the requests. */
const mostMirrored = 50

/**
 * What a new deployment is to get of its endpoint's requests. It is no part of the deployment, but of the endpoint, and can
 * be given only once the deployment is up: so it stands in the address, and the page that follows asks for it then.
 */
export function TrafficAfter() {
  const [share, setShare] = useSearchWord('share')
  const [copies, setCopies] = useSearchWord('copies')
  const how = share === '' ? (copies === '' ? 'none' : 'copies') : 'share'
  const choose = (next: string) => {
    setShare(next === 'share' ? '100' : '', 'replace')
    setCopies(next === 'copies' ? '10' : '', 'replace')
  }
  return (
    <Panel title="Its traffic" subtitle="a second step, once it is up">
      <div className={style.past}>
        <SegmentedControl
          aria-label="What it gets of the requests"
          size="xs"
          data={[
            { value: 'none', label: 'None yet' },
            { value: 'share', label: 'A share' },
            { value: 'copies', label: 'Copies' },
          ]}
          value={how}
          onChange={choose}
        />
        {how === 'share' ? (
          <NumberInput
            label="Percent of the requests"
            description="The other deployments keep the rest, in proportion."
            min={1}
            max={100}
            value={Number(share)}
            onChange={(next) => setShare(String(Number(next) || 1), 'replace')}
          />
        ) : null}
        {how === 'copies' ? (
          <NumberInput
            label="Percent of the requests that it gets a copy of"
            description="Nobody gets its answers: they are only measured and collected."
            min={1}
            max={mostMirrored}
            value={Number(copies)}
            onChange={(next) => setCopies(String(Number(next) || 1), 'replace')}
          />
        ) : null}
        <p className="muted">
          {how === 'none'
            ? 'Traffic stays as it is until somebody moves it.'
            : 'Traffic is the endpoint’s: its page opens next and, once the deployment is up, offers to move it. Until then everything stays as it is.'}
        </p>
      </div>
    </Panel>
  )
}
