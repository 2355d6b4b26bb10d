/** Something that happened, as the server tells it (CloudEvents 1.0; what is not read here is left out). */
export interface CloudEvent {
  readonly type: string
  readonly subject: string
  readonly data: Readonly<Record<string, unknown>>
}

/** Reads server-sent events: blocks that an empty line ends, whose `data:` lines are the event's JSON. */
export async function* readEvents(body: ReadableStream<Uint8Array>): AsyncGenerator<CloudEvent> {
  let text = ''
  for await (const chunk of body.pipeThrough(new TextDecoderStream())) {
    text += chunk
    const blocks = text.split('\n\n')
    text = blocks.pop() ?? ''
    for (const block of blocks) {
      const data = block.split('\n').filter((line) => line.startsWith('data:'))
      if (data.length > 0) yield JSON.parse(data.map((line) => line.slice(5)).join('\n')) as CloudEvent
    }
  }
}
