/** A sentence begins with a capital. */
export const sentence = (text: string): string => text.charAt(0).toUpperCase() + text.slice(1)

const reasons: Readonly<Record<string, string>> = {
  ECONNREFUSED: 'nothing listens there',
  ENOTFOUND: 'the name of the host is not known',
  EAI_AGAIN: 'the name of the host cannot be looked up',
  ETIMEDOUT: 'it does not answer',
  ECONNRESET: 'the connection broke',
  EPIPE: 'the connection broke',
  PROTOCOL_CONNECTION_LOST: 'the connection broke',
}

/** Why a database cannot be reached, as the end of a sentence, from the error's code and its own words. */
export const lostReason = (code: string, message: string): string =>
  reasons[code] ??
  (/timeout expired|timeout exceeded/i.test(message)
    ? 'it does not answer'
    : /terminated/i.test(message)
      ? 'the connection broke'
      : message.replace(/\.$/, ''))

/** True if the error is that the server's certificate could not be verified. */
export const isCertificateError = (code: string, message: string): boolean =>
  /certificate|self.signed/i.test(message) || /^(?:ERR_TLS|DEPTH_ZERO|SELF_SIGNED|UNABLE_TO)/.test(code)
