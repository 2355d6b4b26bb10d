import { plural, quantity } from '../../../data/contracts/words/say.ts'
import { html, type Markup } from '../../../data/profile/report/markup.ts'
import type { Json } from '../../../kernel/resources/resource.ts'
import { dot, guide, legend, line, plot, unit, type Scale, type Who } from '../../report/charts/plot.ts'
import { bars } from '../../report/charts/tables.ts'
import { figure, measuresTable, notesList } from '../../report/measures.ts'
import type { Measure } from '../gate.ts'
import type { CalibrationDetails, ClassDetails, ShownCalibration } from './evaluate.ts'

/** The evidence of a calibration gate for people: the measures, and what came true by what was said. */
export function calibrationReport(
  given: Json,
  measures: readonly Measure[],
  notes: readonly string[],
): string {
  const { candidate, champion, data, rows, classes } = given as unknown as CalibrationDetails
  return html`<div class="evidence">
    <p class="quiet">
      ${candidate}${champion !== undefined && ` against ${champion}`} on ${plural(rows, 'row')} of ${data}
    </p>
    ${measuresTable(measures)} ${legend({ candidate, ...(champion === undefined ? {} : { champion }) })}
    <div class="charts">${classes.map((one) => classCharts(one))}</div>
    ${notesList(notes)}
  </div>`.markup
}

function classCharts({ name, candidate, champion }: ClassDetails): Markup {
  return html`<figure>
      <figcaption>
        What came true by what was said <small>of '${name}'; on the line probabilities are right</small>
      </figcaption>
      ${plot(`reliability of ${name}`, unit('mean probability said'), unit('share that came true'), (at) => [
        guide([0, 0], [1, 1], at),
        ...(champion === undefined ? [] : [curve('champion', champion, at)]),
        curve('candidate', candidate, at),
      ])}
    </figure>
    <figure>
      <figcaption>What is said how often <small>rows by the candidate's probability</small></figcaption>
      ${bars('rows by probability', candidate.histogram, ['0', '1'], 180)}
      <p class="quiet">
        Hosmer and Lemeshow: ${figure(candidate.hosmerLemeshow.statistic)} of
        ${candidate.hosmerLemeshow.groups} groups, p = ${figure(candidate.hosmerLemeshow.pValue)}
      </p>
    </figure>`
}

function curve(who: Who, { curve: bins }: ShownCalibration, at: Scale): Markup {
  return html`${bins.map(({ predicted, lower, upper }) =>
    who === 'candidate'
      ? html`<line
          class="whisker"
          x1="${at.x(predicted)}"
          x2="${at.x(predicted)}"
          y1="${at.y(lower)}"
          y2="${at.y(upper)}"
        />`
      : '',
  )}${line(
    who,
    bins.map(({ predicted, observed }) => [predicted, observed]),
    at,
  )}${bins.map(({ predicted, observed, rows }) =>
    dot(
      who,
      [predicted, observed],
      `said ${figure(predicted)}, came true ${figure(observed)} of ${quantity(rows)} rows`,
      at,
    ),
  )}`
}
