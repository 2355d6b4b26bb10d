import { retrain, takeOver } from './chapters/challenge.ts'
import { invitePeople } from './people/people.ts'
import { releaseFirst } from './chapters/release.ts'
import { score } from './chapters/score.ts'
import { checkTools, prepareWorkspace, registerData, startServer } from './chapters/set-up.ts'
import { slowDown } from './chapters/slow.ts'
import type { Chapter } from './chapters/stage.ts'
import { summarise } from './chapters/summary.ts'
import { train } from './chapters/train.ts'
import { replayYear, watch } from './chapters/year.ts'

/** The main job, part by part. Each chapter says what it did, and throws if it could not. */
export const story: readonly (readonly [title: string, chapters: readonly Chapter[]])[] = [
  ['what there is', [checkTools, startServer, registerData, prepareWorkspace, invitePeople]],
  ['a model, to production', [train, releaseFirst, score]],
  ['eight months of production', [watch, replayYear]],
  ['back to training, and out again', [retrain, takeOver]],
  ['the loop of the infrastructure', [slowDown]],
  ['what happened', [summarise]],
]
