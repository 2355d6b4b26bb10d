/** How a compiled model was proven to answer as Python does. Kept with the deployment's status. */
export interface Proof {
  /** Rows whose answers were compared. */
  readonly rows: number
  /** How many of them are of the model's input example or of its data. */
  readonly realRows: number
  /** Rows of the proof that the compiled model left to Python: mostly such as Python raises an error for. */
  readonly leftToPython: number
  /** Largest difference between two numbers; 0 for labels, which are equal. */
  readonly maxDifference: number
  /** SHA-256 of the ONNX file, hex. */
  readonly sha256: string
  /** Of Python, of the model's libraries, and of ONNX Runtime. */
  readonly versions: Readonly<Record<string, string>>
}

/** What a deployment's requests are answered by, and why. */
export type Verdict =
  | { readonly kind: 'onnx'; readonly folder: string; readonly proof: Proof }
  | { readonly kind: 'python'; readonly because: string }

/** The verdict as one line. */
export function sentenceOf(verdict: Verdict): string {
  if (verdict.kind === 'python') return `python because ${verdict.because}`
  const { rows, maxDifference } = verdict.proof
  return `onnx (proven on ${rows} rows, max |Δ| ${maxDifference === 0 ? '0' : maxDifference.toExponential(0)})`
}
