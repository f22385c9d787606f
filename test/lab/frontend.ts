import type { LabUnderTest } from "./lab";

/** What creates meetings by a load balancer's API, as Moodle and Greenlight do: where that is, and with which secret. */
export class Frontend {
  private secret = "";

  /**
   * @param host of the API
   * @param tell a shell command that prints the secret
   */
  constructor(
    protected readonly lab: LabUnderTest,
    readonly host: string,
    readonly tell: string,
  ) {}

  /** Reads the secret. */
  async open(): Promise<void> {
    this.secret = (await this.lab.shell(this.tell)).stdout.trim();
  }

  /** Creates a meeting, or finds it, with `more` parameters such as `&record=true`; the answer as XML. */
  create(id: string, more = ""): Promise<string> {
    return this.call("create", `meetingID=${id}&name=${id}${more}`);
  }

  /** The recordings that it is told of, as XML. */
  recordings(): Promise<string> {
    return this.call("getRecordings", "state=any");
  }

  /** Ends a meeting; the answer as XML. */
  end(id: string): Promise<string> {
    return this.call("end", `meetingID=${id}`);
  }

  /** Where somebody who joins ends: the address of the client's page. */
  async joinedAt(meeting: string): Promise<string> {
    const query = `meetingID=${meeting}&fullName=Ada&password=${await this.password(meeting)}`;
    const get = `curl -sL -o /dev/null -w '%{url_effective}' -c /dev/null "${this.url("join", query)}"`;
    return (await this.lab.shell(`${this.sum("join", query)}; ${get}`)).stdout;
  }

  /** The node where a meeting is: the one to whose API a join is sent. */
  async nodeOf(meeting: string): Promise<string> {
    const query = `meetingID=${meeting}&fullName=Ada&password=${await this.password(meeting)}`;
    const get = `curl -s -o /dev/null -w '%{redirect_url}' "${this.url("join", query)}"`;
    return nodeIn((await this.lab.shell(`${this.sum("join", query)}; ${get}`)).stdout);
  }

  /** The ids of the recordings that there are. */
  async recordingIds(): Promise<string[]> {
    const answer = await this.recordings();
    return [...answer.matchAll(/<recordID>([^<]*)/g)].map(([, id]) => id ?? "");
  }

  /** Where a recording can be seen, once it is there. */
  async recorded(id: string): Promise<string[]> {
    const query = `recordID=${id}`;
    const ask = `curl -s "${this.url("getRecordings", query)}"`;
    const wait = `${this.sum("getRecordings", query)}; for n in $(seq 30); do answer=$(${ask}); case "$answer" in`;
    const { stdout } = await this.lab.shell(`${wait} *'<recording>'*) break;; esac; sleep 1; done; echo "$answer"`);
    return [...stdout.matchAll(/<url>([^<]*)/g)].map(([, url]) => url ?? "");
  }

  /** Publishes a recording, or takes it back; the answer as XML. */
  publish(id: string, publish: boolean): Promise<string> {
    return this.call("publishRecordings", `recordID=${id}&publish=${publish}`);
  }

  /** A shell command that creates a meeting each second, and writes down what was answered otherwise than with success. */
  keepCreating(file: string): string {
    const id = `m\${n}`;
    // Scalelite forgets one that its poller asks for before the node has it: nobody can end that any more.
    const query = `meetingID=${id}&name=${id}&meetingExpireIfNoUserJoinedInMinutes=1`;
    const ask = `${this.sum("create", query)}; curl -s -m 10 "${this.url("create", query)}"`;
    const over = `meetingID=${id}`;
    // One that is left would keep its node for as long as somebody may still come.
    const asked = `curl -s -m 10 "${this.url("end", over)}" | grep -qE 'SUCCESS|notFound'`;
    const end = `${this.sum("end", over)}; for t in 1 2 3 4 5; do ${asked} && break; sleep 0.5; done`;
    return `n=0; while :; do n=$((n+1)); answer=$(${ask}); case "$answer" in *SUCCESS*) echo ok;; *) echo "$answer";; \
      esac >>${file}; ${end}; sleep 0.5; done`;
  }

  /** A shell variable `sum` with the checksum of a call. */
  protected sum(name: string, query: string): string {
    return `sum=$(printf '%s' "${name}${query}${this.secret}" | sha256sum | cut -d' ' -f1)`;
  }

  private async password(meeting: string): Promise<string> {
    const info = await this.call("getMeetingInfo", `meetingID=${meeting}`);
    return info.match(/<moderatorPW>([^<]*)/)?.[1] ?? "";
  }

  private async call(name: string, query: string): Promise<string> {
    return (await this.lab.shell(`${this.sum(name, query)}; curl -s "${this.url(name, query)}"`)).stdout;
  }

  private url(name: string, query: string): string {
    return `https://${this.host}/bigbluebutton/api/${name}?${query}&checksum=$sum`;
  }
}

/** bbb-01, of a URL on it. */
export function nodeIn(url: string): string {
  return /\/\/([^.]*)\./.exec(url)?.[1] ?? "";
}
