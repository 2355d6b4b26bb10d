import type {
  ApprovalRecord,
  GateRecord,
  ReleaseState,
  StageRecord,
} from '../../../release/releases/release.ts'
import type { ReleasePlan } from '../../../release/plan/plan.ts'
import { markOutput } from '../../io.ts'
import type { Io } from '../../io.ts'
import { deliveryLines } from './delivery-lines.ts'
import { mark } from './mark.ts'

/** A release as a person reads it: where it stands, why, stage by stage, and what to type next. */
export function picture(io: Io, label: string, state: ReleaseState, now: Date): string {
  const { candidate, champion, startedBy, startedAt, endedAt } = state
  const none = endedAt === undefined ? 'no champion yet' : 'there was no champion'
  const against = champion === undefined ? none : `champion ${champion.name}:${champion.version}`
  const who =
    /^by |, by /.test(startedBy.why) || startedBy.id.startsWith('platform/') ? '' : ` by ${startedBy.name}`
  return [
    `${markOutput(io, 'bold', label)}  ${mark(io, state.state)} ${markOutput(io, 'bold', state.state.replace('_', ' '))}  ${candidate.name}:${candidate.version}, ${against}`,
    dim(
      io,
      `started ${minute(startedAt)}${who}, ${startedBy.why}${endedAt === undefined ? '' : `; ended ${minute(endedAt)}, ${took(startedAt, endedAt)} later`}`,
    ),
    state.reason,
    ...state.stages.flatMap((stage) => ['', ...stageLines(io, atItsEnd(stage, state), state.plan, now)]),
    ...next(io, label, state),
    ...page(io, label, state),
    '',
  ].join('\n')
}

/** Of a release that has ended, a stage that was not done waits for nothing any more. */
function atItsEnd(stage: StageRecord, { endedAt }: ReleaseState): StageRecord {
  if (endedAt === undefined || stage.state === 'succeeded' || stage.state === 'failed') return stage
  const { approval } = stage
  const decided =
    approval?.state === 'open' ? { approval: { ...approval, state: 'not decided' as 'expired' } } : {}
  return { ...stage, ...decided, state: 'pending' }
}

function stageLines(io: Io, stage: StageRecord, plan: ReleasePlan, now: Date): readonly string[] {
  const planned = plan.stages.find(({ name }) => name === stage.name)
  const where = planned?.workspace === undefined ? '' : dim(io, ` in workspace ${planned.workspace}`)
  const width = Math.max(
    ...stage.gates.map(({ name }) => name.length),
    planned?.approval || planned?.deliver ? 8 : 0,
  )
  return [
    `${mark(io, stage.state)} ${markOutput(io, 'bold', stage.name)}${where}`,
    ...stage.gates.flatMap((gate) => gateLines(io, gate, width, now)),
    ...(planned?.approval === undefined ? [] : [approvalLine(io, stage.approval, planned.approval, width)]),
    ...(stage.approval?.decisions ?? []).map(
      ({ verdict, by, role, comment }) =>
        `      ${by.name} ${verdict}d as ${role}${comment === undefined ? '' : `: “${comment}”`}`,
    ),
    ...(planned?.deliver === undefined
      ? []
      : deliveryLines(io, stage.delivery, {
          endpoint: planned.deliver.online ?? planned.deliver.batch ?? '',
          steps: planned.deliver.steps,
          width,
        })),
  ]
}

function gateLines(io: Io, gate: GateRecord, width: number, now: Date): readonly string[] {
  const said =
    gate.result?.summary ?? gate.error ?? gate.doing ?? (gate.state === 'pending' ? '' : gate.state)
  const tries = gate.attempt === 1 ? '' : ` (attempt ${gate.attempt})`
  const time =
    gate.startedAt === undefined ? '' : `  ${took(gate.startedAt, gate.endedAt ?? now.toISOString())}`
  const line = `  ${mark(io, gate.state)} ${gate.name.padEnd(width)}  ${said}${tries}${dim(io, time)}`
  if (gate.waiver === undefined) return [line.trimEnd()]
  const { by, reason, expiresAt } = gate.waiver
  return [line.trimEnd(), `      waived by ${by.name} until ${expiresAt.slice(0, 10)}: ${reason}`]
}

function approvalLine(
  io: Io,
  record: ApprovalRecord | undefined,
  rule: { readonly roles: readonly string[]; readonly count: number },
  width: number,
): string {
  const who = `${rule.count === 1 ? '' : `${rule.count} × `}${rule.roles.join(' or ')}`
  const said =
    record === undefined
      ? dim(io, who)
      : record.state === 'open'
        ? `waits for ${who} until ${minute(record.expiresAt)}`
        : record.state
  return `  ${mark(io, record?.state ?? 'pending')} ${'approval'.padEnd(width)}  ${said}`
}

/** What somebody can do about it now, as lines to be typed. */
function next(io: Io, label: string, state: ReleaseState): readonly string[] {
  const stage = state.stages.find(({ state: of }) => of !== 'succeeded')
  const open = (stage?.gates ?? []).filter(({ state: of }) =>
    ['failed', 'inconclusive', 'error'].includes(of),
  )
  const [plan] = label.split('/')
  const lines =
    state.endedAt !== undefined
      ? state.state === 'succeeded' && state.champion !== undefined
        ? [`twinloop release rollback ${plan}`]
        : []
      : state.trouble !== undefined
        ? [`twinloop release retry ${label}`, `twinloop release cancel ${label}`]
        : state.state === 'blocked'
          ? [
              ...open.map(({ name }) => `twinloop release retry ${label} --gate ${name}`),
              ...open.map(({ name }) => `twinloop release waive ${label} --gate ${name} --reason "…"`),
              `twinloop release cancel ${label}`,
            ]
          : stage?.approval?.state === 'open' && stage.state === 'approval'
            ? [
                `twinloop release approve ${label} --comment "…"`,
                `twinloop release refuse ${label} --comment "…"`,
              ]
            : stage?.delivery?.state === 'paused'
              ? [`twinloop release resume ${label}`, `twinloop release abort ${label}`]
              : state.state === 'delivering'
                ? [`twinloop release promote ${label}`, `twinloop release abort ${label}`]
                : []
  return lines.length === 0 ? [] : ['', ...lines.map((line) => dim(io, `  ${line}`))]
}

/** Where all of it can be read on one page, once there is something to read. */
const page = (io: Io, label: string, { stages }: ReleaseState): readonly string[] =>
  stages.some(({ gates }) => gates.some(({ result }) => result !== undefined))
    ? ['', dim(io, `  twinloop release scorecard ${label}`)]
    : []

const dim = (io: Io, text: string) => markOutput(io, 'dim', text)
const minute = (iso: string) => `${iso.slice(0, 10)} ${iso.slice(11, 16)} UTC`

/** `3.1 s`, `4 min`, `2.5 h`, `3 d`. */
export function took(from: string, to: string): string {
  const seconds = Math.max(0, (Date.parse(to) - Date.parse(from)) / 1000)
  if (seconds < 60) return `${seconds.toFixed(1)} s`
  if (seconds < 3600) return `${Math.round(seconds / 60)} min`
  return seconds < 86_400 ? `${(seconds / 3600).toFixed(1)} h` : `${Math.round(seconds / 86_400)} d`
}
