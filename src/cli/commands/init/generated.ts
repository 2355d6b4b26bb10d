import { Document, isMap, isSeq } from 'yaml'
import type { Column, Problem } from './columns.ts'
import type { Row } from './csv.ts'

/** `data-science/src/columns.py`: what the project's own code knows of its data. */
export function columnsModule({ task, target, positive, features, ignored }: Problem, data: string): string {
  const named = (kind: Column['kind']) => features.filter((c) => c.kind === kind).map(({ name }) => name)
  const labels =
    task === 'classification'
      ? ['', '# The label whose chance the model gives.', `POSITIVE = ${python(positive ?? '')}`]
      : task === 'multiclass'
        ? ['', "# Every label, in the order of the model's answers.", pythonList('CLASSES', sorted(target))]
        : []
  return [
    '"""Which columns there are: what is predicted, what from, and what is left out.',
    '',
    `\`twinloop init\` read them from ${data}; from here on they are yours to change.`,
    '"""',
    '',
    `TARGET = ${python(target.name)}`,
    ...labels,
    '',
    pythonList('CATEGORIES', named('category')),
    '# True or false, never missing.',
    pythonList('FLAGS', named('flag')),
    pythonList('NUMBERS', named('number')),
    'FEATURES = CATEGORIES + FLAGS + NUMBERS',
    ...(ignored.length === 0 ? [] : ['', '# Left out:']),
    ...ignored.map(({ name, why }) => `# ${name.replaceAll(/\s+/g, ' ')}: ${why}`),
    '',
  ].join('\n')
}

const sorted = ({ values }: Column) => values.map(({ value }) => value).sort()

/** JSON's texts are Python's, too. */
const python = (text: string) => JSON.stringify(text)

function pythonList(name: string, items: readonly string[]): string {
  const line = `${name} = [${items.map(python).join(', ')}]`
  return line.length <= 110 ? line : `${name} = [\n${items.map((item) => `    ${python(item)},\n`).join('')}]`
}

/** As many labels as are listed one by one. */
const mostListed = 30

/** `mlops/data/contract.yml`: what the data are like now, for a person to make stricter. */
export function contractFile(name: string, { target, features }: Problem, rows: number): string {
  const checks = [
    { row_count: { min: Math.max(1, Math.floor(rows / 2)) } },
    { schema: [...features.map((column) => column.name), target.name] },
    { column: target.name, not_null: true, ...expected(target) },
    ...features.map((column) => ({
      column: column.name,
      ...missingRate(column, rows),
      ...expected(column),
      // A new value may be right: it is told, and does not stop anything.
      severity: 'warn',
    })),
  ]
  const contract = { type: 'data_contract', name, data: name, checks: checks.filter(saysSomething) }
  const heading =
    '# What every version of the data must be like: a first one, from the values that there were. See also\n' +
    `# twinloop data-contract suggest -d ${name}\n`
  return heading + oneLineEach(contract)
}

/** YAML in which every check is a line of its own. */
function oneLineEach(contract: { readonly checks: readonly object[] }): string {
  const document = new Document(contract)
  const checks = document.get('checks')
  for (const check of isSeq(checks) ? checks.items : []) if (isMap(check)) check.flow = true
  return document.toString({ lineWidth: 0 })
}

const saysSomething = (check: object) =>
  !('column' in check) || Object.keys(check).length > ('severity' in check ? 2 : 1)

/** Half as much again as there was, and a little where nothing was missing. */
const missingRate = ({ missing }: Column, rows: number) => ({
  null_rate: { max: `${Math.max(1, Math.ceil((150 * missing) / rows))}%` },
})

/** Labels as they are; numbers within twice the width of their range, none below zero where none was. */
function expected({ kind, range, values }: Column): object {
  if (kind === 'flag') return {}
  if (range !== undefined) {
    const [from, to] = range
    const margin = (to - from) / 2
    const least = from >= 0 ? Math.max(0, from - margin) : from - margin
    return { between: [rounded(least, Math.floor), rounded(to + margin, Math.ceil)] }
  }
  return values.length <= mostListed ? { in: values.map(({ value }) => value).sort() } : {}
}

/** To three significant digits, away from the range. */
function rounded(value: number, towards: (value: number) => number): number {
  if (value === 0) return 0
  const unit = 10 ** (Math.floor(Math.log10(Math.abs(value))) - 2)
  return Number((towards(value / unit) * unit).toPrecision(12))
}

/** `mlops/deploy/online/request.json`: some rows as a client would send them. */
export function requestFile(header: readonly string[], rows: readonly Row[], { features }: Problem): string {
  const places = features.map((column) => ({ column, at: header.indexOf(column.name) }))
  const data = rows.map(({ values }) => places.map(({ column, at }) => asJson(column, values[at] ?? '')))
  const lines = data.map((row) => `      ${JSON.stringify(row)}`).join(',\n')
  return (
    `{\n  "input_data": {\n    "columns": ${JSON.stringify(features.map(({ name }) => name))},\n` +
    `    "data": [\n${lines}\n    ]\n  }\n}\n`
  )
}

function asJson({ kind, values }: Column, value: string): unknown {
  if (kind === 'flag') return value.toLowerCase() === 'true'
  if (!values.some((known) => known.value === value)) return null
  return kind === 'number' ? Number(value) : value
}
