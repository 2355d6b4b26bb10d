import type { Client, Json } from '../../../../../src/cli/client/client.ts'
import type { Body } from '../../../../../src/cli/present/present.ts'
import type { Followed } from '../../../../../src/cli/yaml/checks/check.ts'
import type { Resolved } from '../../../../../src/cli/references/resolve.ts'
import { Failure } from '../../../../../src/cli/failure.ts'

/** What a body is made with, beside the document itself. */
export interface Making {
  readonly client: Client
  readonly resolved: Resolved
  /** The steps of a pipeline, and what else the document leads to. */
  readonly followed: Followed
  readonly location: string
  /** What is there now, where something is changed. */
  readonly before: Body | undefined
  /** Uploads the file that a path of the document stands for, and answers with where it went. */
  readonly upload: (path: string, datastore?: string) => Promise<string>
  /** Text of the file that a path of the document stands for. */
  readonly read: (path: string) => Promise<string>
}

/** `/data/flights`; a name is what everything needs. */
export function part(type: string, name: string | undefined): string {
  if (name === undefined || name === '') throw new Failure('it has no name', { hint: 'add name: …' })
  return `/${type}/${encodeURIComponent(name)}`
}

/** A write that is ready to be sent: where, below the workspace, and what. */
export interface Writing {
  readonly path: string
  readonly body: Json
  /** It is made as the next version if there is none under this name yet. */
  readonly isNew?: boolean
}

/** A kind of document: how what is there is written, and what it becomes. */
export interface DocumentKind {
  /** A resource as the YAML that makes it. */
  readonly present: (body: Body) => unknown
  readonly write: (value: never, making: Making) => Promise<Writing>
}

/** For a kind whose value is known to be of type T. */
export const documentKind = <T>(kind: {
  readonly present: (body: Body) => unknown
  readonly write: (value: T, making: Making) => Promise<Writing>
}): DocumentKind => kind
