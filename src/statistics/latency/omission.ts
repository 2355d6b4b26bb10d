/**
 * The latencies that a closed loop hid: of each one that is longer than the interval between requests, what the requests
 * would have seen that were to be sent meanwhile, `v − I`, `v − 2I`, … down to I (HdrHistogram's correction). Latencies and
 * interval are in one unit. A load that is sent by a schedule needs none.
 */
export function correctOmission(latencies: ArrayLike<number>, interval: number): Float64Array {
  if (!(interval > 0))
    throw new RangeError(`The interval between requests is ${interval}: it is to be above 0.`)
  const corrected: number[] = []
  for (let i = 0; i < latencies.length; i++) {
    const latency = latencies[i] ?? Number.NaN
    corrected.push(latency)
    if (latency === Infinity) continue
    for (let hidden = latency - interval; hidden >= interval; hidden -= interval) corrected.push(hidden)
  }
  return Float64Array.from(corrected)
}
