import { identifier, literal, type Session } from '../../../analytics/analytics.ts'
import { fitIntegers } from '../../../analytics/fit-integers.ts'
import { groundTruth } from '../labels/labels.ts'
import type { Window } from './window.ts'

/** Own columns of every line; a collection's others are what its rows have. */
const common = ['correlationid', 'row', 'time'] as const

/** Makes the view of a collection's files; false where nothing in them is of the window. */
export async function makeView(
  session: Session,
  name: string,
  paths: readonly string[],
  window: Window,
): Promise<boolean> {
  if (paths.length === 0) return false
  const isLabels = name === groundTruth
  const source = `read_json([${paths.map(literal).join(', ')}], format = 'newline_delimited', union_by_name = true, sample_size = -1, maximum_object_size = 67108864)`
  const raw = identifier(`${name} events`)
  const time = isLabels ? 'receivedtime' : 'time'
  await session.run(
    `create table ${raw} as select id::varchar as id, correlationid::varchar as correlationid, ${time}::timestamptz as time,
       ${isLabels ? '"row"' : 'null'}::bigint as first_row, data from ${source}` +
      (isLabels ? '' : ` where time::timestamptz >= $1 and time::timestamptz < $2`),
    isLabels ? [] : [window.from, window.to],
  )
  const described = await session.all(`select typeof(data) as type, count(*) from ${raw} group by 1 limit 1`)
  const [type] = described.rows[0] ?? []
  if (typeof type !== 'string') return false
  const isRows = type.endsWith('[]')
  const unnested = isRows ? 'unnest(data)' : 'data'
  const position = isRows ? 'generate_subscripts(data, 1) - 1' : '0'
  const row = isRows && type.startsWith('STRUCT') ? `unnest(value)` : `value as ${identifier(name)}`
  await session.run(
    `create view ${identifier(`${name} as read`)} as
       with numbered as (select id, correlationid, coalesce(first_row, ${position}) as "row", time, ${unnested} as value from ${raw}),
       last as (select * from numbered qualify row_number() over (partition by correlationid, "row" order by time desc, id desc) = 1)
       select ${common.map(identifier).join(', ')}, ${row} from last`,
  )
  const asRead = identifier(`${name} as read`)
  const fitting = await fitIntegers(session, asRead)
  await session.run(`create view ${identifier(name)} as ${fitting}`)
  return true
}

/** Beside each row of inputs, its outputs and labels; a name that two have is that of the first, and `{view}.{name}`. */
export async function joinViews(session: Session, views: readonly string[]): Promise<void> {
  const apart = ['model_inputs', 'model_outputs'].filter((name) => views.includes(name))
  const both = apart.length > 0 ? apart : ['model_inputs_outputs'].filter((name) => views.includes(name))
  const parts = [...both, ...views.filter((name) => name === groundTruth)]
  const [first, ...others] = parts
  if (first === undefined) return
  const taken = new Set<string>(common)
  const columns: string[] = common.map((name) => `${identifier(first)}.${identifier(name)}`)
  for (const view of parts)
    for (const { name } of (await session.all(`select * from ${identifier(view)} limit 0`)).columns) {
      if ((common as readonly string[]).includes(name)) continue
      const shown = taken.has(name) ? `${view}.${name}` : name
      taken.add(shown)
      columns.push(`${identifier(view)}.${identifier(name)} as ${identifier(shown)}`)
    }
  const joins = others.map(
    (view) =>
      ` left join ${identifier(view)} on ${identifier(first)}.correlationid = ${identifier(view)}.correlationid and ${identifier(first)}."row" = ${identifier(view)}."row"`,
  )
  await session.run(
    `create view collected as select ${columns.join(', ')} from ${identifier(first)}${joins.join('')}`,
  )
}
