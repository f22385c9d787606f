import { Mismatch } from "../check";
import { type Answer, type RequestOptions, request } from "../request";
import { WebSocketClient } from "./websocket";

/** What a page asks for: as `fetch` in a browser. */
export interface PageRequest extends RequestOptions {
  /** `include`: cookies go along, and the answer must allow that. */
  credentials?: boolean;
}

/** A page in a browser: it stands at an address, has the browser's cookies, and is held to CORS. */
export class Page {
  constructor(
    public readonly url: string,
    /** Cookies by host, `name=value`. */
    private readonly cookies: ReadonlyMap<string, string>,
  ) {}

  get origin(): string {
    return new URL(this.url).origin;
  }

  /** The absolute form of an address in the page; websockets may be written relative to it, too. */
  resolve(address: string, scheme?: "ws"): string {
    const url = new URL(address, this.url).href;
    return scheme ? url.replace(/^http/, "ws") : url;
  }

  /** Fetches as a script in the page would; throws a `Mismatch` when the page may not read the answer or it is no success. */
  async fetch(address: string, { credentials = false, ...options }: PageRequest = {}): Promise<Answer> {
    const url = this.resolve(address);
    const crossing = new URL(url).origin !== this.origin;
    if (crossing && needsPreflight(options)) await this.preflight(url, credentials, options);
    const cookie = !crossing || credentials ? this.cookieFor(url) : "";
    const extra = { ...(crossing ? { Origin: this.origin } : {}), ...(cookie ? { Cookie: cookie } : {}) };
    const answer = await request(url, { ...options, headers: { ...options.headers, ...extra } });
    if (crossing) this.mustAllow(answer, url, credentials);
    if (answer.status < 200 || answer.status > 299) throw new Mismatch(`${strip(url)} answered ${answer.status}`);
    return answer;
  }

  /** Opens an address as a frame or a tab does: with cookies, and without asking whether pages may read it. */
  async fetchAsNavigation(address: string): Promise<Answer> {
    const url = this.resolve(address);
    const cookie = this.cookieFor(url);
    const answer = await request(url, { headers: cookie ? { Cookie: cookie } : {} });
    if (answer.status !== 200) throw new Mismatch(`${strip(url)} answered ${answer.status}`);
    return answer;
  }

  /** Opens a websocket as a script in the page would. */
  websocket(address: string, protocol?: string): Promise<WebSocketClient> {
    const url = this.resolve(address, "ws");
    return WebSocketClient.open(url, { origin: this.origin, cookie: this.cookieFor(url), protocol });
  }

  private cookieFor(url: string): string {
    return this.cookies.get(new URL(url).hostname) ?? "";
  }

  private async preflight(url: string, credentials: boolean, { method = "GET", headers = {} }: RequestOptions) {
    const asked = {
      Origin: this.origin,
      "Access-Control-Request-Method": method,
      "Access-Control-Request-Headers": Object.keys(headers).join(",").toLowerCase(),
    };
    const answer = await request(url, { method: "OPTIONS", headers: asked });
    this.mustAllow(answer, url, credentials);
    if (answer.status > 299) throw new Mismatch(`the preflight of ${strip(url)} answered ${answer.status}`);
  }

  private mustAllow({ status, headers }: Answer, url: string, credentials: boolean): void {
    const { "access-control-allow-origin": allowed, "access-control-allow-credentials": withCookies } = headers;
    const origin = allowed === this.origin || (allowed === "*" && !credentials);
    if (origin && (!credentials || withCookies === "true")) return;
    const told = `${allowed ?? "nobody"}${credentials ? `, credentials ${withCookies ?? "no"}` : ""}`;
    throw new Mismatch(`${strip(url)} answered ${status} and lets ${told} read it, not ${this.origin}`);
  }
}

function needsPreflight({ method = "GET", headers = {} }: RequestOptions): boolean {
  const simpleType = /^(multipart\/form-data|text\/plain|application\/x-www-form-urlencoded)/;
  return (
    !["GET", "HEAD", "POST"].includes(method) ||
    Object.entries(headers).some(([name, value]) => !(name.toLowerCase() === "content-type" && simpleType.test(value)))
  );
}

function strip(url: string): string {
  return url.split("?")[0] ?? url;
}
