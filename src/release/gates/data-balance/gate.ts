import { withTables } from '../../../data/tables/with-tables.ts'
import { assetLabel } from '../../evaluation/evaluate-gate.ts'
import type { Json } from '../../../kernel/resources/resource.ts'
import { listed } from '../../evaluation/parameters.ts'
import { checkColumns } from '../../evaluation/plan-check.ts'
import type { Findings } from '../../evaluation/findings.ts'
import { needsTwo } from '../../evaluation/tell-task.ts'
import type { Gate, GateContext } from '../gate.ts'
import { countValues, favourableLabel, mostValues } from './count-values.ts'
import { judgeBalance } from './judge-balance.ts'
import { balanceParameters, type BalanceParameters } from './parameters.ts'
import { balanceReport } from './report.ts'

/** How balanced the data are, before any model. */
export const dataBalanceGate: Gate<BalanceParameters> = {
  name: 'data_balance',
  summary:
    'Groups are in the data often enough, and with like labels: the Responsible AI toolbox’s measures within limits.',
  parameters: balanceParameters,
  check: ({ data, columns, target }, context) =>
    checkColumns(
      context,
      data,
      [
        ...columns.flatMap((own, i) => listed(own).map((name) => ({ name, path: ['columns', i] }))),
        ...(target === undefined ? [] : [{ name: target, path: ['target'] }]),
      ],
      (found) => [
        ...(target === undefined ? [] : needsTwo(found, target)),
        ...columns.flatMap((own, i) =>
          listed(own).flatMap((name) =>
            (found.distinct.get(name) ?? 0) > 2 * mostValues
              ? [
                  {
                    path: ['columns', i],
                    message: `'${name}' has about ${found.distinct.get(name)} different values: balance is of groups, at most ${mostValues}.`,
                  },
                ]
              : [],
          ),
        ),
      ],
    ),
  async advance(parameters, context) {
    const findings = await context.inBackground('balance', (signal) => measured(parameters, context, signal))
    return findings === undefined ? { doing: 'counts the values' } : { result: { ...findings, files: [] } }
  },
  report: ({ details, measures, notes }) => balanceReport(details as Json, measures, notes),
}

function measured(
  parameters: BalanceParameters,
  { platform, workspaceId }: GateContext,
  signal: AbortSignal,
): Promise<Findings> {
  const { data, columns, target, positive } = parameters
  return withTables(
    platform,
    workspaceId,
    { data },
    async (session, tables) => {
      const favourable = target === undefined ? undefined : await favourableLabel(session, target, positive)
      const label = target === undefined || favourable === undefined ? undefined : { target, favourable }
      const counted = []
      for (const own of columns) counted.push(await countValues(session, listed(own), label))
      const { version } = tables.data
      return judgeBalance(counted, parameters, {
        data: version === undefined ? data : assetLabel(version),
        ...(favourable === undefined ? {} : { favourable }),
      })
    },
    { signal },
  )
}
