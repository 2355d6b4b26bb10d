import { endpointOf } from '../replay/send.ts'
import { arrivedWords, lateRate, percent, rocAuc, scoreFlights } from '../replay/scoring.ts'
import type { Chapter } from './stage.ts'

export const score: Chapter = async (stage) => {
  const { screen, folder, signal } = stage
  const endpoint = await endpointOf(stage.twinloop, 'flight-delay')
  const began = performance.now()
  const flights = await scoreFlights(folder, { ...endpoint, signal })
  screen.done(
    'predictions',
    `${flights.length} flights of April, POST ${endpoint.uri}`,
    performance.now() - began,
  )

  const byChance = flights.toSorted((a, b) => b.chance - a.chance)
  screen.line()
  screen.line('   flight     from  to    scheduled          chance of late   arrived')
  for (const flight of [...byChance.slice(0, 3), ...byChance.slice(-3)]) {
    const schedule = `${flight.from}   ${flight.to}   ${flight.date} ${flight.departs}`
    const chance = percent(flight.chance).padStart(14)
    screen.line(
      `   ${flight.flight.padEnd(10)} ${schedule}   ${chance}   ${arrivedWords(flight.minutes_late)}`,
    )
  }
  const fifth = Math.round(flights.length / 5)
  const [highest, lowest] = [byChance.slice(0, fifth), byChance.slice(-fifth)]
  screen.line()
  screen.line(`   of the fifth given the highest chance ${percent(lateRate(highest))} were late,`)
  screen.line(
    `   of the fifth given the lowest ${percent(lateRate(lowest))}; roc_auc ${rocAuc(flights).toFixed(3)} on these flights`,
  )
}
