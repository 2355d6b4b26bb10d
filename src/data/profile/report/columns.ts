import type { ColumnProfile, Profile } from '../profile.ts'
import { isCategorical } from '../bars.ts'
import { histogramChart, sparkline, valueBars } from './charts.ts'
import { html, type Markup } from './markup.ts'
import { counted, figure, gist, moment, share, typeName } from '../words.ts'

/** Where on the page a column is told of: its place, for a name may be anything. */
export const anchorOf = (profile: Profile, name: string): string =>
  `column-${profile.columns.findIndex((column) => column.name === name)}`

/** One line for each column: to be searched and sorted. */
export function overviewTable(profile: Profile): Markup {
  return html`<table class="overview sortable">
    <thead>
      <tr>
        <th>Column</th>
        <th>Kind</th>
        <th>Distribution</th>
        <th class="number">Missing</th>
        <th class="number">Distinct</th>
        <th>Range or most frequent</th>
      </tr>
    </thead>
    <tbody>
      ${profile.columns.map(
        (column, i) =>
          html`<tr data-name="${column.name.toLowerCase()}">
            <td data-sort="${i}"><a href="#column-${i}">${column.name}</a></td>
            <td><span class="kind ${column.semanticType}">${typeName[column.semanticType]}</span></td>
            <td data-sort="${column.numeric?.skewness ?? 0}">${sparkline(column)}</td>
            <td class="number" data-sort="${column.missing.fraction}">${missingBar(column)}</td>
            <td class="number" data-sort="${column.distinct.count}">${counted(column.distinct)}</td>
            <td class="gist">${gist(column)}</td>
          </tr>`,
      )}
    </tbody>
  </table>`
}

function missingBar({ missing }: ColumnProfile): Markup {
  if (missing.count === 0) return html`<span class="none">0 %</span>`
  return html`<span class="missing" style="--share:${Math.max(2, missing.fraction * 100).toFixed(1)}%"
    >${share(missing.fraction)}</span
  >`
}

/** Everything about one column. */
export function columnCard(profile: Profile, column: ColumnProfile): Markup {
  const { name, semanticType, storageType, missing, distinct } = column
  const warnings = profile.warnings.filter((warning) => warning.column === name)
  const facts: readonly (readonly [string, string])[] = [
    ['distinct', `${counted(distinct)}${column.unique ? ' (unique)' : ''}`],
    ['missing', missing.count === 0 ? 'none' : `${figure(missing.count)} (${share(missing.fraction)})`],
    ...(missing.nans > 0 ? ([['of them NaN', figure(missing.nans)]] as const) : []),
    ...(missing.empty > 0 ? ([['empty text', figure(missing.empty)]] as const) : []),
    ...numericFacts(column),
    ...textFacts(column),
    ...timeFacts(column),
  ]
  return html`<article class="column" id="${anchorOf(profile, name)}" data-name="${name.toLowerCase()}">
    <h3>
      ${name} <span class="kind ${semanticType}">${typeName[semanticType]}</span>
      <span class="storage">${storageType}</span>
    </h3>
    ${
      warnings.length > 0 &&
      html`<ul class="warnings">
        ${warnings.map(({ severity, message }) => html`<li class="${severity}">${message}</li>`)}
      </ul>`
    }
    ${chartOf(column)}
    <dl>
      ${facts.map(
        ([term, value]) =>
          html`<div>
            <dt>${term}</dt>
            <dd>${value}</dd>
          </div>`,
      )}
    </dl>
    ${showsValues(column) && valueBars(column.top)}
    ${column.text !== undefined && semanticType !== 'categorical' && semanticType !== 'constant' && patternsOf(column)}
  </article>`
}

const showsValues = ({ top, semanticType, distinct, numeric }: ColumnProfile) =>
  top.length > 0 &&
  semanticType !== 'identifier' &&
  semanticType !== 'datetime' &&
  (numeric === undefined || distinct.count <= 20)

function chartOf(column: ColumnProfile): Markup | false {
  const { histogram, numeric, datetime, semanticType } = column
  if (histogram === undefined || semanticType === 'constant' || isCategorical(column)) return false
  if (datetime !== undefined)
    return histogramChart(histogram, { first: moment(datetime.min), last: moment(datetime.max) })
  const { min, max, quantiles } = numeric ?? {}
  return histogramChart(histogram, { first: figure(min), last: figure(max) }, [
    { at: quantiles?.p25 ?? null, name: '25 % are below' },
    { at: quantiles?.p50 ?? null, name: 'median' },
    { at: quantiles?.p75 ?? null, name: '75 % are below' },
  ])
}

function numericFacts({ numeric, semanticType }: ColumnProfile): readonly (readonly [string, string])[] {
  if (numeric === undefined || semanticType === 'constant') return []
  const { quantiles: q } = numeric
  return [
    ['mean', figure(numeric.mean)],
    ['std', figure(numeric.std)],
    ['median', figure(q.p50)],
    ['quartiles', `${figure(q.p25)} · ${figure(q.p75)}`],
    ['5 % · 95 %', `${figure(q.p5)} · ${figure(q.p95)}`],
    ['1 % · 99 %', `${figure(q.p1)} · ${figure(q.p99)}`],
    ['skewness', figure(numeric.skewness)],
    ['kurtosis', figure(numeric.kurtosis)],
    ['zeros', figure(numeric.zeros)],
    ['negative', figure(numeric.negatives)],
    ['outliers', figure(numeric.outliers)],
    ...(numeric.infinite > 0 ? ([['infinite', figure(numeric.infinite)]] as const) : []),
  ]
}

function textFacts({ text }: ColumnProfile): readonly (readonly [string, string])[] {
  if (text === undefined) return []
  return [
    ['length', `${figure(text.minLength)} … ${figure(text.maxLength)}`],
    ['mean length', figure(text.meanLength)],
    ...(text.padded > 0 ? ([['with outer spaces', figure(text.padded)]] as const) : []),
  ]
}

function timeFacts({ datetime }: ColumnProfile): readonly (readonly [string, string])[] {
  if (datetime === undefined) return []
  const { gaps } = datetime
  return [
    ['granularity', datetime.granularity ?? '–'],
    ...(gaps === null ? [] : ([[`${gaps.unit}s without a row`, figure(gaps.missing)]] as const)),
    ...(datetime.future > 0 ? ([['in the future', figure(datetime.future)]] as const) : []),
  ]
}

function patternsOf({ text }: ColumnProfile): Markup {
  return html`<p class="patterns">
    ${(text?.patterns ?? []).slice(0, 6).map(({ pattern, count }) => html`<code title="${figure(count)} rows">${pattern}</code> `)}
  </p>`
}
