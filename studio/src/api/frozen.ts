/**
 * The moment at which an address has the page's times end (`until`); undefined where they end now. What is measured, the
 * windows of monitors and what was collected end there; states, lists and logs are always those of now.
 */
export function frozenAt(): number | undefined {
  const text = new URLSearchParams((globalThis.location as Location | undefined)?.search ?? '').get('until')
  const at = Date.parse(text ?? '')
  return Number.isNaN(at) ? undefined : Math.min(at, Date.now())
}
