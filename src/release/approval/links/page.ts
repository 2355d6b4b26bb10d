import { html, raw } from 'hono/html'
import type { Html } from '../../../kernel/http/page.ts'
import type { Decision } from '../../releases/release.ts'
import { dateOf, type Review } from '../review.ts'
import { fragmentStyle } from '../../report/fragment-style.ts'
import { gateCard } from './gate-card.ts'
import { styles } from './styles.ts'
import type { Waiting } from './waiting.ts'

/** Whoever opens the page, and what they may do there. */
export interface Reader {
  readonly name: string
  /** By which right, in words: `as ML Engineer`. */
  readonly right: string
  /** What can be decided: one verdict by a link, both when signed in. */
  readonly verdicts: readonly Decision['verdict'][]
  /** Address of the evidence's files, for who may open them; a link opens this page only. */
  readonly files?: string
  /** Goes along with the form. */
  readonly hidden: Readonly<Record<string, string>>
  readonly byLink: boolean
}

/** Everything that somebody needs who decides, and the form by which they do. Opening it changes nothing. */
export function reviewPage(review: Review, reader: Reader): Html {
  const { model, version, stage, approval, judgement } = review
  const [only] = reader.verdicts.length === 1 ? reader.verdicts : []
  const question =
    only === 'refuse'
      ? `Refuse ${model}:${version} for ${stage}?`
      : `${only === 'approve' ? 'Approve' : 'Release'} ${model}:${version} for ${stage}?`
  return frame(
    question,
    html`<p class="who">
        You decide as <strong>${reader.name}</strong>, ${reader.right}.
        ${reader.byLink ? html`This link is yours alone: if you are somebody else, close this page.` : ''}
      </p>
      <p class="jump"><a href="#decide">To the decision ↓</a></p>
      ${facts(review)} ${evidence(review, reader.files)}
      ${approval.decisions.length === 0 ? '' : decisions(review)}
      <form method="post" action="/approvals" id="decide">
        <h2>Your decision</h2>
        ${Object.entries(reader.hidden).map(
          ([name, value]) => html`<input type="hidden" name="${name}" value="${value}" />`,
        )}
        <label for="comment">
          Comment
          ${only === 'approve' ? '(if you like; it is kept)' : only === 'refuse' ? '(the reason, needed)' : '(needed to refuse)'}
        </label>
        <textarea
          id="comment"
          name="comment"
          rows="3"
          maxlength="4000"
          ${only === 'refuse' ? raw('required') : ''}
        ></textarea>
        <div class="buttons">
          ${reader.verdicts.map(
            (verdict) =>
              html`<button name="verdict" value="${verdict}" class="${verdict}">
                ${verdict === 'approve' ? 'Approve' : 'Refuse'}
              </button>`,
          )}
        </div>
        <p class="note">
          ${only === 'refuse' ? 'One refusal ends the release.' : `${review.afterwards} `}
          ${only !== 'refuse' && judgement.missing > 1 ? `With yours, ${judgement.missing - 1} more will be needed.` : ''}
          It is written down who decided, when and why.
        </p>
      </form>
      ${history(review)}`,
  )
}

/** What waits for approval: first what waits for whoever looks. */
export const waitingPage = (name: string, all: readonly Waiting[]): Html => {
  const [yours, others] = [all.filter(({ isYours }) => isYours), all.filter(({ isYours }) => !isYours)]
  return frame(
    'What waits for approval',
    html`<p class="who">You are <strong>${name}</strong>.</p>
      <h2>For you</h2>
      ${yours.length === 0 ? html`<p>Nothing waits for you.</p>` : waitingList(yours)}
      ${
        others.length === 0
          ? ''
          : html`<h2>For others</h2>
              ${waitingList(others)}`
      }`,
  )
}

const waitingList = (all: readonly Waiting[]): Html =>
  html`<ul class="decisions">
    ${all.map(
      ({ url, model, version, stage, label, expiresAt }) =>
        html`<li>
          <a href="${url}">${model}:${version} for ${stage}</a><br />
          <span class="note">${label}, until ${dateOf(expiresAt)}</span>
        </li>`,
    )}
  </ul>`

/** Goes on to another address of this server at once. */
export const onceMorePage = (address: string): Html =>
  html`<!doctype html>
    <html lang="en">
      <head>
        <meta charset="utf-8" />
        <meta http-equiv="refresh" content="0; url=${address}" />
        <title>Twinloop</title>
      </head>
      <body>
        <p><a href="${address}">To the release</a></p>
      </body>
    </html>`

/** What is shown where nothing can be decided (any more), or when it has been. */
export const toldPage = (
  title: string,
  sentences: readonly string[],
  shown?: { readonly review: Review; readonly files: string },
): Html =>
  frame(
    title,
    html`${sentences.map((sentence) => html`<p>${sentence}</p>`)}
    ${
      shown === undefined
        ? ''
        : html`${facts(shown.review)} ${evidence(shown.review, shown.files)} ${decisions(shown.review)}
          ${history(shown.review)}`
    }`,
  )

const facts = ({
  label,
  model,
  version,
  champion,
  stage,
  workspace,
  afterwards,
  requesters,
  reason,
  roles,
  count,
  approval,
  judgement,
}: Review): Html =>
  html`<dl>
    <dt>Release</dt>
    <dd>${label}</dd>
    <dt>Model</dt>
    <dd>
      ${model}:${version}${
        champion === undefined
          ? ', the first of its kind here'
          : champion === version
            ? ', which reigns already'
            : `, in the place of version ${champion}`
      }
    </dd>
    <dt>Stage</dt>
    <dd>${stage}, in workspace ${workspace}. ${afterwards}</dd>
    <dt>Asked for</dt>
    <dd>${requesters.length === 0 ? '' : html`${requesters.join('; ')}. `}Started ${reason}.</dd>
    <dt>Needs</dt>
    <dd>
      ${count === 1 ? 'one approval' : `${count} approvals`} by ${roles.join(' or ')}; has
      ${judgement.counted.length}
    </dd>
    ${
      approval.state === 'open'
        ? html`<dt>Until</dt>
            <dd>${dateOf(approval.expiresAt)}</dd>`
        : ''
    }
  </dl>`

const evidence = ({ stages }: Review, files: string | undefined): Html =>
  stages.length === 0
    ? html`<h2>Evidence</h2>
        <p>The plan asks no gate before this approval: there is no evidence but the version itself.</p>`
    : html`<h2>Evidence</h2>
        ${
          files === undefined
            ? ''
            : html`<p>
                <a href="${files.replace(/\/evidence$/, '/scorecard')}">Model scorecard, to read or print</a>
              </p>`
        }
        ${stages.map(
          ({ name, gates }) =>
            html`${stages.length > 1 ? html`<h3>Stage ${name}</h3>` : ''}
            ${gates.map((gate) => gateCard(gate, files === undefined ? undefined : `${files}/${name}`))}`,
        )}`

function decisions({ approval, judgement }: Review): Html {
  if (approval.decisions.length === 0) return html``
  const flaw = (decision: Decision) => judgement.void.find((v) => v.decision === decision)?.why
  return html`<h2>Decisions so far</h2>
    <ul class="decisions">
      ${approval.decisions.map((decision) => {
        const why = flaw(decision)
        return html`<li>
          <strong>${decision.by.name}</strong>
          ${decision.verdict === 'approve' ? 'approved' : 'refused'} as
          ${decision.role}${decision.onBehalfOf === undefined ? '' : ` for ${decision.onBehalfOf.name}`},
          ${dateOf(decision.at)}${decision.comment === undefined ? '' : html`: “${decision.comment}”`}
          ${why === undefined ? '' : html`<br /><span class="void">Does not count: ${why}</span>`}
        </li>`
      })}
    </ul>`
}

const history = ({ timeline }: Review): Html =>
  html`<details class="history">
    <summary>What has happened so far</summary>
    <ol>
      ${timeline.map(({ at, who, what }) => html`<li><time>${dateOf(at)}</time> ${who} ${what}</li>`)}
    </ol>
  </details>`

const frame = (title: string, body: Html): Html =>
  html`<!doctype html>
    <html lang="en">
      <head>
        <meta charset="utf-8" />
        <meta name="viewport" content="width=device-width, initial-scale=1" />
        <meta name="robots" content="noindex" />
        <title>${title}</title>
        <style>
          ${raw(styles + fragmentStyle)}
        </style>
      </head>
      <body>
        <main>
          <p class="brand">Twinloop · releases</p>
          <h1>${title}</h1>
          ${body}
        </main>
      </body>
    </html>`
