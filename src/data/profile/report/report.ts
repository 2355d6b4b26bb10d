import type { Profile } from '../profile.ts'
import { columnCard, overviewTable } from './columns.ts'
import { html, trusted } from './markup.ts'
import { script } from './script.ts'
import { associationSection, driftSection, summary, targetSection, warningList } from './sections.ts'
import { style } from './style.ts'
import { figure, moment } from '../words.ts'

/**
 * A profile as one page that a person likes to read: it loads nothing, works without a network and on paper, in light
 * and dark, and shows whatever names and values the data have as text.
 */
export function reportPage(profile: Profile): string {
  const { source, createdAt, seconds, notes } = profile
  const title = `${source.name} ${source.version}`
  return html`<!doctype html>
    <html lang="en">
      <head>
        <meta charset="utf-8" />
        <meta name="viewport" content="width=device-width, initial-scale=1" />
        <meta name="color-scheme" content="light dark" />
        <title>${title}: profile</title>
        <style>
          ${trusted(style)}
        </style>
      </head>
      <body>
        <header>
          <h1>${source.name} <span>version ${source.version}</span></h1>
          <p>Profile of all its rows, made ${moment(createdAt.slice(0, 19))} UTC in ${figure(seconds)} s</p>
          <nav>
            <a href="#overview">Columns</a
            >${profile.target !== undefined && html`<a href="#target">Target</a>`}${profile.drift !== undefined && html`<a href="#drift">Drift</a>`}<a
              href="#associations"
              >Associations</a
            ><a href="#details">Details</a
            ><input type="search" id="search" placeholder="Find a column" aria-label="Find a column" />
          </nav>
        </header>
        <main>
          ${summary(profile)}
          <section>
            <h2>What stands out</h2>
            ${warningList(profile)}
          </section>
          <section id="overview">
            <h2>Columns</h2>
            <div class="wide">${overviewTable(profile)}</div>
          </section>
          ${targetSection(profile)} ${driftSection(profile)} ${associationSection(profile)}
          <section id="details">
            <h2>Details</h2>
            <div class="cards">${profile.columns.map((column) => columnCard(profile, column))}</div>
          </section>
          ${
            notes.length > 0 &&
            html`<section>
              <h2>How it was read</h2>
              <ul>
                ${notes.map((note) => html`<li>${note}</li>`)}
              </ul>
            </section>`
          }
        </main>
        <footer>Figures are exact unless marked ≈. Missing values are left out of them. Twinloop</footer>
        <script>
          ${trusted(script)}
        </script>
      </body>
    </html> `.markup
}
