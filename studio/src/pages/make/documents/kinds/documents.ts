import type { MakeKindName } from '../../../../parts/make-kinds.ts'
import { assetDocuments } from './assets.ts'
import type { DocumentKind } from './document.ts'
import { ownDocuments } from './own.ts'
import { runningDocuments } from './running.ts'
import { servingDocuments } from './serving.ts'

/** Every kind of document that Studio writes. */
export const documents: Readonly<Record<MakeKindName, DocumentKind>> = {
  ...assetDocuments,
  ...runningDocuments,
  ...servingDocuments,
  ...ownDocuments,
}
