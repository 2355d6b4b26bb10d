import { DuckDBInstance } from '@duckdb/node-api'

/** A share in [0, 1), as good as random, the same for a row every time. */
const share = (salt: number) => `((hash(i * 1000003 + ${salt}) >> 11)::double / 9007199254740992)`
const normal = (salt: number) =>
  `(sqrt(-2 * ln(${share(salt)} + 1e-18)) * cos(2 * pi() * ${share(salt + 1)}))`
const pick = (values: readonly string[], salt: number) =>
  `[${values.map((value) => `'${value}'`).join(', ')}][1 + floor(${values.length} * ${share(salt)} * ${share(salt + 1)})::integer]`
const letter = (salt: number) => `chr(65 + floor(26 * ${share(salt)})::integer)`

/** Twenty columns as tables have them: keys, amounts, codes, places, flags, categories, names, times, much missing. */
const columns: Readonly<Record<string, string>> = {
  id: 'i',
  amount: `exp(3 + 1.2 * ${normal(10)})`,
  price: `round(100 * ${share(20)} * ${share(21)}, 2)::decimal(10, 2)`,
  quantity: `floor(1 + 9 * ${share(30)} * ${share(31)})::integer`,
  score: `case when ${share(40)} < 0.07 then null else 50 + 12 * ${normal(41)} end`,
  age: `floor(18 + 70 * ${share(50)})::integer`,
  postcode: `floor(10000 + 89999 * ${share(60)})::integer`,
  latitude: `-90 + 180 * ${share(70)}`,
  longitude: `-180 + 360 * ${share(80)}`,
  ratio: `case when ${share(90)} < 0.6 then 0 else ${share(91)} end`,
  error: `3 * ${normal(95)}`,
  late: `${share(100)} < 0.23`,
  carrier: pick(['AA', 'AS', 'B6', 'DL', 'EV', 'F9', 'FL', 'HA', 'MQ', 'OO', 'UA', 'US'], 110),
  city: `'city ' || floor(1000 * ${share(120)} * ${share(121)})::integer`,
  code: `${letter(130)} || ${letter(131)} || lpad(floor(1000 * ${share(132)})::integer::varchar, 3, '0')`,
  customer: `case when ${share(140)} < 0.02 then null else 'customer ' || (hash(i * 7 + 140) % 3000000)::varchar end`,
  status: pick(['new', 'paid', 'sent', 'returned'], 150),
  created: `timestamp '2013-01-01' + to_seconds(floor(31536000 * ${share(160)})::bigint)`,
  day: `date '2012-01-01' + floor(730 * ${share(170)})::integer`,
  remark: `case when ${share(180)} < 0.93 then null else ${normal(181)} end`,
}

/** Writes a Parquet file of so many rows; the same bytes for the same number. */
export async function writeTable(file: string, rows: number): Promise<void> {
  const instance = await DuckDBInstance.create(':memory:', { memory_limit: '2GB' })
  const connection = await instance.connect()
  const list = Object.entries(columns).map(([name, sql]) => `${sql} as ${name}`)
  await connection.run(
    `copy (select ${list.join(', ')} from range(${rows}) t(i)) to '${file.replaceAll("'", "''")}' (format parquet)`,
  )
  connection.closeSync()
  instance.closeSync()
}
