import { stringify } from 'yaml'
import { listing, plural, quantity } from '../../data/contracts/words/say.ts'
import { html, type Markup } from '../../data/profile/report/markup.ts'
import { dateOf, outcomeOf, valueOf, nameOf } from '../approval/review.ts'
import { gates } from '../gates/gates.ts'
import { typeInWords, type Field } from '../gates/signature/signature.ts'
import type { GateRecord, ReleaseState, StageRecord } from '../releases/release.ts'
import { hasPassed } from '../releases/state.ts'
import type { ScorecardFacts } from './facts.ts'

type Placed = { readonly stage: StageRecord; readonly gate: GateRecord }

/** Whether the version keeps what is asked of it, in one sentence, with how many targets are met. */
export function verdictOf({ stages }: ReleaseState): Markup {
  const all = stages.flatMap((stage) => stage.gates)
  const waived = all.filter(({ state }) => state === 'waived')
  const open = all.filter(({ state }) => state === 'pending' || state === 'running')
  const missed = all.filter((gate) => !hasPassed(gate) && !open.includes(gate))
  const asked = all.flatMap(({ result }) =>
    (result?.measures ?? []).filter(({ verdict }) => isAsked(verdict)),
  )
  const met = asked.filter(({ verdict }) => verdict === 'pass')
  const names = (found: readonly GateRecord[]) => listing(found.map(({ name }) => name.replaceAll('_', ' ')))
  const [tone, title] =
    missed.length > 0
      ? ['bad', `Does not meet its targets: ${names(missed)}.`]
      : open.length > 0
        ? ['none', `Not all is known yet: ${names(open)} ${open.length === 1 ? 'is' : 'are'} still to look.`]
        : waived.length > 0
          ? ['warn', `Meets its targets, but for what was waived: ${names(waived)}.`]
          : all.length === 0
            ? ['none', 'The plan asks nothing of it.']
            : ['good', 'Meets all its targets.']
  return html`<div class="verdict ${tone}">
    ${title}
    <span
      >${quantity(met.length)} of ${plural(asked.length, 'target')} met;
      ${quantity(all.filter(({ state }) => state === 'passed').length)} of ${plural(all.length, 'gate')}
      passed${waived.length > 0 && `, ${waived.length} waived`}.</span
    >
  </div>`
}

const isAsked = (verdict: string | undefined) => verdict !== undefined && verdict !== 'not_applicable'

const signs = { good: '✓', bad: '✕', warn: '!', none: '–' } as const

/** Every gate with what it came to. */
export function targets(placed: readonly Placed[]): Markup {
  if (placed.length === 0) return html``
  return html`<section class="part">
    <h2>At a glance</h2>
    <div class="wide">
      <table class="targets">
        <thead>
          <tr>
            <th>Stage</th>
            <th>Gate</th>
            <th>Outcome</th>
            <th>What was found</th>
          </tr>
        </thead>
        <tbody>
          ${placed.map(({ stage, gate }) => {
            const { word, mark } = outcomeOf(gate)
            return html`<tr>
              <td>${stage.name}</td>
              <th>${gate.name.replaceAll('_', ' ')}</th>
              <td><span class="word ${mark}">${signs[mark]} ${word}</span></td>
              <td>${gate.result?.summary ?? gate.error ?? gate.doing ?? ''}</td>
            </tr>`
          })}
        </tbody>
      </table>
    </div>
  </section>`
}

const rows = (pairs: readonly (readonly [string, string | undefined])[]): Markup =>
  html`<dl>
    ${pairs.map(
      ([name, value]) =>
        value !== undefined &&
        value !== '' &&
        html`<dt>${name}</dt>
          <dd>${value}</dd>`,
    )}
  </dl>`

/** What it is for, in the words of whoever registered it. */
export const purpose = ({ model, state: { candidate } }: ScorecardFacts): Markup =>
  html`<section class="part">
    <h2>What it is for</h2>
    <p>${model.description ?? 'Whoever registered the version has not described it.'}</p>
    ${rows([
      [
        'Tags',
        Object.entries(model.tags)
          .map(([name, value]) => `${name}: ${value}`)
          .join('; '),
      ],
      ['Kind', model.type],
      [
        'Registered',
        model.registeredAt === undefined
          ? undefined
          : `${dateOf(model.registeredAt)}, by ${candidate.registeredBy}`,
      ],
      ['Id', candidate.id],
    ])}
  </section>`

/** Where it comes from, and what it takes and gives. */
export function origin({ model }: ScorecardFacts): Markup {
  const { signature } = model
  return html`<section class="part">
    <h2>Where it comes from</h2>
    ${
      model.run === undefined && model.job === undefined
        ? html`<p>No run is known that made it: it was registered from files.</p>`
        : rows([
            ['Run', model.run],
            ['Job', model.job === model.run ? undefined : model.job],
            ...model.made,
            ['Data', model.data.length === 0 ? 'none that the run told of' : model.data.join('; ')],
          ])
    }
    <h3>Signature</h3>
    ${
      signature === undefined
        ? html`<p>The version does not say what it takes and gives.</p>`
        : rows([
            ['Takes', fields(signature.inputs)],
            ['Gives', fields(signature.outputs)],
            [
              'Parameters',
              signature.params.map((one) => `${one.name} (${one.type}, default ${one.default})`).join(', '),
            ],
          ])
    }
  </section>`
}

const fields = (given: readonly Field[]): string =>
  given
    .map(
      ({ name, type, required }) =>
        `${name === undefined ? '' : `${name}: `}${typeInWords(type)}${required ? '' : ', optional'}`,
    )
    .join('; ')

/** Who let it pass where a gate did not, and who decided. */
export function decisions({ stages }: ReleaseState): Markup {
  const waived = stages.flatMap(({ name, gates: own }) =>
    own.flatMap(({ name: gate, waiver }) => (waiver === undefined ? [] : [{ stage: name, gate, waiver }])),
  )
  const approvals = stages.flatMap(({ name, approval }) =>
    approval === undefined ? [] : [{ stage: name, approval }],
  )
  return html`<section class="part" id="decisions">
    <h2>Waivers and approvals</h2>
    ${waived.length === 0 && html`<p>No gate was waived.</p>`}
    ${
      waived.length > 0 &&
      html`<ul>
        ${waived.map(
          ({ stage, gate, waiver }) =>
            html`<li>
              <strong>${gate.replaceAll('_', ' ')}</strong> in ${stage}, waived by ${waiver.by.name} on
              ${dateOf(waiver.at)} until ${dateOf(waiver.expiresAt)}: “${waiver.reason}”
            </li>`,
        )}
      </ul>`
    }
    ${approvals.length === 0 && html`<p>Nobody was asked to approve it so far.</p>`}
    ${approvals.map(
      ({ stage, approval }) =>
        html`<h3>Approval of ${stage} <span class="word none">${approval.state}</span></h3>
          <p class="quiet">
            Asked for on ${dateOf(approval.requestedAt)} by
            ${listing(approval.requesters.map(({ name, why }) => `${name}, who ${why}`))}.
          </p>
          <ul>
            ${approval.decisions.map(
              ({ verdict, by, onBehalfOf, role, at, comment }) =>
                html`<li>
                  <strong>${by.name}</strong>
                  ${verdict === 'approve' ? 'approved' : 'refused'} as
                  ${role}${onBehalfOf !== undefined && ` in the place of ${onBehalfOf.name}`} on
                  ${dateOf(at)}${comment !== undefined && `: “${comment}”`}
                </li>`,
            )}
          </ul>`,
    )}
  </section>`
}

/** Kinds of gates whose absence a reader of a scorecard has to know of. */
const expected = [
  'champion',
  'fairness',
  'calibration',
  'explanations',
  'load',
  'supply_chain',
  'data_quality',
]

/** What is not known, or not surely: measures that were not met, notes, and what nobody asked. */
export function limits(placed: readonly Placed[]): Markup {
  const missed = placed.flatMap(({ gate }) =>
    (gate.result?.measures ?? [])
      .filter(({ verdict }) => verdict === 'fail' || verdict === 'inconclusive')
      .map((measure) => ({ gate, measure })),
  )
  const notes = placed.flatMap(({ gate }) =>
    (gate.result?.notes ?? []).map((note) => ({ gate: gate.name, note })),
  )
  const silent = expected.filter((kind) => placed.every(({ gate }) => gate.gate !== kind))
  return html`<section class="part" id="limits">
    <h2>Limits and notes</h2>
    ${
      missed.length > 0 &&
      html`<h3>Targets not met</h3>
        <ul>
          ${missed.map(
            ({ gate, measure }) =>
              html`<li>
                ${gate.name.replaceAll('_', ' ')}: ${nameOf(measure)} is ${valueOf(measure)}, has to be
                ${measure.limit ?? 'otherwise'} (${measure.verdict === 'fail' ? 'failed' : 'inconclusive'})
              </li>`,
          )}
        </ul>`
    }
    ${
      notes.length > 0 &&
      html`<h3>Notes of the gates</h3>
        <ul>
          ${notes.map(({ gate, note }) => html`<li>${gate.replaceAll('_', ' ')}: ${note}</li>`)}
        </ul>`
    }
    ${
      silent.length > 0 &&
      html`<h3>Not asked by the plan</h3>
        <ul>
          ${silent.map(
            (kind) =>
              html`<li>
                ${kind.replaceAll('_', ' ')}: ${gates.find(({ name }) => name === kind)?.summary}
              </li>`,
          )}
        </ul>`
    }
    ${missed.length + notes.length + silent.length === 0 && html`<p>None were noted.</p>`}
  </section>`
}

/** What it takes to find the same again: the plan as it was, the jobs, and the evidence with its digests. */
export function reproducibility({ state, label }: ScorecardFacts, placed: readonly Placed[]): Markup {
  const files = placed.flatMap(({ stage, gate }) =>
    (gate.result?.files ?? []).map((file) => ({
      ...file,
      at: `${stage.name}/${gate.name}/${gate.attempt}/${file.name}`,
    })),
  )
  const jobs = placed.flatMap(({ gate }) =>
    Object.values(gate.jobs ?? {}).map((id) => `${gate.name}: ${id.split('/').at(-1) ?? id}`),
  )
  const { stages } = state.plan
  const planned = Object.fromEntries(stages.map(({ name, gates: own }) => [name, own.map(asWritten)]))
  return html`<section class="part" id="reproducibility">
    <h2>Reproducibility</h2>
    <p>
      A gate draws at random with a seed of its own, which is a hash of model, version, stage and gate: looked
      at again, it finds the same. The plan ${label.split('/')[0]} as it was when the release began asks:
    </p>
    <pre>${stringify(planned)}</pre>
    ${jobs.length > 0 && rows([['Jobs', jobs.join('; ')]])}
    ${
      files.length > 0 &&
      html`<h3>Evidence</h3>
        <div class="wide">
          <table>
            <thead>
              <tr>
                <th>File</th>
                <th>What it is</th>
                <th>SHA-256</th>
              </tr>
            </thead>
            <tbody>
              ${files.map(
                ({ at, title, sha256 }) =>
                  html`<tr>
                    <td>${at}</td>
                    <td>${title}</td>
                    <td><code>${sha256}</code></td>
                  </tr>`,
              )}
            </tbody>
          </table>
        </div>`
    }
  </section>`
}

const asWritten = ({ name, gate, parameters }: ReleaseState['plan']['stages'][number]['gates'][number]) => ({
  [gate]: { ...(name === gate ? {} : { name }), ...parameters },
})
