import { defineCommand } from '../../define-command.ts'
import type { Command } from '../../define-command.ts'
import type { Body } from '../../present/present.ts'
import { alertRule } from '../nouns.ts'
import { placed } from '../../submit/placed.ts'
import { encode, fileFlag, optionalName, setFlag } from '../verbs.ts'
import type { Trial } from './trial.ts'
import type { Evaluation, PresentedAlert } from './picture.ts'

interface Listed extends PresentedAlert {
  readonly rule: string
  readonly severity: string
  readonly limit: string
}

const list = defineCommand({
  noun: 'alert',
  verb: 'list',
  summary: 'Lists what fires now or is about to, and rules that cannot be looked at.',
  flags: {
    state: { type: 'text', placeholder: 'STATE', choices: ['pending', 'firing'], summary: 'Only those.' },
    severity: { type: 'text', placeholder: 'SEVERITY', summary: 'Only of this severity.' },
  },
  table: {
    Rule: 'rule',
    State: 'state',
    Severity: 'severity',
    Value: 'value',
    Limit: 'limit',
    Since: 'active_at',
    Incident: 'incident',
  },
  examples: ['twinloop alert list', 'twinloop alert list --state firing -o table'],
  async run({ flags, io, client }) {
    const api = await client()
    const bodies = await api.list<Body>(`/${alertRule.type}`)
    const rules = bodies.map(({ name = '', properties }) => ({
      name,
      evaluation: properties?.['evaluation'] as Evaluation,
    }))
    const alerts = rules
      .flatMap(({ name, evaluation }) =>
        (evaluation.alerts ?? []).map((alert): Listed => ({
          ...alert,
          rule: name,
          severity: evaluation.severity ?? '',
          limit: evaluation.limit ?? '',
        })),
      )
      .filter(({ state }) => state !== 'resolved' && (flags.state === undefined || state === flags.state))
      .filter(({ severity }) => flags.severity === undefined || severity === flags.severity)
      .toSorted((a, b) => a.state.localeCompare(b.state) || Date.parse(a.activeAt) - Date.parse(b.activeAt))
    if (flags.output !== undefined || flags.query !== undefined)
      return alerts.map(({ activeAt, firedAt, shown: _, ...alert }) => ({
        ...alert,
        active_at: activeAt,
        fired_at: firedAt ?? null,
      }))
    const { age, columns, labelsOf, stateOf } = await import('./marks.ts')
    const now = new Date()
    const rows = alerts.map(({ rule, state, severity, labels, shown, limit, activeAt, incident }) => [
      stateOf(io, state),
      severity,
      rule,
      labelsOf(labels),
      `${shown} ${limit}`,
      age(activeAt, now),
      incident === undefined ? '' : `incident ${incident}`,
    ])
    const unknown = rules
      .filter(({ evaluation }) => evaluation.error !== undefined || evaluation.state === 'no_data')
      .map(({ name, evaluation }) =>
        evaluation.error === undefined
          ? `${stateOf(io, 'no_data')}  ${name}: nothing is measured that it could be about`
          : `${stateOf(io, 'error')}  ${name}: ${evaluation.error}`,
      )
    const lines = [...columns(rows), ...unknown]
    const quiet = `nothing fires (${rules.length} ${rules.length === 1 ? 'rule' : 'rules'})`
    io.stdout(`${(rows.length === 0 ? [quiet, ...unknown] : lines).join('\n')}\n`)
    return undefined
  },
})

const exportRules = defineCommand({
  noun: 'alert',
  verb: 'export',
  summary:
    'Prints the rules of a workspace as Prometheus reads them, over what the server tells at /metrics.',
  flags: {
    format: {
      type: 'text',
      placeholder: 'FORMAT',
      choices: ['prometheus'],
      summary: 'What reads them. Default prometheus.',
    },
    file: { ...fileFlag, summary: 'Writes them there. Default: standard output.' },
  },
  examples: ['twinloop alert export --format prometheus', 'twinloop alert export -f twinloop.rules.yml'],
  async run({ flags, io, client }) {
    const api = await client()
    const { yaml, left } = await api.post<{
      readonly yaml: string
      readonly left: readonly { readonly rule: string; readonly why: string }[]
    }>('/exportAlertRules', { format: 'prometheus' })
    if (flags.file === undefined) io.stdout(yaml)
    else {
      const [{ writeFile }, path] = await Promise.all([import('node:fs/promises'), import('node:path')])
      await writeFile(path.resolve(io.cwd, flags.file), yaml)
      io.stderr(`${flags.file}\n`)
    }
    for (const { rule, why } of left) io.stderr(`left out: ${rule}: ${why}\n`)
    return undefined
  },
})

const test = defineCommand({
  noun: 'alert',
  verb: 'test',
  summary:
    'Says when a rule would have fired in the past, and what its actions would do; nothing of it happens.',
  flags: {
    file: { ...fileFlag, summary: 'A rule in a file. Default: the one that --name names.' },
    name: optionalName,
    set: setFlag,
    days: { type: 'integer', placeholder: 'N', summary: 'How many days to look back. Default 30.' },
  },
  examples: [
    'twinloop alert test -f rule.yml',
    'twinloop alert test -n queue-too-long --days 7',
    'twinloop alert test -f rule.yml --set when.above=50',
  ],
  async run({ flags, io, client }) {
    const api = await client()
    const { ruleToTest } = await import('./trial.ts')
    const { name, properties, source } = await ruleToTest(client, io, flags)
    try {
      const trial = await api.post<Trial>(`/${alertRule.type}/${encode(name)}/test`, {
        ...(properties === undefined ? {} : { properties }),
        ...(flags.days === undefined ? {} : { days: flags.days }),
      })
      if (flags.output !== undefined || flags.query !== undefined) return trial
      const { trialPicture } = await import('./trial.ts')
      io.stdout(trialPicture(io, trial))
      return undefined
    } catch (error) {
      throw source === undefined ? error : await placed(source, io, error)
    }
  },
})

export const commands: readonly Command[] = [list, test, exportRules]
