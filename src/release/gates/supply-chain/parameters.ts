import { z } from 'zod'
import { reference } from '../parameters.ts'

export const supplyChainParameters = z.strictObject({
  /** Globals that pickles may import though picklescan calls them dangerous, once somebody has looked: `builtins.getattr`. */
  allow: z.array(z.string().regex(/^[\w.]+$/, 'is not a global such as builtins.getattr')).default([]),
  /** What it means that a requirement of the environment is not pinned to one version. */
  unpinned: z.enum(['fail', 'note']).default('fail'),
  /** The environment that is looked at; default: what the model itself asks for. */
  environment: reference.optional(),
  /** Whether known vulnerabilities are asked for; `required`: without an answer the gate does not pass. */
  audit: z.enum(['if_reachable', 'required', 'off']).default('if_reachable'),
  /** Where: PyPI's own, or OSV's, which may be a mirror (`audit_url`). */
  audit_service: z.enum(['pypi', 'osv']).default('pypi'),
  audit_url: z.url().optional(),
  /** Vulnerabilities that somebody has looked at: `GHSA-…`, `CVE-…`, `PYSEC-…`. */
  ignore: z.array(z.string().min(1)).default([]),
})

export type SupplyChainParameters = z.infer<typeof supplyChainParameters>
