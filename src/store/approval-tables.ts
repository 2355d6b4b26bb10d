export interface ApprovalTables {
  /** Links by which somebody decides without signing in, each once, bound to all that it is for. */
  approval_links: ApprovalLinkRow
}

export interface ApprovalLinkRow {
  /** SHA-256 of what stands in the link, hex. */
  hash: string
  principal_id: string
  /** Key of the release. */
  release: string
  stage: string
  verdict: string
  /** Digest of the evidence that it was sent with. */
  evidence: string
  created_at: number
  expires_at: number
  /** 0 until it is used. */
  used_at: number
}
