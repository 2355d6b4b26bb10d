import { SegmentedControl, Select, Switch } from '@mantine/core'
import { useMemo } from 'react'
import { useSearchWord } from '../../frame/search.ts'
import { axes, type Axis } from './history.ts'
import type { HistoryView } from './history-chart.tsx'

const weights = ['0', '0.6', '0.9', '0.97']

/** How histories are drawn, as the address says: over what, smoothed or not, on which scale. */
export function useHistoryView(): HistoryView {
  const [axis] = useSearchWord('axis', 'step')
  const [scale] = useSearchWord('scale', 'linear')
  const [smooth] = useSearchWord('smooth', '0')
  return useMemo(
    () => ({
      axis: Object.hasOwn(axes, axis) ? (axis as Axis) : 'step',
      isLog: scale === 'log',
      weight: weights.includes(smooth) ? Number(smooth) : 0,
    }),
    [axis, scale, smooth],
  )
}

/** The controls that set it. */
export function HistoryTools() {
  const view = useHistoryView()
  const [, setAxis] = useSearchWord('axis', 'step')
  const [, setScale] = useSearchWord('scale', 'linear')
  const [, setSmooth] = useSearchWord('smooth', '0')
  return (
    <>
      <SegmentedControl
        size="xs"
        aria-label="Over"
        data={[
          { value: 'step', label: 'Step' },
          { value: 'relative', label: 'Relative' },
          { value: 'time', label: 'Time' },
        ]}
        value={view.axis}
        onChange={(value) => setAxis(value)}
      />
      <Select
        aria-label="Smoothing"
        data={weights.map((value) => ({
          value,
          label: value === '0' ? 'Not smoothed' : `Smoothed by ${value}`,
        }))}
        value={String(view.weight)}
        onChange={(value) => setSmooth(value ?? '0')}
        allowDeselect={false}
        w={150}
      />
      <Switch
        size="xs"
        label="Logarithmic"
        checked={view.isLog}
        onChange={(event) => setScale(event.currentTarget.checked ? 'log' : 'linear')}
      />
    </>
  )
}
