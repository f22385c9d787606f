/** What BigBlueButton's API and Scalelite's say when they fail: a key and a sentence (concerns/bbb_errors.rb). */
export class BbbError extends Error {
  constructor(
    readonly key: string,
    message: string,
  ) {
    super(message);
    this.name = "BbbError";
  }
}

export const checksumError = () => new BbbError("checksumError", "You did not pass the checksum security check");

export const notFound = () =>
  new BbbError(
    "notFound",
    "We could not find a meeting with that meeting ID - perhaps the meeting is not yet running?",
  );

export const noServers = () => new BbbError("internalError", "Could not find any available servers.");

export const unsupportedRequest = () => new BbbError("unsupportedRequest", "This request is not supported.");

export const unsupportedContentType = () =>
  new BbbError("unsupportedContentType", "POST request Content-Type is missing or unsupported");

/** A reply of either API. */
export function reply(inner: string): string {
  return `<?xml version="1.0"?>\n<response>${inner}</response>\n`;
}

/** A failure as a reply: its HTTP status is 200, also in the API that is JSON otherwise. */
export function failure({ key, message }: BbbError): string {
  return reply(`<returncode>FAILED</returncode><messageKey>${key}</messageKey><message>${escaped(message)}</message>`);
}

function escaped(text: string): string {
  return text.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll(">", "&gt;");
}
