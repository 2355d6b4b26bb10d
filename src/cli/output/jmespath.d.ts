// The package ships no types. It has one function that we use.
declare module 'jmespath' {
  const jmespath: { search(data: unknown, expression: string): unknown }
  // oxlint-disable-next-line import/no-default-export -- it is CommonJS
  export default jmespath
}
