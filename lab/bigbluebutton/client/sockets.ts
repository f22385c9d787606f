/** Asks the SFU over its websocket whether it is there; resolves to what to tell. */
export function pingSfu(url: string): Promise<string> {
  return converse(url, '{"id":"ping"}', (text) => (JSON.parse(text) as { id?: string }).id === "pong");
}

/** Opens the websocket of the telephone bridge, as SIP.js did up to 3.0.36; resolves to what to tell. */
export function openSip(url: string): Promise<string> {
  return converse(url, null, () => true, "sip");
}

/** Says `word` and waits for the answer that is `wanted`; without a word the open socket is enough. */
function converse(url: string, word: string | null, wanted: (answer: string) => boolean, ...protocols: string[]) {
  return new Promise<string>((resolve, reject) => {
    const socket = new WebSocket(url, protocols);
    const { hostname, origin } = new URL(url, location.href);
    const done = () => resolve(`${hostname} answers`);
    socket.onopen = () => (word === null ? done() : socket.send(word));
    socket.onmessage = ({ data }: MessageEvent<string>) => wanted(data) && done();
    socket.onclose = ({ code }) => reject(new Error(`${origin} closed the websocket: ${code}`));
  });
}
