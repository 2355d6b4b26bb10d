import { html } from 'hono/html'

/** Markup in which everything that was put in is escaped. */
export type Html = ReturnType<typeof html> | Awaited<ReturnType<typeof html>>

/** A whole page for a browser, under its title. */
export const page = (title: string, body: Html) =>
  html`<!doctype html>
    <html lang="en">
      <head>
        <meta charset="utf-8" />
        <meta name="viewport" content="width=device-width" />
        <title>${title}</title>
        <style>
          :root {
            color-scheme: light dark;
            font:
              16px/1.5 system-ui,
              sans-serif;
          }
          body {
            max-width: 44rem;
            margin: 4rem auto;
            padding: 0 1rem;
          }
          td {
            padding: 0.15rem 1.5rem 0.15rem 0;
            font-variant-numeric: tabular-nums;
          }
          td:first-child {
            text-align: right;
          }
          pre {
            white-space: pre-wrap;
          }
        </style>
      </head>
      <body>
        <h1>${title}</h1>
        ${body}
      </body>
    </html>`

/** What a browser is shown that has no session. */
export const notSignedIn = () =>
  page('Twinloop', html`<p>You are not signed in. <code>twinloop login</code> prints a link.</p>`)
