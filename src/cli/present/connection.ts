import type { Json } from '../client/client.ts'
import { connectionTypes, credentialTypes } from '../yaml/shapes/connection.ts'
import { frame, snake, snakeKeys } from './present.ts'
import type { Body } from './present.ts'

/** The word of YAML for one of REST; where YAML has none, REST's in small letters. */
const wordFor = (words: Readonly<Record<string, string>>, value: unknown): string =>
  Object.keys(words).find((word) => words[word] === value) ?? snake(String(value))

/** A connection as its YAML has it, without what is secret. */
export function presentConnection(body: Body): Json {
  const { category, authType, credentials, ...p } = body.properties ?? {}
  return frame(body, {
    type: wordFor(connectionTypes, category),
    target: p['target'],
    description: p['description'],
    credentials: { type: wordFor(credentialTypes, authType), ...(snakeKeys(credentials) as Json | null) },
    metadata: p['metadata'] ?? {},
    is_shared: p['isSharedToAll'],
  })
}
