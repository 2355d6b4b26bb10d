import { useSearchWord } from '../../frame/search.ts'
import {
  chosenOf,
  judged,
  readChoices,
  writeChoices,
  type Direction,
  type Judged,
  type Objective,
} from './direction.ts'

export interface Directions {
  readonly of: (metric: string) => Judged
  /** Undefined takes the choice back. */
  readonly choose: (metric: string, direction: Direction | undefined) => void
}

/** Which way metrics are better on this page; what is chosen is in the address, under `better`. */
export function useDirections(objective?: Objective): Directions {
  const [text, setText] = useSearchWord('better')
  const choices = readChoices(text)
  return {
    of: (metric) => judged(metric, choices, objective),
    choose: (metric, direction) =>
      setText((before) => writeChoices(chosenOf(readChoices(before), metric, direction)), 'replace'),
  }
}
