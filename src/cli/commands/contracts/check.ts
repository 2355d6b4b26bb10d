import { writeFile } from 'node:fs/promises'
import { resolve } from 'node:path'
import { defineCommand } from '../../define-command.ts'
import type { Ended } from '../../define-command.ts'
import { fileFlag, nameFlag, optionalName, setFlag } from '../verbs.ts'

const dataFlag = {
  type: 'text',
  short: 'd',
  placeholder: 'DATA',
  summary: 'What to check: VERSION, NAME:VERSION, a local file, or a reference. Default: the latest version.',
} as const
const keptName = { ...optionalName, summary: 'A contract that is kept.' } as const

export const check = defineCommand({
  noun: 'data-contract',
  verb: 'check',
  summary: 'Evaluates a contract now. Ends with 1 if it is broken, with 0 if there are only warnings.',
  flags: {
    name: keptName,
    file: { ...fileFlag, summary: 'A contract to try that need not be kept.' },
    data: dataFlag,
    set: setFlag,
    report: { type: 'text', placeholder: 'FILE', summary: 'Writes an HTML page, too.' },
    junit: { type: 'text', placeholder: 'FILE', summary: 'Writes JUnit XML, too, for CI.' },
  },
  examples: [
    'twinloop data-contract check -n flights',
    'twinloop data-contract check -n flights -d flights:3 --report contract.html',
    'twinloop data-contract check -f contract.yml -d data/march.parquet --junit contract.xml',
  ],
  async run({ flags, io, client, settings }): Promise<Ended> {
    const { evaluate } = await import('./subject.ts')
    const checked = await evaluate(client, io, flags)
    const { evaluation } = checked
    if (flags.report !== undefined) {
      const { contractPage } = await import('../../../data/contracts/report/page.ts')
      await writeFile(resolve(io.cwd, flags.report), await contractPage(checked))
      io.stderr(`${flags.report}\n`)
    }
    if (flags.junit !== undefined) {
      const { junit } = await import('./junit.ts')
      await writeFile(resolve(io.cwd, flags.junit), junit(checked))
      io.stderr(`${flags.junit}\n`)
    }
    const output =
      flags.output ?? (flags.query === undefined ? undefined : (settings.defaults.output ?? 'json'))
    if (output === undefined) {
      const { lines } = await import('./lines.ts')
      io.stdout(lines({ ...io, colour: io.colour }, checked))
    } else {
      const { render } = await import('../../output/print.ts')
      const { presentEvaluation } = await import('../../present/contract.ts')
      const { contract, data } = checked
      const result = {
        contract,
        data,
        ...presentEvaluation(evaluation as unknown as Record<string, unknown>),
      }
      const isTable = output === 'table' && flags.query === undefined
      io.stdout(
        await render(isTable ? result['results' as keyof typeof result] : result, {
          query: flags.query,
          output,
          columns,
        }),
      )
    }
    return { exitCode: evaluation.outcome === 'passed' || evaluation.outcome === 'warned' ? 0 : 1 }
  },
})

const columns = { Check: 'name', Outcome: 'outcome', Expected: 'sentence', Observed: 'observed' }

export const report = defineCommand({
  noun: 'data-contract',
  verb: 'report',
  summary: 'Writes what is known of a version as an HTML page.',
  flags: {
    name: nameFlag,
    data: dataFlag,
    file: { ...fileFlag, summary: 'Where to write it. Default: standard output.' },
  },
  examples: [
    'twinloop data-contract report -n flights -f flights.html',
    'twinloop data-contract report -n flights -d 3 > flights.html',
  ],
  async run({ flags, io, client }) {
    const { known } = await import('./known.ts')
    const { contractPage } = await import('../../../data/contracts/report/page.ts')
    const page = await contractPage(await known(await client(), flags.name, flags.data))
    if (flags.file === undefined) io.stdout(page)
    else {
      await writeFile(resolve(io.cwd, flags.file), page)
      io.stderr(`${flags.file}\n`)
    }
    return undefined
  },
})
