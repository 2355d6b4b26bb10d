import { createHash } from 'node:crypto'
import { join } from 'node:path'

/** The gateway's folder: its table, its log, and where it listens. */
export const gatewayFolder = (home: string): string => join(home, 'gateway')

/** Where the instances' sockets are. */
export const socketsFolder = (home: string): string => join(home, 'gateway', 'sockets')

/** What a deployment's instances run from and log to. */
export const deploymentFolder = (home: string, key: string): string => join(home, 'serving', shortHash(key))

/** Names a deployment where its key is too long to: in process ids and file names. */
export const shortHash = (text: string): string =>
  createHash('sha256').update(text).digest('hex').slice(0, 12)
