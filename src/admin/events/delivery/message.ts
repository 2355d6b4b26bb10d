import type { Message } from '../../notices/message.ts'
import type { EventBody } from './deliver.ts'

const mostFacts = 8

/** An event in words, for chats: what happened to what, and the plain values of its data. */
export function messageOf({ type, subject, time, data }: EventBody): Message {
  const facts = Object.entries(data)
    .filter(([, value]) => ['string', 'number', 'boolean'].includes(typeof value) && value !== '')
    .map(([name, value]) => ({ name, value: String(value) }))
    .slice(0, mostFacts)
  const title = `${inWords(type)}: ${subject.split('/').slice(-2).join('/')}`
  return {
    name: type,
    about: subject,
    type,
    title,
    text: [title, `at ${time}`, ...facts.map(({ name, value }) => `${name}: ${value}`)].join('\n'),
    facts,
    links: [],
    data,
  }
}

/** `Microsoft.MachineLearningServices.RunCompleted` is `Run completed`. */
const inWords = (type: string): string => {
  const words = (type.split('.').at(-1) ?? type).replaceAll(/(?<=[a-z])(?=[A-Z])/g, ' ').toLowerCase()
  return words.charAt(0).toUpperCase() + words.slice(1)
}
