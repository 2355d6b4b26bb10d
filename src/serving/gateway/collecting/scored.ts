/**
 * What a data collector is shown of a request that has been scored, mirrored ones included. It is shown after the
 * caller has its answer, and only where `wants` said so, so that nothing is kept for deployments that collect nothing.
 */
export interface Scored {
  /** Key of the endpoint in the routing table. */
  readonly endpoint: string
  readonly deployment: string
  /** x-request-id: what inputs, outputs and later labels are joined by. */
  readonly requestId: string
  readonly clientRequestId: string | undefined
  readonly arrived: Date
  readonly operation: 'score' | 'invocations' | 'infer'
  /** Bodies are plain: what was compressed on the way in is expanded, and the answer is not compressed yet. */
  readonly request: {
    readonly contentType: string
    readonly body: Buffer
    /** Those that the deployment wants kept. */
    readonly headers?: Readonly<Record<string, string>> | undefined
  }
  readonly response: { readonly status: number; readonly contentType: string; readonly body: Buffer }
  /** True for a copy whose answer nobody got. */
  readonly mirrored: boolean
}

/** The hook of the data collector. Neither may throw; `collect` must return at once and do its work elsewhere. */
export interface Collector {
  wants(endpoint: string, deployment: string): boolean
  collect(scored: Scored): void
}
