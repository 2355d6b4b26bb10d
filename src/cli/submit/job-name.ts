const adjectives =
  'amber brave calm clever cool crisp eager fair fine fond gentle glad good great helpful honest icy jolly keen kind lemon lime loyal lucid mellow merry mighty modest neat nice nimble olive patient plucky polite proud quiet quick quirky ready red sharp silver sincere smart strong sunny teal tender true upbeat vivid warm wise witty'.split(
    ' ',
  )
const nouns =
  'apple arch bear bell bird bridge camera candle carpet castle cherry cloud comet crown dolphin door dream drum falcon fig forest frog garden glove guitar hat heron holly island ivy jackal kettle kite lamp leaf lion longan mango moon nail neck oven owl panda parrot pear pen plum quill river rose sail scarf seal soursop spade star sugar tail tent turnip vase wall whale yacht zoo'.split(
    ' ',
  )
const letters = '0123456789bcdfghjklmnpqrstvwxyz'

/** A job's name as Azure's SDK makes them: `plucky_heron_4f2kb0qhzs`. `random` gives numbers from 0 to below 1. */
export function randomName(random: () => number): string {
  const pick = (from: ArrayLike<string>) => from[Math.floor(random() * from.length)] ?? ''
  return `${pick(adjectives)}_${pick(nouns)}_${Array.from({ length: 10 }, () => pick(letters)).join('')}`
}
