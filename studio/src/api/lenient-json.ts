const notJson = /(?<=[[,:]\s*)(?:NaN|-?Infinity)(?=\s*[,\]}])/g

/** JSON as Python writes it: a value that is not a number stands there as NaN, and means that it is missing. */
export const readLenientJson = (text: string): unknown => JSON.parse(text.replaceAll(notJson, 'null'))
