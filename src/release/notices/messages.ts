import { html } from 'hono/html'
import {
  factTable,
  letter,
  letterButton,
  letterColours,
  letterFont,
} from '../../admin/notices/mail/letter.ts'
import type { Message } from '../../admin/notices/message.ts'
import type { Html } from '../../kernel/http/page.ts'
import type { Json } from '../../kernel/resources/resource.ts'
import { dateOf, outcomeOf, type Mark, type Review } from '../approval/review.ts'
import type { ApprovalRecord } from '../releases/release.ts'

/** Where somebody can go from a message: their own links where they may decide by them, the page for all others. */
export interface Ways {
  readonly page: string
  readonly approve?: string
  readonly refuse?: string
}

/** What all messages about one approval have in common. */
export interface About {
  readonly releaseId: string
  readonly review: Review
  /** Data of the event that is told. */
  readonly event: Json
}

/** Asks for an approval. `person` is who is asked by name, if it is somebody. */
export async function approvalAsked(
  { releaseId, review, event }: About,
  ways: Ways,
  person: string | undefined,
): Promise<Message> {
  const { label, model, version, stage, approval } = review
  const title = `Approve ${model}:${version} for ${stage}? (${label})`
  const opening = `${person === undefined ? 'An approval is' : `${person}, your approval is`} asked for: ${model}:${version} for stage ${stage}.`
  const closing = `Until ${dateOf(approval.expiresAt)}. ${review.afterwards}`
  return {
    name: `approval asked/${stage}/${approval.requestedAt}/${approval.evidence}`,
    about: releaseId,
    type: 'Twinloop.ReleaseApprovalRequested',
    title,
    text: textOf(opening, review, ways, closing),
    html: (await mail(title, opening, review, ways, closing)).toString(),
    facts: factsOf(review),
    links: linksOf(ways),
    data: event,
  }
}

/** Tells what came of it. */
export async function approvalDecided(
  { releaseId, review, event }: About,
  ways: Ways,
  outcome: ApprovalRecord['state'],
): Promise<Message> {
  const { label, model, version, stage, approval } = review
  const title = `${model}:${version} for ${stage}: ${outcome} (${label})`
  const who = approval.decisions.map(
    ({ by, verdict, onBehalfOf, comment }) =>
      `${by.name}${onBehalfOf === undefined ? '' : ` for ${onBehalfOf.name}`} ${verdict === 'approve' ? 'approved' : 'refused'} it${comment === undefined ? '.' : `: ${comment}`}`,
  )
  const opening =
    outcome === 'expired' ? `Not enough approvals came until ${dateOf(approval.expiresAt)}.` : who.join('\n')
  const closing = outcome === 'approved' ? review.afterwards : 'The release ends here.'
  const only = { page: ways.page }
  return {
    name: `approval decided/${stage}/${approval.requestedAt}/${outcome}`,
    about: releaseId,
    type: 'Twinloop.ReleaseApprovalDecided',
    title,
    text: textOf(opening, review, only, closing),
    html: (await mail(title, opening, review, only, closing)).toString(),
    facts: [{ name: 'Outcome', value: outcome }, ...factsOf(review)],
    links: [{ title: 'Look at the release', url: ways.page }],
    data: event,
  }
}

const factsOf = ({
  label,
  model,
  version,
  champion,
  stage,
  workspace,
  requesters,
  stages,
  approval,
}: Review) => [
  { name: 'Release', value: label },
  { name: 'Model', value: `${model}:${version}${champion === undefined ? '' : ` (now ${champion})`}` },
  { name: 'Stage', value: `${stage}, in ${workspace}` },
  ...(requesters.length === 0 ? [] : [{ name: 'Asked for', value: requesters.join('; ') }]),
  ...(stages.length === 0 ? [] : [{ name: 'Gates', value: gatesInShort(stages) }]),
  { name: 'Until', value: dateOf(approval.expiresAt) },
]

/** `5 passed, 1 waived by Ana` */
function gatesInShort(stages: Review['stages']): string {
  const words = stages.flatMap(({ gates }) => gates.map((gate) => outcomeOf(gate).word))
  return [...Map.groupBy(words, (word) => word)].map(([word, all]) => `${all.length} ${word}`).join(', ')
}

const linksOf = ({ page, approve, refuse }: Ways): Message['links'] => [
  ...(approve === undefined
    ? [{ title: 'Look and decide', url: page }]
    : [{ title: 'Approve …', url: approve }]),
  ...(refuse === undefined ? [] : [{ title: 'Refuse …', url: refuse }]),
]

function textOf(opening: string, review: Review, { page, approve, refuse }: Ways, closing: string): string {
  const gates = review.stages.flatMap(({ name, gates }) =>
    gates.map((gate) => {
      const { word } = outcomeOf(gate)
      const said = gate.result === undefined ? '' : `: ${gate.result.summary}`
      const waived = gate.waiver === undefined ? '' : ` (${gate.waiver.reason})`
      return `  ${name} / ${gate.name}: ${word}${waived}${said}`
    }),
  )
  const decide =
    approve === undefined || refuse === undefined
      ? [`Look at it, and sign in to decide: ${page}`]
      : [
          `To approve:  ${approve}`,
          `To refuse:   ${refuse}`,
          '',
          'Each link shows everything before you decide, works once, and counts as you: do not pass it on.',
          `Or sign in: ${page}`,
        ]
  return [
    opening,
    '',
    ...factsOf(review).map(({ name, value }) => `${name}: ${value}`),
    ...(gates.length === 0 ? [] : ['', 'What the gates have found:', ...gates]),
    '',
    closing,
    '',
    ...decide,
    '',
  ].join('\n')
}

const colours: Readonly<Record<Mark, string>> = letterColours

const mail = (
  title: string,
  opening: string,
  review: Review,
  { page, approve, refuse }: Ways,
  closing: string,
): Html =>
  letter(
    { room: 'releases', title },
    html`${opening.split('\n').map((line) => html`<p style="margin:0 0 8px">${line}</p>`)}
      ${factTable(factsOf(review))}
      ${review.stages.flatMap(({ gates }) => gates).length === 0 ? '' : gateTable(review)}
      <p style="margin:12px 0">${closing}</p>
      ${
        approve === undefined || refuse === undefined
          ? html`<p>${letterButton(page, 'Look at the release')}</p>`
          : html`<p style="margin:16px 0">
                ${letterButton(approve, 'Approve …', '#1a7f37', '#ffffff')} &nbsp;
                ${letterButton(refuse, 'Refuse …', '#ffffff', '#c62828')}
              </p>
              <p style="margin:12px 0;color:#5b626c;font-size:14px">
                Each button shows everything before you decide, works once, and counts as you: do not pass
                this mail on. Or
                <a href="${page}">sign in and decide there</a>.
              </p>`
      }`,
  )

const gateTable = ({ stages }: Review): Html =>
  html`<table
    role="presentation"
    cellpadding="0"
    cellspacing="0"
    width="100%"
    style="border-collapse:collapse;${letterFont}"
  >
    ${stages.flatMap(({ gates }) =>
      gates.map((gate) => {
        const { word, mark } = outcomeOf(gate)
        return html`<tr>
          <td style="padding:8px 12px;border:1px solid #dfe3e8;border-left:4px solid ${colours[mark]}">
            <strong>${gate.name.replaceAll('_', ' ')}</strong>
            <span style="color:${colours[mark]}">${word}</span>
            ${gate.result === undefined ? '' : html`<br />${gate.result.summary}`}
            ${gate.waiver === undefined ? '' : html`<br /><em>${gate.waiver.reason}</em>`}
          </td>
        </tr>`
      }),
    )}
  </table>`
