import { spawn } from 'node:child_process'
import { join } from 'node:path'
import { nodePackage, pythonWith } from './test-cache.ts'

/** A server of a cloud's protocol, in a process of its own that ends with the test. */
export interface CloudStore {
  readonly url: string
  end(): Promise<void>
}

/** What the accounts of `startAzurite` are called, and their key. */
export const azuriteAccount = {
  name: 'acme',
  key: Buffer.from('a key for tests of data stores').toString('base64'),
}

/**
 * Azurite, Azure's own emulator of Blob Storage, in memory on a free port. Its accounts are paths: `{url}/acme`. With
 * files of a certificate and its key it speaks HTTPS, and takes tokens of an identity (whose signature it cannot check).
 */
export async function startAzurite(tls?: {
  readonly cert: string
  readonly key: string
}): Promise<CloudStore> {
  const modules = await nodePackage('azurite@3.37.0')
  return start(
    process.execPath,
    [
      join(modules, 'azurite', 'dist', 'src', 'blob', 'main.js'),

      '--blobPort',
      '0',
      '--inMemoryPersistence',
      '--disableTelemetry',
      '--silent',
      '--skipApiVersionCheck',
      ...(tls === undefined ? [] : ['--cert', tls.cert, '--key', tls.key, '--oauth', 'basic']),
    ],
    { AZURITE_ACCOUNTS: `${azuriteAccount.name}:${azuriteAccount.key}` },
    /listens on (https?:\S+)/,
  )
}

/** A server that speaks S3, in memory on a free port; it takes any key. */
export async function startS3(): Promise<CloudStore> {
  const python = await pythonWith('moto-5.2.5', ['moto[server,s3]==5.2.5'])
  return start(python, ['-m', 'moto.server', '-H', '127.0.0.1', '-p', '0'], {}, /Running on (http:\S+)/)
}

async function start(
  program: string,
  args: readonly string[],
  env: Readonly<Record<string, string>>,
  ready: RegExp,
): Promise<CloudStore> {
  const child = spawn(program, args, {
    env: { ...process.env, ...env, NO_COLOR: '1' },
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  const over = new Promise<void>((resolve) => child.once('close', () => resolve()))
  let said = ''
  const url = await new Promise<string>((resolve, reject) => {
    const hear = (chunk: Buffer) => {
      said += chunk.toString()
      const found = ready.exec(said)?.[1]
      if (found !== undefined) resolve(found)
    }
    child.stdout.on('data', hear)
    child.stderr.on('data', hear)
    child.once('error', reject)
    child.once('close', () => reject(new Error(`${program} ended before it was ready: ${said}`)))
  })
  return {
    url,
    async end() {
      child.kill('SIGKILL')
      await over
    },
  }
}
