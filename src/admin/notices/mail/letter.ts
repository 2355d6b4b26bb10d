import { html } from 'hono/html'
import type { Html } from '../../../kernel/http/page.ts'
import type { Message } from '../message.ts'

/** Colours that read on white and on black: mail programs turn the one into the other. */
export const letterColours = { good: '#1a7f37', bad: '#c62828', warn: '#9a6700', none: '#5b626c' } as const

export const letterFont =
  "font-family:system-ui,-apple-system,'Segoe UI',Roboto,sans-serif;font-size:16px;line-height:1.5"

/**
 * A mail with a room's name and a title above its body, as mail programs show it: tables and inline styles. `edge` is a colour
 * down its side.
 */
export const letter = (
  { room, title, edge }: { readonly room: string; readonly title: string; readonly edge?: string },
  body: Html,
): Html =>
  html`<!doctype html>
    <html lang="en">
      <head>
        <meta charset="utf-8" />
        <meta name="viewport" content="width=device-width, initial-scale=1" />
        <meta name="color-scheme" content="light dark" />
        <title>${title}</title>
      </head>
      <body style="margin:0;padding:16px;${letterFont}">
        <div
          style="max-width:600px;margin:0 auto${edge === undefined ? '' : `;border-left:4px solid ${edge};padding-left:16px`}"
        >
          <p style="margin:0;color:#5b626c;font-size:14px">Twinloop · ${room}</p>
          <h1 style="margin:4px 0 12px;font-size:22px;line-height:1.3">${title}</h1>
          ${body}
        </div>
      </body>
    </html>`

/** Names and values, a line each. */
export const factTable = (facts: Message['facts']): Html =>
  html`<table role="presentation" cellpadding="0" cellspacing="0" style="margin:12px 0;${letterFont}">
    ${facts.map(
      ({ name, value }) =>
        html`<tr>
          <td style="padding:2px 16px 2px 0;color:#5b626c;vertical-align:top">${name}</td>
          <td style="padding:2px 0">${value}</td>
        </tr>`,
    )}
  </table>`

/** A link that looks like what it asks for; unless said, what one would do next. */
export const letterButton = (url: string, label: string, ground = '#0b57d0', text = '#ffffff'): Html =>
  html`<a
    href="${url}"
    style="display:inline-block;padding:10px 20px;border-radius:8px;border:1px solid ${
      text === '#ffffff' ? ground : text
    };background:${ground};color:${text};font-weight:600;text-decoration:none"
    >${label}</a
  >`
