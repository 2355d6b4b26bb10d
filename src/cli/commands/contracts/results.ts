import { defineCommand } from '../../define-command.ts'
import type { Body } from '../../present/present.ts'
import type { EvaluationRecord } from '../../../data/contracts/results.ts'
import type { CheckOutcome, ContractOutcome } from '../../../data/contracts/evaluation/result.ts'
import type { Io } from '../../io.ts'
import { nameFlag } from '../verbs.ts'

export const results = defineCommand({
  noun: 'data-contract',
  verb: 'results',
  summary: 'The history of a contract: what became of each check in each version.',
  flags: {
    name: nameFlag,
    maxResults: {
      type: 'integer',
      short: 'r',
      placeholder: 'N',
      summary: 'At most so many evaluations, the last ones. Default 20.',
    },
  },
  examples: [
    'twinloop data-contract results -n flights',
    'twinloop data-contract results -n flights -o json --query "[].outcome"',
  ],
  async run({ flags, io, client }) {
    const { contractPath } = await import('./subject.ts')
    const api = await client()
    await api.get(contractPath(flags.name))
    const bodies = await api.list<Body>(`${contractPath(flags.name)}/evaluations`, {}, flags.maxResults ?? 20)
    const records = bodies.map((body) => body.properties as unknown as EvaluationRecord)
    if (flags.output !== undefined || flags.query !== undefined) {
      const { presentEvaluation } = await import('../../present/contract.ts')
      return records.map((record) => presentEvaluation(record))
    }
    const { marked } = await import('./lines.ts')
    io.stdout(
      records.length === 0
        ? `nothing was checked against ${flags.name} yet\n`
        : matrix(io, records.toReversed(), marked),
    )
    return undefined
  },
})

const ofContract: Readonly<Record<ContractOutcome, CheckOutcome>> = {
  passed: 'success',
  warned: 'warn',
  failed: 'fail',
  error: 'error',
}

/** Checks down, evaluations across, oldest first; a check that was not there yet has no mark. */
function matrix(
  io: Io,
  records: readonly EvaluationRecord[],
  marked: (io: Io, outcome: CheckOutcome) => string,
): string {
  const names = [...new Set(records.toReversed().flatMap((record) => record.checks.map(({ name }) => name)))]
  const label = Math.max(7, ...names.map((name) => name.length))
  const widths = records.map(({ version }) => Math.max(1, version.length))
  const row = (title: string, outcomes: readonly (CheckOutcome | undefined)[]) =>
    `${title.padEnd(label)}  ${outcomes.map((o, i) => `${' '.repeat((widths[i] ?? 1) - 1)}${o === undefined ? '·' : marked(io, o)}`).join('  ')}`
  return [
    `${'version'.padEnd(label)}  ${records.map(({ version }) => version).join('  ')}`,
    ...names.map((name) =>
      row(
        name,
        records.map(({ checks }) => checks.find((check) => check.name === name)?.outcome),
      ),
    ),
    row(
      'outcome',
      records.map(({ outcome }) => ofContract[outcome]),
    ),
    '',
  ].join('\n')
}
