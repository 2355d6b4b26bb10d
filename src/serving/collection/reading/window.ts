/** A stretch of time, by when requests came in: from the first moment, up to the second and without it. */
export interface Window {
  readonly from: Date
  readonly to: Date
}
