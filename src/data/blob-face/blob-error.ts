import { BlobExists, BlobMissing, DigestMismatch, UnsafeName } from '../../artifacts/artifacts.ts'
import { tellable, UserError } from '../../kernel/errors.ts'
import { escapeXml } from './xml.ts'

/** A failure in Azure Blob's own words: clients act on the code. */
export class BlobError extends Error {
  readonly code: string
  readonly status: number

  constructor(code: string, status: number, message: string) {
    super(message)
    this.code = code
    this.status = status
  }
}

/** Azure Blob's codes that this face answers, with their statuses. */
const statuses = {
  InvalidUri: 400,
  InvalidResourceName: 400,
  InvalidQueryParameterValue: 400,
  InvalidHeaderValue: 400,
  InvalidXmlDocument: 400,
  InvalidBlockId: 400,
  InvalidBlockList: 400,
  InvalidMetadata: 400,
  Md5Mismatch: 400,
  IncompleteBody: 400,
  UnsupportedHeader: 400,
  NoAuthenticationInformation: 401,
  AuthenticationFailed: 403,
  AuthorizationPermissionMismatch: 403,
  AuthorizationSourceIPMismatch: 403,
  CannotVerifyCopySource: 404,
  ContainerNotFound: 404,
  BlobNotFound: 404,
  UnsupportedHttpVerb: 405,
  BlobAlreadyExists: 409,
  ContainerAlreadyExists: 409,
  ConditionNotMet: 412,
  RequestBodyTooLarge: 413,
  InvalidRange: 416,
  InternalError: 500,
  NotImplemented: 501,
} as const satisfies Record<string, number>

type Code = keyof typeof statuses

/** `blobErrors.BlobNotFound('…')` makes the error; the caller throws it. */
export const blobErrors = Object.fromEntries(
  Object.entries(statuses).map(([code, status]) => [
    code,
    (message: string) => new BlobError(code, status, message),
  ]),
) as { readonly [K in Code]: (message: string) => BlobError }

/** What artifacts and the kernel throw, in Azure Blob's words; undefined for what is no failure of the caller's. */
export function asBlobError(error: unknown): BlobError | undefined {
  if (error instanceof BlobError) return error
  if (error instanceof BlobMissing) return blobErrors.BlobNotFound('The specified blob does not exist.')
  if (error instanceof BlobExists) return blobErrors.BlobAlreadyExists('The specified blob already exists.')
  if (error instanceof DigestMismatch) return blobErrors.Md5Mismatch(error.message)
  if (error instanceof UnsafeName) return blobErrors.InvalidResourceName(error.message)
  if (error instanceof UserError && error.kind.status === 401)
    return blobErrors.NoAuthenticationInformation(`${error.message} A shared access signature does as well.`)
  if (error instanceof UserError && error.kind.status === 403)
    return blobErrors.AuthorizationPermissionMismatch(error.message)
  const known = tellable(error)
  return known && new BlobError(known.kind.code, known.kind.status, known.message)
}

/** The body of an error; a HEAD and a 304 have none. */
export const errorXml = ({ code, message }: BlobError): string =>
  `<?xml version="1.0" encoding="utf-8"?><Error><Code>${code}</Code><Message>${escapeXml(message)}</Message></Error>`
