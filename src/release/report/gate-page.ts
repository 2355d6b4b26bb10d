import { html, trusted } from '../../data/profile/report/markup.ts'
import type { GateResult } from '../gates/gate.ts'
import { fragmentStyle } from './fragment-style.ts'
import { badge } from './measures.ts'

const style = `
:root { color-scheme: light dark; --ink: #1c2430; --soft: #667085; --line: #e4e7ec; --page: #fff; --card: #f8f9fb; }
@media screen and (prefers-color-scheme: dark) { :root { --ink: #e6e9ef; --soft: #98a2b3; --line: #2c3340; --page: #12161d; --card: #1a2029; } }
body { margin: 0; background: var(--page); color: var(--ink); font: 15px/1.5 system-ui, sans-serif; }
main { max-width: 64rem; margin: 0 auto; padding: 2.5rem 1.5rem 5rem; }
h1 { margin: 0; font-size: 1.5rem; } h1 .badge { margin-left: .6rem; vertical-align: middle; }
`

/** What one gate found as a page that needs nothing but itself, to be kept, sent and printed. */
export const gatePage = (title: string, { verdict, summary }: GateResult, fragment: string): string =>
  html`<!doctype html>
    <html lang="en">
      <head>
        <meta charset="utf-8" />
        <meta name="viewport" content="width=device-width" />
        <title>${title}: ${verdict}</title>
        <style>
          ${trusted(style + fragmentStyle)}
        </style>
      </head>
      <body>
        <main>
          <div class="evidence">
            <h1>${title} ${badge(verdict)}</h1>
            <p>${summary}</p>
          </div>
          ${trusted(fragment)}
        </main>
      </body>
    </html>`.markup
