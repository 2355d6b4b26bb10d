import { z } from 'zod'

const pickle = z.object({
  /** Path below the model; `archive:entry` within an archive. */
  file: z.string(),
  /** Whether it was read to its end. */
  complete: z.boolean(),
  problem: z.string().nullable(),
  globals: z.array(
    z.object({
      module: z.string(),
      name: z.string(),
      safety: z.enum(['innocuous', 'suspicious', 'dangerous']),
    }),
  ),
})

/** What `python/twinloop_gate/scan_pickles.py` writes. */
export const pickleReport = z.array(pickle)
export type Pickle = z.infer<typeof pickle>

const dependency = z.object({
  name: z.string(),
  version: z.string().optional(),
  skip_reason: z.string().optional(),
  vulns: z
    .array(
      z.object({
        id: z.string(),
        aliases: z.array(z.string()).default([]),
        fix_versions: z.array(z.string()).default([]),
        description: z.string().nullish(),
      }),
    )
    .optional(),
})

/** What `python/twinloop_gate/audit.py` writes. */
export const auditReport = z.discriminatedUnion('checked', [
  z.object({ checked: z.literal(true), dependencies: z.array(dependency) }),
  z.object({ checked: z.literal(false), reason: z.string() }),
])

/** What is known of vulnerabilities; nothing where nobody could be asked. */
export type Audit =
  | { readonly state: 'off' }
  | { readonly state: 'not_checked'; readonly reason: string }
  | {
      readonly state: 'checked'
      readonly asked: number
      /** Of which the service knows nothing. */
      readonly unknown: readonly string[]
      readonly vulnerable: readonly Vulnerable[]
    }

export interface Vulnerable {
  /** `jinja2 2.4.1`. */
  readonly package: string
  readonly id: string
  readonly aliases: readonly string[]
  readonly fixedIn: readonly string[]
}

/** The report as it counts: a service that knows none of the packages was not reached, whatever it answered. */
export function auditOf(report: z.infer<typeof auditReport>): Audit {
  if (!report.checked) return { state: 'not_checked', reason: report.reason }
  const unknown = report.dependencies.filter(({ skip_reason }) => skip_reason !== undefined)
  if (unknown.length === report.dependencies.length)
    return { state: 'not_checked', reason: unknown[0]?.skip_reason ?? 'there was nothing to ask about' }
  return {
    state: 'checked',
    asked: report.dependencies.length - unknown.length,
    unknown: unknown.map(({ name }) => name),
    vulnerable: report.dependencies.flatMap(({ name, version = '', vulns = [] }) =>
      vulns.map(({ id, aliases, fix_versions }) => ({
        package: `${name} ${version}`.trim(),
        id,
        aliases,
        fixedIn: fix_versions,
      })),
    ),
  }
}
