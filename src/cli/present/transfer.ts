import type { Json } from '../client/client.ts'
import { frame, reference, snakeKeys } from './present.ts'
import type { Body } from './present.ts'

/** An import of data: what was asked for, and how it goes. */
export function presentImport(body: Body): Json {
  const { assetName, assetVersion, dataType, dataUri, source, assetId, base, ...rest } = body.properties ?? {}
  const { sourceType, ...from } = (source ?? {}) as Json
  return frame(body, {
    asset: assetName,
    version: assetVersion,
    type: dataType,
    ...(snakeKeys(rest) as Json),
    source: { type: sourceType, ...from },
    path: dataUri,
    base: reference(base),
    data: reference(assetId),
  })
}

/** An export of data: what was asked for, and how it goes. */
export function presentExport(body: Body): Json {
  const { source, assetId, target, keys, ...rest } = body.properties ?? {}
  const { targetType, ...to } = (target ?? {}) as Json
  return frame(body, {
    data: reference(assetId) ?? source,
    ...(snakeKeys(rest) as Json),
    target: { type: targetType, ...to },
    key: keys,
  })
}
