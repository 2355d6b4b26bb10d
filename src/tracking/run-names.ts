const adjectives =
  'able amiable bold brave bright calm capable clever crisp curious eager fair fearless gentle grand honest humble keen kind lively lucid merry mild nimble noble placid plucky polite proud quick quiet rapid salty serene sincere skilled smart steady stoic sunny swift tidy upbeat valiant vivid warm wise witty zesty'.split(
    ' ',
  )
const nouns =
  'ant ape auk bass bat bear bee boar bug calf carp cat cod colt conch cow crab crane crow deer dolphin dove duck eel elk finch fish flea fly foal fowl fox frog gnat gnu goat goose grouse grub gull hare hawk hen heron hog horse hound jay kit koi lamb lark loon lynx mare midge mink mole moose moth mouse mule newt owl ox panda perch pig pug quail ram rat ray robin roo rook seal shad shark sheep shoat shrew shrike shrimp skunk sloth slug smelt snail snipe sow sponge squid squirrel stag steed stoat stork swan tern toad trout turtle vole wasp whale wolf worm wren yak zebra'.split(
    ' ',
  )

/** A name for a run that was given none, such as `plucky-heron-427`; `random` gives numbers from 0 to below 1. */
export function randomRunName(random: () => number): string {
  const pick = (words: readonly string[]) => words[Math.floor(random() * words.length)] ?? 'run'
  return `${pick(adjectives)}-${pick(nouns)}-${Math.floor(random() * 1000)}`
}
