import { join } from 'node:path'
import { DuckDBInstance } from '@duckdb/node-api'

/** What a caller of the endpoint sends of a flight, in this order: the model's features, and which hour it is about. */
export const columns = [
  'carrier',
  'origin',
  'dest',
  'weekday',
  'sched_dep_minute',
  'distance',
  'departures',
  'seats',
  'plane_age',
  'temp',
  'humid',
  'wind_speed',
  'wind_gust',
  'precip',
  'visib',
  'time_hour',
] as const

/** A flight as it is asked about, and what became of it: late is undefined if it never arrived. */
export interface Flight {
  readonly values: readonly (string | number | null)[]
  readonly late: boolean | undefined
}

/** As `with_features` of examples/flights/src/flights.py has them. */
const features = `select carrier, origin, dest, isodow(make_date(year, month, day)) as weekday,
    sched_dep_time // 100 * 60 + sched_dep_time % 100 as sched_dep_minute, distance,
    (count(*) over (partition by origin, time_hour))::int as departures, seats::int as seats,
    (year - plane_year)::int as plane_age, temp, humid, wind_speed, wind_gust, precip, visib,
    epoch_ms(time_hour)::double as time_hour, arr_delay
  from read_parquet($file) order by time_hour, origin, sched_dep_time, carrier, flight`

/** All flights of a month (`2013-04`), in the order of their departures. */
export async function flightsOf(example: string, month: string): Promise<readonly Flight[]> {
  const connection = await (await DuckDBInstance.create(':memory:', { threads: '1' })).connect()
  try {
    const file = join(example, 'data', `flights-${month}.parquet`)
    const rows = (await connection.runAndReadAll(features, { file })).getRowsJS() as Cell[][]
    return rows.map((row) => {
      const [hour, delay] = row.slice(-2)
      return {
        values: [...row.slice(0, -2).map(plain), new Date(Number(hour)).toISOString()],
        late: delay === null ? undefined : Number(delay) > 15,
      }
    })
  } finally {
    connection.closeSync()
  }
}

type Cell = string | number | bigint | null

const plain = (cell: Cell): string | number | null => (typeof cell === 'bigint' ? Number(cell) : cell)
