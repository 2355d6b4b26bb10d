import { X509Certificate } from 'node:crypto'
import { readFile, rename, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { Platform } from '../../kernel/platform.ts'
import { hostsOf, openAuthority } from '../../kernel/tls/authority.ts'

const dayMs = 86_400_000
const renewal = { lookEveryMs: dayMs, whenLeftMs: 60 * dayMs }

/**
 * Sees that the gateway, which has no part in the store's secrets, has a certificate in `{folder}/tls.json` with mode
 * 0600, and a new one long before the end of each, until `signal`.
 */
export async function keepCertificate(
  platform: Platform,
  folder: string,
  signal: AbortSignal,
): Promise<void> {
  await renew(platform, folder)
  const timer = setInterval(() => {
    renew(platform, folder).catch((error: unknown) =>
      platform.log.error('the certificate of the scoring gateway cannot be renewed', { error }),
    )
  }, renewal.lookEveryMs)
  timer.unref()
  signal.addEventListener('abort', () => clearInterval(timer), { once: true })
}

async function renew({ secrets, config, clock }: Platform, folder: string): Promise<void> {
  const file = join(folder, 'tls.json')
  const authority = await openAuthority({ secrets, home: config.home, clock })
  const now = await readFile(file, 'utf8').catch(() => undefined)
  if (now !== undefined) {
    const certificate = new X509Certificate((JSON.parse(now) as { cert: string }).cert)
    const ours = certificate.checkIssued(new X509Certificate(authority.certificate))
    if (ours && certificate.validToDate.getTime() - clock().getTime() > renewal.whenLeftMs) return
  }
  const { cert, key } = authority.issue(hostsOf(config.host))
  await writeFile(`${file}.new`, JSON.stringify({ cert, key }), { mode: 0o600 })
  await rename(`${file}.new`, file)
}
