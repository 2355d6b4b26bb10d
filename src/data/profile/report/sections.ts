import type { Association, ColumnDrift, Profile } from '../profile.ts'
import { driftChart, heatMap, measureName } from './charts.ts'
import { anchorOf } from './columns.ts'
import { html, type Markup } from './markup.ts'
import { counted, figure, share, size } from '../words.ts'

const mostInHeatMap = 40
const strongest = 15

export function summary({
  rows,
  columnCount,
  bytes,
  files,
  missingCells,
  duplicateRows,
  warnings,
}: Profile): Markup {
  const cells = rows * columnCount
  const urgent = warnings.filter(({ severity }) => severity === 'warning').length
  const tiles: readonly (readonly [string, string])[] = [
    [figure(rows), 'rows'],
    [figure(columnCount), 'columns'],
    [size(bytes), files === 1 ? 'in one file' : `in ${figure(files)} files`],
    [share(cells === 0 ? 0 : missingCells / cells), 'of the cells are missing'],
    [counted(duplicateRows), 'duplicate rows'],
    [figure(urgent), urgent === 1 ? 'warning' : 'warnings'],
  ]
  return html`<div class="tiles">
    ${tiles.map(([value, name]) => html`<div><b>${value}</b><span>${name}</span></div>`)}
  </div>`
}

export function warningList(profile: Profile): Markup {
  const warnings = profile.warnings.filter(({ code }) => code !== 'drift')
  const moved = profile.drift?.columns.filter(({ drifted }) => drifted).length ?? 0
  if (profile.warnings.length === 0) return html`<p class="quiet">Nothing stands out.</p>`
  const drifted =
    moved > 0
      ? [
          html`<li class="warning">
            ${figure(moved)} of ${figure(profile.drift?.columns.length)} columns have drifted from version
            ${profile.drift?.against.version} <a href="#drift" aria-label="to the drift">↓</a>
          </li>`,
        ]
      : []
  const told = warnings.map(({ severity, message, column }) => {
    const at = column === undefined ? -1 : profile.columns.findIndex(({ name }) => name === column)
    return html`<li class="${severity}">
      ${message}${at >= 0 && html` <a href="#column-${at}" aria-label="to the column">↓</a>`}
    </li>`
  })
  const items = [...drifted, ...told]
  const shown = 14
  return html`<ul class="warnings">
      ${items.slice(0, shown)}
    </ul>
    ${
      items.length > shown &&
      html`<details>
        <summary>${items.length - shown} more</summary>
        <ul class="warnings">
          ${items.slice(shown)}
        </ul>
      </details>`
    }`
}

export function targetSection(profile: Profile): Markup | false {
  const { target } = profile
  if (target === undefined) return false
  const tasks = {
    binary_classification: 'two classes',
    multiclass_classification: `${target.classes.length} classes`,
    regression: 'a number',
  }
  const measure = target.task === 'regression' ? 'R²' : 'AUC'
  const floor = target.task === 'regression' ? 0 : 0.5
  return html`<section id="target">
    <h2>What tells of the target</h2>
    <p class="lead">
      <b>${target.column}</b> is ${tasks[target.task]}. Each column is asked how well it alone predicts the
      target, in rows other than those it learned from.
    </p>
    <table class="ranking sortable">
      <thead>
        <tr>
          <th>Column</th>
          <th>${measure}</th>
          <th class="number"></th>
          <th class="number">Information</th>
          <th class="number">If missing</th>
          <th></th>
        </tr>
      </thead>
      <tbody>
        ${target.features.map(
          ({ column, value, mutualInformation, missingness, suspectedLeakage }) =>
            html`<tr data-name="${column.toLowerCase()}" class="${suspectedLeakage ? 'suspect' : ''}">
              <td><a href="#${anchorOf(profile, column)}">${column}</a></td>
              <td class="bar" data-sort="${value}">
                <span style="width:${(((value - floor) / (1 - floor)) * 100).toFixed(1)}%"></span>
              </td>
              <td class="number">${value.toFixed(3)}</td>
              <td class="number" data-sort="${mutualInformation}">${share(mutualInformation)}</td>
              <td class="number">${missingness === undefined ? '' : missingness.toFixed(3)}</td>
              <td>${suspectedLeakage && html`<span class="flag">leakage?</span>`}</td>
            </tr>`,
        )}
      </tbody>
    </table>
  </section>`
}

export function driftSection(profile: Profile): Markup | false {
  const { drift } = profile
  if (drift === undefined) return false
  const changes = [
    ...drift.added.map(({ name, type }) => html`<li><b>${name}</b> (${type}) is new</li>`),
    ...drift.removed.map(({ name, type }) => html`<li><b>${name}</b> (${type}) has gone</li>`),
    ...drift.retyped.map(({ name, from, to }) => html`<li><b>${name}</b> was ${from} and is ${to}</li>`),
  ]
  const moved = drift.columns.filter(({ drifted }) => drifted).length
  return html`<section id="drift">
    <h2>Against ${drift.against.name} ${drift.against.version}</h2>
    <p class="lead">
      ${figure(drift.rows)} rows then, ${figure(profile.rows)} now. ${figure(moved)} of
      ${figure(drift.columns.length)} columns have drifted, by Azure ML's distances and its threshold of 0.1.
    </p>
    ${
      changes.length > 0 &&
      html`<ul class="changes">
        ${changes}
      </ul>`
    }
    <table class="ranking sortable">
      <thead>
        <tr>
          <th>Column</th>
          <th>Then (line) and now</th>
          <th class="number">Wasserstein</th>
          <th class="number">Jensen–Shannon</th>
          <th class="number">PSI</th>
          <th class="number">p</th>
          <th class="number">Missing</th>
          <th></th>
        </tr>
      </thead>
      <tbody>
        ${drift.columns.map((column) => driftRow(profile, column))}
      </tbody>
    </table>
  </section>`
}

function driftRow(profile: Profile, column: ColumnDrift): Markup {
  const { bins, categories, missingFraction: missing } = column
  const from = bins?.from ?? categories?.map((category) => category.from) ?? []
  const to = bins?.to ?? categories?.map((category) => category.to) ?? []
  const three = (value: number | null | undefined) =>
    html`<td class="number" data-sort="${value ?? -1}">
      ${value === null || value === undefined ? '' : value.toFixed(3)}
    </td>`
  const p = column.kolmogorovSmirnov?.pValue ?? column.chiSquared?.pValue
  return html`<tr data-name="${column.name.toLowerCase()}" class="${column.drifted ? 'suspect' : ''}">
    <td><a href="#${anchorOf(profile, column.name)}">${column.name}</a></td>
    <td>${driftChart(from, to)}</td>
    ${three(column.normalizedWassersteinDistance)}${three(column.jensenShannonDistance)}${three(column.populationStabilityIndex)}
    <td class="number" data-sort="${p ?? 2}">
      ${p === undefined ? '' : p < 0.001 ? '< 0.001' : p.toFixed(3)}
    </td>
    <td class="number">
      ${missing.from === missing.to ? share(missing.to) : `${share(missing.from)} → ${share(missing.to)}`}
    </td>
    <td>${column.drifted && html`<span class="flag">drifted</span>`}</td>
  </tr>`
}

export function associationSection(profile: Profile): Markup | false {
  const { pairs, rows, sampled } = profile.associations
  if (pairs.length === 0) return false
  const names = profile.columns
    .map(({ name }) => name)
    .filter((name) => pairs.some(({ a, b }) => a === name || b === name))
  const top = pairs
    .filter(({ measure }) => measure !== 'spearman')
    .toSorted((x, y) => Math.abs(y.value) - Math.abs(x.value))
    .slice(0, strongest)
  return html`<section id="associations">
    <h2>What goes together</h2>
    <p class="lead">
      Pearson's correlation of numbers, Cramér's V of categories, the correlation ratio of one of
      each${sampled && html`, from ${figure(rows)} rows`}.
    </p>
    <div class="together">
      ${names.length <= mostInHeatMap && heatMap(names, pairs)}
      <table class="pairs">
        <tbody>
          ${top.map((pair) => pairRow(profile, pair))}
        </tbody>
      </table>
    </div>
  </section>`
}

const pairRow = (profile: Profile, { a, b, measure, value }: Association) =>
  html`<tr>
    <td><a href="#${anchorOf(profile, a)}">${a}</a> · <a href="#${anchorOf(profile, b)}">${b}</a></td>
    <td class="measure">${measureName(measure)}</td>
    <td class="number">${value.toFixed(3).replace('-', '−')}</td>
  </tr>`
