import { listing, plural } from '../../../data/contracts/words/say.ts'
import type { EvidenceFile, GateResult, GateVerdict, Measure } from '../gate.ts'
import type { Audit, Pickle, Vulnerable } from './findings.ts'
import { codeIn, type Manifest } from './manifest.ts'
import type { SupplyChainParameters } from './parameters.ts'
import type { Pins } from './pins.ts'

/** All that was found. */
export interface Found {
  readonly manifest: Manifest
  readonly pickles: readonly Pickle[]
  /** Undefined for a model that says nothing of its environment, where the plan does not either. */
  readonly pins: Pins | undefined
  readonly audit: Audit
}

/** One danger in one pickle. */
export interface Danger {
  readonly file: string
  readonly global: string
}

/** Fails for what is dangerous, is inconclusive for what could not be looked at, and notes the rest. */
export function judge(
  found: Found,
  given: SupplyChainParameters,
  files: readonly EvidenceFile[],
): GateResult {
  const allowed = new Set(given.allow)
  const dangers = found.pickles.flatMap(({ file, globals }) =>
    globals
      .filter(({ safety, module, name }) => safety === 'dangerous' && !allowed.has(`${module}.${name}`))
      .map(({ module, name }): Danger => ({ file, global: `${module}.${name}` })),
  )
  const unread = found.pickles.filter(({ complete }) => !complete)
  const measures = [
    ofPickles(found.pickles, dangers, unread),
    ...ofPins(found.pins, given),
    ...ofAudit(found.audit, given),
    {
      name: 'files',
      estimate: found.manifest.files.length,
      note: `SHA-256 of all ${found.manifest.sha256}; each one's is in files.json`,
    },
  ]
  const verdict = worst(measures)
  return {
    verdict,
    summary: summary(verdict, found, dangers, measures),
    measures,
    notes: notes(found, unread, given),
    files,
    details: { dangers, unread, audit: found.audit, pins: found.pins ?? null },
  }
}

function ofPickles(
  pickles: readonly Pickle[],
  dangers: readonly Danger[],
  unread: readonly Pickle[],
): Measure {
  return {
    name: 'dangerous_imports',
    estimate: dangers.length,
    n: pickles.length,
    limit: 'none in any pickle',
    method: 'picklescan, and reading every pickle without loading it',
    verdict: dangers.length > 0 ? 'fail' : unread.length > 0 ? 'inconclusive' : 'pass',
    ...(unread.length === 0 ? {} : { note: `${plural(unread.length, 'file')} could not be read to the end` }),
  }
}

function ofPins(pins: Pins | undefined, { unpinned }: SupplyChainParameters): readonly Measure[] {
  if (pins === undefined) return []
  const loose = pins.unpinned.length + (pins.pythonIsPinned ? 0 : 1)
  const named = [...pins.unpinned, ...(pins.pythonIsPinned ? [] : ['python'])]
  return [
    {
      name: 'unpinned_requirements',
      estimate: loose,
      n: pins.pinned.length + pins.unpinned.length + 1,
      limit: 'none',
      ...(unpinned === 'fail' ? { verdict: loose > 0 ? ('fail' as const) : ('pass' as const) } : {}),
      ...(loose === 0 ? {} : { note: listing(named) }),
    },
  ]
}

function ofAudit(audit: Audit, { audit: wanted, ignore }: SupplyChainParameters): readonly Measure[] {
  const name = 'known_vulnerabilities'
  if (audit.state === 'off') return []
  if (audit.state === 'not_checked')
    return [
      {
        name,
        estimate: null,
        note: 'not checked',
        ...(wanted === 'required' ? { verdict: 'inconclusive' as const } : {}),
      },
    ]
  const open = audit.vulnerable.filter((one) => !isIgnored(one, ignore))
  return [
    {
      name,
      estimate: open.length,
      n: audit.asked,
      limit: 'none',
      method: 'pip-audit',
      verdict:
        open.length > 0
          ? 'fail'
          : wanted === 'required' && audit.unknown.length > 0
            ? 'inconclusive'
            : 'pass',
      ...(open.length === 0 ? {} : { note: listing(open.map((one) => `${one.id} in ${one.package}`)) }),
    },
  ]
}

const isIgnored = ({ id, aliases }: Vulnerable, ignore: readonly string[]) =>
  [id, ...aliases].some((name) => ignore.includes(name))

function worst(measures: readonly Measure[]): GateVerdict {
  const verdicts = measures.map(({ verdict }) => verdict)
  return verdicts.includes('fail') ? 'fail' : verdicts.includes('inconclusive') ? 'inconclusive' : 'pass'
}

function summary(
  verdict: GateVerdict,
  { manifest, pickles }: Found,
  [danger]: readonly Danger[],
  measures: readonly Measure[],
): string {
  if (danger !== undefined) return `Loading ${danger.file} would run ${danger.global}.`
  const decisive = measures.find((measure) => measure.verdict === verdict && verdict !== 'pass')
  if (decisive !== undefined) {
    const words = decisive.name.replaceAll('_', ' ')
    return `${words[0]?.toUpperCase()}${words.slice(1)}: ${decisive.note ?? decisive.estimate}.`
  }
  return `${plural(manifest.files.length, 'file')}, ${plural(pickles.length, 'pickle')}: nothing dangerous was found.`
}

function notes(found: Found, unread: readonly Pickle[], given: SupplyChainParameters): readonly string[] {
  const { audit, pins, pickles, manifest } = found
  const code = codeIn(manifest)
  const modules = new Set(
    pickles.flatMap(({ globals }) =>
      globals.filter(({ safety }) => safety === 'suspicious').map(({ module }) => module.split('.')[0] ?? ''),
    ),
  )
  return [
    ...(modules.size === 0 ? [] : [`Its pickles import from ${listing([...modules].sort(), 20)}.`]),
    ...unread.map(({ file, problem }) => `${file} could not be read to the end: ${problem}.`),
    ...(code.length === 0
      ? []
      : [`It brings code of its own, of which a scan says nothing: ${listing(code)}.`]),
    ...(pins === undefined
      ? [
          'It says nothing of its environment. Name the one that it will be deployed in (environment:) to have it looked at.',
        ]
      : pins.sources.map((line) => `Its packages come also from elsewhere: ${line}.`)),
    ...(given.allow.length === 0 ? [] : [`The plan allows ${listing(given.allow)}.`]),
    ...(audit.state === 'not_checked' ? [`Known vulnerabilities were not checked: ${audit.reason}.`] : []),
    ...(audit.state === 'checked' && audit.unknown.length > 0
      ? [`Nobody knows of vulnerabilities of ${listing(audit.unknown)}.`]
      : []),
    ...(audit.state === 'checked'
      ? audit.vulnerable
          .filter((one) => isIgnored(one, given.ignore))
          .map((one) => `The plan ignores ${one.id} in ${one.package}.`)
      : []),
  ]
}
