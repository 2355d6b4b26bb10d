import { randomBytes } from 'node:crypto'

/** What a job may be called: a job is an MLflow run, so its name is a run id (`^[a-zA-Z0-9][\w\-]{0,255}$`). */
export const jobName = /^[a-zA-Z0-9][\w-]{0,254}$/

const manners = words(`
  amber ample brave brisk calm candid clever cosy crisp daring dapper deft eager early easy fair fleet fond frank
  gentle glad golden grand hardy honest humble jolly keen kind lively loyal lucid lucky mellow merry mild modest neat
  nimble noble patient placid plucky polite proud quick quiet ready robust royal sage serene sharp silent silver sleek
  smart snug solid spry steady sturdy sunny swift tidy tender thrifty upbeat vivid warm wise witty zesty
`)
const animals = words(`
  badger beaver bee bison bream buzzard camel carp cod condor coot crane cricket crow curlew deer dolphin dove dormouse
  duck eagle egret elk falcon ferret finch fox frog gannet gecko goose grouse gull hare hawk heron hoopoe ibex ibis
  jackdaw jay kestrel kite koala lark lemur linnet lion llama lynx magpie marten mole moose newt nightjar orca oriole
  osprey otter owl panda pelican perch pike plover puffin quail raven robin rook salmon seal shrike siskin sparrow
  stoat stork swan swallow swift tapir tern thrush toad trout turtle viper vole walrus weasel whale wolf wren yak zebra
`)

/** A name for a job that nobody named, such as `plucky_heron_4f2k`. `random` gives as many bytes as it is asked for. */
export function newJobName(random: (size: number) => Uint8Array = randomBytes): string {
  const bytes = random(8)
  const pick = (list: readonly string[], at: number) =>
    list[(((bytes[at] ?? 0) << 8) | (bytes[at + 1] ?? 0)) % list.length] ?? ''
  // 32 letters and digits without those that are mistaken for each other (0 o, 1 l).
  const alphabet = '23456789abcdefghijkmnpqrstuvwxyz'
  const tail = [4, 5, 6, 7].map((at) => alphabet[(bytes[at] ?? 0) % 32]).join('')
  return `${pick(manners, 0)}_${pick(animals, 2)}_${tail}`
}

/** A name for the same once more: `flight-delay_3f9c…`, ten hexadecimal digits behind what people call it. */
export function rerunName(displayName: string, random: (size: number) => Uint8Array = randomBytes): string {
  const stem = displayName
    .toLowerCase()
    .replaceAll(/[^a-z0-9]+/g, '-')
    .replaceAll(/^-|-$/g, '')
    .slice(0, 40)
  return `${stem === '' ? 'job' : stem}_${Buffer.from(random(5)).toString('hex')}`
}

/**
 * The name of a pipeline's step as a job of its own: `plucky_heron_4f2k_train`. The same for the same `attempt`;
 * a later attempt is for when somebody else's job has that name.
 */
export function stepJobName(pipeline: string, step: string, attempt = 1): string {
  const tail = `_${step.replaceAll(/[^\w-]/g, '_')}${attempt === 1 ? '' : `_${attempt}`}`.slice(-120)
  return `${pipeline.slice(0, 255 - tail.length)}${tail}`
}

function words(text: string): readonly string[] {
  return text.split(/\s+/).filter(Boolean)
}
