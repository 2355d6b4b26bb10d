import { csvValue } from './csv.ts'

/** A made-up table of machines that are looked after, so that a project without data has something to learn from. */
export interface Sample {
  readonly csv: string
  readonly target: string
}

const rows = 3000
const sites = ['north', 'south', 'harbour', 'airport'] as const
const kinds = ['pump', 'press', 'lathe', 'conveyor', 'compressor'] as const
/** How much each kind of machine wears. */
const wear: Readonly<Record<(typeof kinds)[number], number>> = {
  pump: 0.4,
  press: 0.9,
  lathe: 0,
  conveyor: -0.5,
  compressor: 0.7,
}

/**
 * Makes the sample of a task. The same every time: nothing in it was measured anywhere, so nobody's licence is on it.
 * Of 3,000 machines a classification has whether each breaks down within 30 days, a regression its hours of repair.
 */
export function makeSample(task: 'classification' | 'regression'): Sample {
  const random = mulberry32(20_260_101)
  const normal = () => Math.sqrt(-2 * Math.log(1 - random())) * Math.cos(2 * Math.PI * random())
  const pick = <T>(from: readonly T[]): T => from[Math.floor(random() * from.length)] as T
  const target = task === 'classification' ? 'breaks_down' : 'repair_hours'
  const lines = [
    [
      'machine',
      'site',
      'kind',
      'age_years',
      'hours_per_week',
      'temperature',
      'vibration',
      'days_since_service',
      'guarded',
      target,
    ],
  ]
  for (let i = 0; i < rows; i++) {
    const kind = pick(kinds)
    const site = pick(sites)
    const age = Math.round(random() * 200) / 10
    const hours = Math.round(20 + random() * 120)
    const sinceService = Math.floor(random() * 365)
    const isGuarded = random() < 0.6
    const temperature = 45 + 0.12 * hours + (site === 'harbour' ? 6 : 0) + 5 * normal()
    const vibration = Math.exp(0.3 * normal() + 0.03 * age + (kind === 'press' ? 0.4 : 0))
    const strain =
      wear[kind] +
      0.09 * (age - 10) +
      0.012 * (hours - 80) +
      0.06 * (temperature - 55) +
      0.9 * (vibration - 1.4) +
      0.007 * (sinceService - 180) * (isGuarded ? 0.5 : 1)
    const outcome =
      task === 'classification'
        ? String(random() < 1 / (1 + Math.exp(1.2 - strain)))
        : Math.max(0, 12 + 3.5 * strain + 3 * normal()).toFixed(1)
    // A sensor is out now and then.
    const isMeasured = random() > 0.03
    lines.push([
      `M${String(i + 1).padStart(5, '0')}`,
      site,
      kind,
      age.toFixed(1),
      String(hours),
      isMeasured ? temperature.toFixed(1) : '',
      vibration.toFixed(3),
      String(sinceService),
      String(isGuarded),
      outcome,
    ])
  }
  return { csv: `${lines.map((line) => line.map(csvValue).join(',')).join('\n')}\n`, target }
}

/** Tommy Ettinger's generator of 32 bits of state: evenly distributed in [0, 1). */
function mulberry32(seed: number): () => number {
  let state = seed
  return () => {
    state = (state + 0x6d_2b_79_f5) | 0
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state)
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296
  }
}
