/** Names of artifacts and what bytes they mean; see `artifacts/artifacts.ts`. */
export interface BlobTables {
  blobs: {
    container: string
    path: string
    digest: string
    md5: string
    size: number
    content_type: string
    metadata: string
    etag: string
    modified_at: number
  }
  blob_blocks: {
    container: string
    path: string
    block_id: string
    digest: string
    size: number
    staged_at: number
  }
}
