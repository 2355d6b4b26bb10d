import { stringify } from 'yaml'
import { z } from 'zod'
import type { Platform } from '../../kernel/platform.ts'
import type { Action, Resource } from '../../kernel/resources/resource.ts'
import { scopeOf } from '../rules/evaluation/look.ts'
import { lasting, subjectOf } from '../rules/evaluation/words.ts'
import { parseRule } from '../rules/grammar/parse.ts'
import type { Labels } from '../rules/machine.ts'
import type { AlertRule } from '../rules/rule.ts'
import { expressionOf, type KindOf } from './expression.ts'

/**
 * `POST {workspace}/exportAlertRules`: its rules as Prometheus reads them from a file, over what this server tells at
 * `/metrics`. What PromQL has no words for is in the file as a comment, and in `left`.
 */
export const exportAlertRules: Action = {
  operation: 'read',
  input: z.strictObject({ format: z.literal('prometheus').optional() }),
  async run({ platform, resource }) {
    const rules = await platform.resources.list({
      type: 'alertRules',
      parent: resource.id,
      orderBy: { field: 'name', descending: false },
      top: 100_000,
    })
    const exported = await Promise.all(rules.map((rule) => exportRule(platform, resource, rule)))
    const left = exported.flatMap(({ name, none }) => (none === undefined ? [] : [{ rule: name, why: none }]))
    return { body: { yaml: fileOf(resource.name, exported), left } }
  },
}

interface Exported {
  readonly name: string
  readonly everyMs: number
  /** The rule in Prometheus' words. */
  readonly rule?: object
  /** What of it Prometheus does otherwise. */
  readonly notes: readonly string[]
  /** Why there is none. */
  readonly none?: string
}

async function exportRule(platform: Platform, workspace: Resource, resource: Resource): Promise<Exported> {
  const { name } = resource
  const { rule, mistakes } = parseRule(resource.properties)
  if (rule === undefined)
    return { name, everyMs: 0, notes: [], none: mistakes[0]?.message ?? 'it cannot be read' }
  const { everyMs, condition } = rule
  if (!rule.enabled) return { name, everyMs, notes: [], none: 'it is switched off' }
  const scope =
    condition.kind === 'signal' ? workspace.key : await scopeOf(platform, workspace.key, condition)
  const kindOf = await kindsIn(platform, scope)
  const found = expressionOf(condition, scope === '' ? '' : workspace.name, kindOf)
  if ('none' in found) return { name, everyMs, notes: [], none: found.none }
  return { name, everyMs, rule: inWords(name, workspace.name, rule, found.promql), notes: notesOn(rule) }
}

function inWords(name: string, workspace: string, rule: AlertRule, expr: string): object {
  const { holding, labels, annotations, severity, condition } = rule
  return {
    alert: name,
    expr,
    ...(holding.forMs > 0 ? { for: lasting(holding.forMs) } : {}),
    ...(holding.keepFiringForMs > 0 ? { keep_firing_for: lasting(holding.keepFiringForMs) } : {}),
    labels: { ...labels, severity, workspace },
    annotations: {
      summary: `${subjectOf(condition)}: {{ $value }}`,
      ...templated(annotations),
    },
  }
}

/** Texts with what stands for values and labels as Prometheus spells it. */
const templated = (annotations: Labels): Labels =>
  Object.fromEntries(
    Object.entries(annotations).map(([key, text]) => [
      key,
      text
        .replaceAll(/\{\{\s*\$?value\s*\}\}/g, '{{ $$value }}')
        .replaceAll(/\{\{\s*\$?labels\.(\w+)\s*\}\}/g, '{{ $$labels.$1 }}'),
    ]),
  )

function notesOn({ noData, actions, holding }: AlertRule): readonly string[] {
  return [
    ...(noData === 'alert'
      ? ['Prometheus does not fire where nothing is measured: write a rule with absent()']
      : []),
    ...(holding.limit > 0 ? [`its limit of ${holding.limit} alerts is one of the group in Prometheus`] : []),
    ...(actions.length > 0
      ? [`its actions (${actions.map(({ kind }) => kind).join(', ')}) are Twinloop's alone`]
      : []),
  ]
}

async function kindsIn(platform: Platform, scope: string): Promise<KindOf> {
  const known = new Map((await platform.series.described(scope)).map(({ name, kind }) => [name, kind]))
  return (metric) => known.get(metric) ?? (metric.endsWith('_total') ? 'counter' : 'gauge')
}

/** A group for each rhythm, as Prometheus looks at all rules of a group at once. */
function fileOf(workspace: string, exported: readonly Exported[]): string {
  const groups = [...Map.groupBy(exported, ({ everyMs }) => everyMs)]
    .filter(([, rules]) => rules.some(({ rule }) => rule !== undefined))
    .sort(([a], [b]) => a - b)
  const comments = exported.flatMap(({ name, none }) =>
    none === undefined ? [] : [`# ${name}: ${oneLine(none)}`],
  )
  const heading = [
    `# Alert rules of workspace ${workspace}, over what Twinloop tells at /metrics.`,
    ...(comments.length === 0 ? [] : ['# Not here, because Prometheus has no words for them:', ...comments]),
  ]
  if (groups.length === 0) return `${heading.join('\n')}\ngroups: []\n`
  const body = groups.map(([everyMs, rules]) =>
    [
      `  - name: ${JSON.stringify(`twinloop ${workspace} every ${lasting(everyMs)}`)}`,
      `    interval: ${lasting(everyMs)}`,
      '    rules:',
      ...rules.flatMap(({ rule, notes }) =>
        rule === undefined
          ? []
          : [
              ...notes.map((note) => `      # ${oneLine(note)}`),
              ...indented(stringify([rule], { lineWidth: 0 })),
            ],
      ),
    ].join('\n'),
  )
  return `${[...heading, 'groups:', ...body].join('\n')}\n`
}

const oneLine = (text: string) => text.replaceAll(/\s+/g, ' ')
const indented = (yaml: string) =>
  yaml
    .trimEnd()
    .split('\n')
    .map((line) => `      ${line}`)
