import { X509Certificate } from 'node:crypto'
import { readFile } from 'node:fs/promises'
import { authorityFile } from '../../kernel/tls/trust.ts'
import type { Platform } from '../../kernel/platform.ts'
import type { Sample } from '../../kernel/telemetry/series.ts'

/**
 * Seconds until what somebody has to renew ends: the certificate that clients trust, and the passwords of service
 * principals. Below zero it has ended. What the server renews by itself is not among them.
 */
export async function measureExpiry(platform: Platform): Promise<readonly Sample[]> {
  const now = platform.clock().getTime()
  const sample = (kind: string, name: string, ends: Date): Sample => ({
    kind: 'gauge',
    name: 'twinloop_expires_in_seconds',
    labels: { kind, name },
    value: (ends.getTime() - now) / 1000,
  })
  const samples: Sample[] = []
  const authority = await readFile(authorityFile(platform.config.home)).catch(() => undefined)
  if (authority !== undefined)
    samples.push(sample('certificate', 'authority', new X509Certificate(authority).validToDate))
  for (const { name, status } of await platform.resources.list({ type: 'servicePrincipals', top: 10_000 })) {
    const credentials = (status['passwordCredentials'] ?? []) as readonly {
      readonly hint: string
      readonly endDateTime: string
    }[]
    // One that is replaced in time by another is nobody's trouble: the one that lasts longest counts.
    const ends = credentials.map(({ endDateTime }) => Date.parse(endDateTime)).filter(Number.isFinite)
    if (ends.length > 0) samples.push(sample('password', name, new Date(Math.max(...ends))))
  }
  return samples
}
