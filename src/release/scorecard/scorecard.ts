import { plural } from '../../data/contracts/words/say.ts'
import { html, trusted, type Markup } from '../../data/profile/report/markup.ts'
import { dateOf, outcomeOf } from '../approval/review.ts'
import { gates } from '../gates/gates.ts'
import type { GateRecord, StageRecord } from '../releases/release.ts'
import { fragmentStyle } from '../report/fragment-style.ts'
import { measuresTable, notesList } from '../report/measures.ts'
import { cohorts, targetDistribution } from './cohorts.ts'
import type { ScorecardFacts } from './facts.ts'
import { decisions, limits, origin, purpose, reproducibility, targets, verdictOf } from './sections.ts'
import { scorecardStyle } from './style.ts'

/** Parts of a scorecard that gates tell, in the order of a reader: title, what it holds, kinds of gates. */
const parts: readonly (readonly [id: string, title: string, kinds: readonly string[], long?: true])[] = [
  ['data', 'Data', ['data_quality', 'data_balance']],
  ['performance', 'Performance', ['champion', 'retrain'], true],
  ['calibration', 'Calibration', ['calibration']],
  ['fairness', 'Fairness', ['fairness'], true],
  ['explanations', 'What it goes by', ['explanations'], true],
  ['operations', 'Load and operations', ['load', 'signature']],
  ['tests', 'Tests', ['unit_tests', 'integration_tests']],
  ['supply-chain', 'Supply chain', ['supply_chain']],
]

/** A gate of a release, and where it stands. */
interface Placed {
  readonly stage: StageRecord
  readonly gate: GateRecord
}

/** The scorecard of a release as it stands: one HTML document with nothing from elsewhere and no script, made to be printed. */
export function scorecardPage(facts: ScorecardFacts): string {
  const { state, label, at } = facts
  const { candidate, champion } = state
  const placed = state.stages.flatMap((stage) => stage.gates.map((gate) => ({ stage, gate })))
  const known = new Set(parts.flatMap(([, , kinds]) => kinds))
  const others = placed.filter(({ gate }) => !known.has(gate.gate))
  const told = parts.flatMap(([id, title, kinds, long]) => {
    const own = placed.filter(({ gate }) => kinds.includes(gate.gate) && gate.state !== 'pending')
    return own.length === 0 ? [] : [part(id, title, own, { long: long === true, state: facts.state })]
  })
  const name = `${candidate.name}:${candidate.version}`
  return html`<!doctype html>
    <html lang="en">
      <head>
        <meta charset="utf-8" />
        <meta name="viewport" content="width=device-width, initial-scale=1" />
        <meta name="robots" content="noindex" />
        <title>${name}: model scorecard of ${label}</title>
        <style>
          ${trusted(scorecardStyle + fragmentStyle)}
        </style>
      </head>
      <body>
        <main>
          <p class="brand">Model scorecard</p>
          <h1>${name}</h1>
          <p class="quiet">
            Release ${label}, ${state.state.replace('_', ' ')}. Registered by ${candidate.registeredBy};
            started by ${state.startedBy.name} ${state.startedBy.why} on ${dateOf(state.startedAt)}. Compared
            with
            ${champion === undefined ? 'no champion: it is the first of its kind' : `the champion ${champion.name}:${champion.version} (${champion.by})`}.
            This page was made on ${dateOf(at)}.
          </p>
          ${verdictOf(state)}
          <nav aria-label="Contents">
            ${parts
              .filter(([, , kinds]) =>
                placed.some(({ gate }) => kinds.includes(gate.gate) && gate.state !== 'pending'),
              )
              .map(([id, title]) => html`<a href="#${id}">${title}</a>`)}
            <a href="#decisions">Waivers and approvals</a> <a href="#limits">Limits and notes</a>
            <a href="#reproducibility">Reproducibility</a>
          </nav>
          ${targets(placed)} ${purpose(facts)} ${origin(facts)} ${told}
          ${others.length > 0 && part('others', 'Other gates', others, { long: false, state })}
          ${decisions(state)} ${limits(placed)} ${reproducibility(facts, placed)}
        </main>
      </body>
    </html>`.markup
}

function part(
  id: string,
  title: string,
  placed: readonly Placed[],
  { long, state }: { readonly long: boolean; readonly state: ScorecardFacts['state'] },
): Markup {
  return html`<section class="part${long && ' long'}" id="${id}">
    <h2>${title}</h2>
    ${placed.map(({ stage, gate }) => told(gate, state.stages.length > 1 ? stage.name : undefined))}
  </section>`
}

function told(gate: GateRecord, stage: string | undefined): Markup {
  const { word, mark } = outcomeOf(gate)
  const { result, error, name } = gate
  const compares = gate.gate === 'champion' && result?.details?.['slices'] !== undefined
  return html`<h3>
      ${name.replaceAll('_', ' ')}${stage !== undefined && html` <small class="quiet">in ${stage}</small>`}
      <span class="word ${mark}">${word}</span>
    </h3>
    ${result !== undefined && html`<p>${result.summary}</p>`} ${error !== undefined && html`<p>${error}</p>`}
    ${compares && targetDistribution(gate)} ${compares && cohorts(gate)}
    ${result !== undefined && fragment(gate, result)}`
}

/** What the gate's own report says; where that has no table of what was measured, with one. */
function fragment(gate: GateRecord, result: NonNullable<GateRecord['result']>): Markup {
  const own = gates.find(({ name }) => name === gate.gate)?.report?.(result) ?? ''
  const isWhole = own.includes('class="measures"')
  // What is folded on a screen is not there on paper.
  const open = own.replaceAll('<details>', '<details open>')
  return html`${
    !isWhole &&
    result.measures.length > 0 &&
    html`<div class="evidence">
      ${measuresTable(result.measures, 'Found')} ${own === '' && notesList(result.notes)}
    </div>`
  }
  ${own !== '' && html`<div class="fragment">${trusted(open)}</div>`}
  ${result.files.length > 0 && html`<p class="quiet">Kept as evidence: ${plural(result.files.length, 'file')}, listed below.</p>`}`
}
