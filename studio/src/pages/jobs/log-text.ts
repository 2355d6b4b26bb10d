// oxlint-disable-next-line no-control-regex -- they are what is looked for
const escapes = /\u001B\[[0-9;?]*[A-Za-z]|\u001B\][^\u0007]*\u0007/g

/** Text of a terminal as it would stand there: without colours, and of what a carriage return wrote over only the last. */
export const readable = (text: string): string =>
  text
    .replaceAll(escapes, '')
    .replaceAll('\r\n', '\n')
    .replaceAll(/[^\n]*\r(?=[^\n])/g, '')
