import { stringify } from 'yaml'
import type { Measure } from '../gates/gate.ts'
import { authored, type Authored, type CardEvaluation, type ModelCard } from './card.ts'

/** A model card as Markdown, with the metadata in front that Hugging Face reads (`modelcard.md`). Pure. */
export function cardMarkdown(card: ModelCard): string {
  const { model, notes } = card
  return (
    [
      ...front(metadata(card)),
      `# ${text(`${model.name}:${model.version}`)}`,
      text(model.description ?? 'Whoever registered the version has not described it.'),
      section('Model details', details(card)),
      ...(['intended_use', 'out_of_scope_use', 'limitations', 'ethical_considerations'] as const).map((key) =>
        section(authored[key], card.authored[key] === undefined ? unsaid(key) : text(card.authored[key])),
      ),
      section(
        'Training data',
        list(card.data.training.map(text), 'No data are known that it was trained on.'),
      ),
      section('Evaluation data', list(card.data.evaluation.map(text), 'None so far.')),
      section('Evaluation', evaluation(card)),
      section('Approvals and waivers', decisions(card)),
      section(
        'Releases',
        list(
          card.releases.map(
            ({ label, state, reason }) => `${text(label)}: ${state.replaceAll('_', ' ')}. ${text(reason)}`,
          ),
          'It was in no release.',
        ),
      ),
      section('Signature', signature(card)),
      ...(notes.length === 0 ? [] : [section('What this card cannot tell', list(notes.map(text), ''))]),
    ].join('\n\n') + '\n'
  )
}

const front = (data: object): readonly string[] =>
  Object.keys(data).length === 0 ? [] : [`---\n${stringify(data, { lineWidth: 100 })}---`]

const unsaid = (key: Authored) => `Nobody has said: set the tag \`${key}\` of the version.`

/** Hugging Face's metadata of a model card; `model-index` as Papers with Code defined it. */
function metadata({ model, authored: said, data, evaluations }: ModelCard) {
  const champion = evaluations.find(({ gate }) => gate === 'champion')
  const own = (champion?.measures ?? []).filter(
    ({ of, slice, estimate }) =>
      (of ?? 'candidate') === 'candidate' && slice === undefined && estimate !== null,
  )
  const isRegression = own.some(({ name }) => /^(?:mae|mse|rmse|r2|mean_|root_|median_)/.test(name))
  const task = isRegression ? 'tabular-regression' : 'tabular-classification'
  const names = Object.keys(model.tags)
  return {
    ...(said.license === undefined ? {} : { license: said.license }),
    ...(model.flavor === undefined ? {} : { library_name: model.flavor.split(' ')[0] }),
    ...(own.length === 0 ? {} : { pipeline_tag: task }),
    ...(names.length === 0 ? {} : { tags: names }),
    ...(data.training.length === 0 ? {} : { datasets: data.training.map(labelIn) }),
    ...(own.length === 0
      ? {}
      : {
          metrics: [...new Set(own.map(({ name }) => name))],
          'model-index': [
            {
              name: `${model.name}:${model.version}`,
              results: [
                {
                  task: { type: task },
                  dataset: { name: data.evaluation[0] ?? 'unknown', type: 'tabular' },
                  metrics: own.map(({ name, estimate }) => ({ type: name, value: estimate })),
                },
              ],
            },
          ],
        }),
  }
}

function details({ model, origin, authored: said }: ModelCard): string {
  return table(
    ['', ''],
    [
      ['Id', `\`${model.id}\``],
      ['Kind', text(model.type ?? '')],
      ['Flavour', text(model.flavor ?? '')],
      ['Aliases', model.aliases.map(text).join(', ')],
      ['Registered', `${model.registeredAt}, by ${text(model.registeredBy)}`],
      ['Run', text(origin.run ?? '')],
      ['Job', text(origin.job ?? '')],
      ...origin.made.map(([name, value]) => [name, text(value)] as const),
      ['License', text(said.license ?? '')],
      ['Contact', text(said.contact ?? '')],
      [
        'Tags',
        Object.entries(model.tags)
          .map(([name, value]) => `${text(name)}: ${text(value)}`)
          .join('; '),
      ],
    ].filter(([, value]) => value !== ''),
  )
}

function evaluation({ evaluations }: ModelCard): string {
  if (evaluations.length === 0) return 'No gate of a release has looked at it.'
  return evaluations.map(told).join('\n\n')
}

function told({ gate, release, stage, state, summary, measures, notes }: CardEvaluation): string {
  const shown = measures.toSorted((a, b) => weight(a) - weight(b)).slice(0, mostMeasures)
  const more = measures.length - shown.length
  const rows = shown.map((measure) => [
    `${text(measure.name)}${measure.of === undefined || measure.of === 'candidate' ? '' : ` (${measure.of})`}`,
    Object.entries(measure.slice ?? {})
      .map(([column, value]) => `${text(column)} = ${text(value)}`)
      .join(', '),
    valueOf(measure),
    measure.n === undefined ? '' : String(measure.n),
    text(measure.limit ?? ''),
    measure.verdict ?? '',
  ])
  return [
    `### ${text(gate.replaceAll('_', ' '))}: ${state}`,
    `${text(summary)} (stage ${text(stage)} of ${text(release)})`,
    ...(rows.length === 0
      ? []
      : [table(['Measure', 'Slice', 'Estimate', 'n', 'Has to be', 'Verdict'], rows)]),
    ...(more > 0 ? [`and ${more} more, which the evidence of the release has.`] : []),
    ...(notes.length === 0 ? [] : [list(notes.map(text), '')]),
  ].join('\n\n')
}

/** More measures of a gate than this are for its evidence; what was not met comes first. */
const mostMeasures = 20
const weight = ({ verdict }: Measure) => (verdict === 'fail' || verdict === 'inconclusive' ? 0 : 1)

function valueOf({ estimate, interval }: Measure): string {
  if (estimate === null) return 'not defined'
  const figure = (value: number) => String(Number(value.toPrecision(4)))
  return interval === undefined
    ? figure(estimate)
    : `${figure(estimate)} (${interval.confidence * 100} %: ${figure(interval.lower)} to ${figure(interval.upper)})`
}

const decisions = (card: ModelCard): string =>
  list(
    card.decisions.map(
      ({ at, by, what, comment }) =>
        `${at.slice(0, 16).replace('T', ' ')} ${text(by)} ${text(what)}${comment === undefined ? '' : `: “${text(comment)}”`}`,
    ),
    'None.',
  )

function signature({ signature: own }: ModelCard): string {
  if (own === undefined) return 'The version does not say what it takes and gives.'
  return table(
    ['', 'Name', 'Type', 'May be missing'],
    (['inputs', 'outputs'] as const).flatMap((side) =>
      own[side].map(({ name, type, required }) => [
        side === 'inputs' ? 'takes' : 'gives',
        text(name),
        text(type),
        required ? 'no' : 'yes',
      ]),
    ),
  )
}

/** `flights:3` of what was read: `train: flights:3 (digest …)`. */
const labelIn = (read: string) => read.replace(/^[^:]+: /, '').replace(/ \(digest .*$/, '')

const section = (title: string, body: string) => `## ${title}\n\n${body}`

const list = (items: readonly string[], none: string) =>
  items.length === 0 ? none : items.map((item) => `- ${item}`).join('\n')

const table = (head: readonly string[], rows: readonly (readonly string[])[]) =>
  [head, head.map(() => '---'), ...rows].map((cells) => `| ${cells.join(' | ')} |`).join('\n')

/** What people and models wrote, as words of a sentence or a cell: no markup, no further line. */
const text = (words: string) =>
  words.replaceAll(/\s*\n\s*/g, ' ').replaceAll(/[\\`*[\]<>|#]|(?<!\w)_|_(?!\w)/g, String.raw`\$&`)
