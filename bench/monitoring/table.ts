import { DuckDBInstance } from '@duckdb/node-api'

/** A share in [0, 1), as good as random, the same for a row every time. */
const share = (salt: number) => `((hash(i * 1000003 + ${salt}) >> 11)::double / 9007199254740992)`
const normal = (salt: number) =>
  `(sqrt(-2 * ln(${share(salt)} + 1e-18)) * cos(2 * pi() * ${share(salt + 1)}))`
const pick = (values: number, salt: number, tilt: string) =>
  `'${String.fromCharCode(97 + (salt % 26))}' || floor(${values} * pow(${share(salt)}, ${tilt}))::integer`

/** Twenty features: fourteen numbers of several shapes, six categories of 2 to 1,000 values. */
const columns = (shift: number): readonly string[] => [
  ...Array.from({ length: 6 }, (_, k) => `${normal(10 * k + 1)} + ${k % 2 === 0 ? shift : 0}`),
  ...Array.from({ length: 4 }, (_, k) => `exp(${k} + ${1 + shift} * ${normal(100 + 10 * k)})`),
  ...Array.from({ length: 2 }, (_, k) => `round(1000 * pow(${share(200 + k)}, ${1 + shift}), 2)`),
  ...Array.from({ length: 2 }, (_, k) => `(1e6 * pow(${share(210 + k)}, ${1 + shift}))::integer`),
  ...[2, 5, 12, 50, 200, 1000].map((values, k) => pick(values, 300 + k, `${1 + shift}`)),
]

/**
 * Writes a Parquet file of so many rows, the same bytes for the same number. `from` is the number of its first row;
 * with a shift every second column or so is distributed otherwise. Its times are those of January 2026.
 */
export async function writeFeatures(file: string, rows: number, from: number, shift: number): Promise<void> {
  const instance = await DuckDBInstance.create(':memory:', { memory_limit: '2GB' })
  const connection = await instance.connect()
  const features = columns(shift).map((sql, k) => `${sql} as ${k < 14 ? 'n' : 'c'}${k}`)
  const time = `timestamp '2026-01-01' + to_seconds((2678399 * ${share(999)})::bigint) as time`
  await connection.run(
    `copy (select ${[...features, time].join(', ')} from range(${from}, ${from + rows}) t(i)) to '${file.replaceAll("'", "''")}' (format parquet)`,
  )
  connection.closeSync()
  instance.closeSync()
}
