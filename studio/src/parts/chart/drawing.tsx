import { useComputedColorScheme } from '@mantine/core'
import { useEffect, useRef } from 'react'
import { useSettings } from '../settings.ts'
import { init } from './echarts.ts'
import { inZone } from './in-zone.ts'
import type { Colours } from './time-option.ts'

type Instance = ReturnType<typeof init>

/** Draws an option, and again when it, the theme or the room for it changes. `label` is the chart in a sentence. */
export function Drawing({
  option,
  height,
  label,
  onClick,
}: {
  readonly option: (colours: Colours) => object
  readonly height: number
  readonly label: string
  readonly onClick?: ((name: string, index: number) => void) | undefined
}) {
  const place = useRef<HTMLDivElement>(null)
  const chart = useRef<Instance>(undefined)
  const scheme = useComputedColorScheme()
  const { zone } = useSettings()
  const click = useRef(onClick)
  useEffect(() => {
    click.current = onClick
  }, [onClick])

  useEffect(() => {
    if (place.current === null) return undefined
    const made = init(place.current, null, { renderer: 'svg' })
    made.on('click', ({ name, dataIndex }) => click.current?.(name, dataIndex))
    chart.current = made
    const watcher = new ResizeObserver(() => made.resize())
    watcher.observe(place.current)
    return () => {
      watcher.disconnect()
      made.dispose()
      chart.current = undefined
    }
  }, [])
  useEffect(() => {
    const colours = coloursNow()
    const drawn = inZone(option(colours), zone, colours)
    chart.current?.setOption(drawn as Parameters<Instance['setOption']>[0], { notMerge: true })
  }, [option, scheme, zone])

  return <div ref={place} role="img" aria-label={label} style={{ height, width: '100%' }} />
}

/** The colours of the theme that is on. */
function coloursNow(): Colours {
  const styles = getComputedStyle(document.documentElement)
  const read = (name: string) => styles.getPropertyValue(name).trim()
  return {
    series: [1, 2, 3, 4, 5, 6].map((number) => read(`--series-${number}`)),
    text: read('--text'),
    muted: read('--muted'),
    line: read('--line'),
    page: read('--page'),
    bad: read('--bad'),
  }
}
