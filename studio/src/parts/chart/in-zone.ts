import { zoneName, type Settings } from '../settings.ts'
import type { Colours } from './time-option.ts'

/** What ECharts draws, with its times in that zone and the zone's name at the beginning of every axis of time. */
export function inZone(option: object, zone: Settings['zone'], colours: Colours): object {
  const named = (axis: unknown): unknown => {
    if (Array.isArray(axis)) return axis.map(named)
    if (typeof axis !== 'object' || axis === null || !('type' in axis) || axis.type !== 'time') return axis
    const style = {
      color: colours.muted,
      fontSize: 10,
      align: 'right',
      verticalAlign: 'top',
      padding: [8, 2, 0, 0],
    }
    return { name: zoneName(zone), nameLocation: 'start', nameGap: 4, nameTextStyle: style, ...axis }
  }
  const { xAxis, ...rest } = option as { readonly xAxis?: unknown }
  return { useUTC: zone === 'utc', ...rest, ...(xAxis === undefined ? {} : { xAxis: named(xAxis) }) }
}
