import { createCipheriv, createDecipheriv, randomBytes } from 'node:crypto'
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Store } from '../../store/database.ts'
import { deleteSecret, readSecret, writeSecret } from '../../store/secret-rows.ts'
import type { Secrets } from '../platform.ts'

/** Secrets in the store, encrypted with AES-256-GCM under the server's key; the name is bound to the value. */
export function createSecrets({
  store,
  key,
  clock,
}: {
  store: Store
  key: Buffer
  clock: () => Date
}): Secrets {
  return {
    async set(name, value, db = store.db) {
      const nonce = randomBytes(12)
      const cipher = createCipheriv('aes-256-gcm', key, nonce).setAAD(Buffer.from(name))
      const sealed = Buffer.concat([nonce, cipher.update(value, 'utf8'), cipher.final(), cipher.getAuthTag()])
      await writeSecret(db, name, sealed.toString('base64'), clock().getTime())
    },
    async get(name) {
      const stored = await readSecret(store.db, name)
      if (stored === undefined) return undefined
      const sealed = Buffer.from(stored, 'base64')
      const opener = createDecipheriv('aes-256-gcm', key, sealed.subarray(0, 12))
      opener.setAAD(Buffer.from(name)).setAuthTag(sealed.subarray(-16))
      try {
        return Buffer.concat([opener.update(sealed.subarray(12, -16)), opener.final()]).toString('utf8')
      } catch (cause) {
        throw new Error(
          `The secret '${name}' does not open: secret.key in the home folder (or TWINLOOP_SECRET_KEY) is not the key ` +
            'that this store was written with. Restore the key that belongs to it.',
          { cause },
        )
      }
    },
    async remove(name, db = store.db) {
      await deleteSecret(db, name)
    },
  }
}

/**
 * The server's key: `TWINLOOP_SECRET_KEY` (64 hex digits), else the file `secret.key` of the home folder, made on
 * first use with mode 0600. A backup needs it beside the store.
 */
export function readSecretKey(home: string, env: NodeJS.ProcessEnv): Buffer {
  const given = env['TWINLOOP_SECRET_KEY']
  if (given !== undefined) {
    if (!/^[0-9a-f]{64}$/i.test(given)) throw new Error('TWINLOOP_SECRET_KEY must be 64 hexadecimal digits.')
    return Buffer.from(given, 'hex')
  }
  const file = join(home, 'secret.key')
  if (!existsSync(file)) {
    mkdirSync(home, { recursive: true, mode: 0o700 })
    writeFileSync(file, randomBytes(32).toString('hex'), { mode: 0o600, flag: 'wx' })
  }
  return Buffer.from(readFileSync(file, 'utf8').trim(), 'hex')
}
