import type { Look } from '../../../api/releases.ts'
import type { TimeLine } from '../../../parts/chart/time-option.ts'

/** The error rates of both arms at each look; a look without requests of an arm says nothing of it. */
export function shareLines(looks: readonly Look[], check = 'error_rate'): readonly TimeLine[] {
  const line = (name: string, colour: number, arm: 'canary' | 'champion', dashed: boolean): TimeLine => ({
    name,
    colour,
    dashed,
    points: looks.map((look) => ({
      at: Date.parse(look.at),
      value: look.findings.find((finding) => finding.check === check)?.[arm] ?? null,
    })),
  })
  // The champion is blue and the candidate orange, wherever they are drawn.
  return [line('champion', 1, 'champion', true), line('candidate', 2, 'canary', false)]
}
