import type { LabUnderTest } from "./lab";

/** A node as Scalelite lists it. */
export interface Listed {
  id: string;
  url: string;
  state: "enabled" | "cordoned" | "disabled";
  online: "online" | "offline";
}

/** The Scalelite of a lab, asked as frontends ask it, and as its administrator does. */
export class Scalelite {
  private secret = "";

  constructor(private readonly lab: LabUnderTest) {}

  /** Reads its secret. */
  async open(): Promise<void> {
    this.secret = (await this.lab.shell("pulumi config get loadBalancerSecret")).stdout.trim();
  }

  /** Creates a meeting, or finds it; the answer as XML. */
  create(id: string): Promise<string> {
    return this.call("create", `meetingID=${id}&name=${id}`);
  }

  /** Ends a meeting; the answer as XML. */
  end(id: string): Promise<string> {
    return this.call("end", `meetingID=${id}`);
  }

  /** By node's name, in which state it is; only those that it knows. */
  async states(): Promise<Record<string, Listed["state"]>> {
    return Object.fromEntries((await this.servers()).map(({ url, state }) => [nodeIn(url), state]));
  }

  /** The node where a meeting is: the one where a join ends. */
  async nodeOf(meeting: string): Promise<string> {
    const query = `meetingID=${meeting}&fullName=Ada&password=${await this.password(meeting)}`;
    const { stdout } = await this.lab.shell(
      `${this.sum("join", query)}; curl -s -o /dev/null -w '%{redirect_url}' "${this.url("join", query)}"`,
    );
    return nodeIn(stdout);
  }

  /** What its administrator does with a node, by its API: cordon or enable. */
  async set(node: string, state: "cordon" | "enable"): Promise<void> {
    const server = (await this.servers()).find(({ url }) => nodeIn(url) === node);
    const body = JSON.stringify({ id: server?.id, server: { state } });
    await this.lab.shell(`${this.sum("updateServer", "")}; curl -sf -X POST -H 'Content-Type: application/json' \
      -d '${body}' "https://lb.cluster.test/scalelite/api/updateServer?checksum=$sum"`);
  }

  /** A shell command that creates a meeting each second, and writes down what was answered otherwise than with success. */
  keepCreating(file: string): string {
    const id = `m\${n}`;
    const query = `meetingID=${id}&name=${id}`;
    const ask = `${this.sum("create", query)}; curl -s -m 10 "${this.url("create", query)}"`;
    const over = `meetingID=${id}`;
    const end = `${this.sum("end", over)}; curl -s -m 10 -o /dev/null "${this.url("end", over)}"`;
    return `n=0; while :; do n=$((n+1)); answer=$(${ask}); case "$answer" in *SUCCESS*) echo ok;; *) echo "$answer";; \
      esac >>${file}; ${end}; sleep 0.5; done`;
  }

  private async servers(): Promise<Listed[]> {
    const url = "https://lb.cluster.test/scalelite/api/getServers?checksum=$sum";
    const { stdout } = await this.lab.shell(`${this.sum("getServers", "")}; curl -s "${url}"`);
    const answer = JSON.parse(stdout);
    return Array.isArray(answer) ? answer : [];
  }

  private async password(meeting: string): Promise<string> {
    const info = await this.call("getMeetingInfo", `meetingID=${meeting}`);
    return info.match(/<moderatorPW>([^<]*)/)?.[1] ?? "";
  }

  private async call(name: string, query: string): Promise<string> {
    return (await this.lab.shell(`${this.sum(name, query)}; curl -s "${this.url(name, query)}"`)).stdout;
  }

  private sum(name: string, query: string): string {
    return `sum=$(printf '%s' "${name}${query}${this.secret}" | sha256sum | cut -d' ' -f1)`;
  }

  private url(name: string, query: string): string {
    return `https://lb.cluster.test/bigbluebutton/api/${name}?${query}&checksum=$sum`;
  }
}

/** bbb-01, of a URL on it. */
function nodeIn(url: string): string {
  return /\/\/([^.]*)\./.exec(url)?.[1] ?? "";
}
