import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";

import { failure, notFound, reply } from "../../scalelite/bbb-error";
import { verifyChecksum } from "../../scalelite/checksum";

interface Meeting {
  people: number;
  createTime: number;
  moderatorPassword: string;
}

/** A node of which nobody knows more than its API; strict with checksums. */
export class FakeNode {
  readonly meetings = new Map<string, Meeting>();
  /** What was asked for, with its parameters. */
  readonly asked: [action: string, parameters: URLSearchParams][] = [];
  /** Answers nothing any more, as a machine that is off. */
  dead = false;
  url = "";

  private constructor(
    readonly secret: string,
    private readonly server: Server,
  ) {}

  static async start(secret: string): Promise<FakeNode> {
    const server = createServer((request, response) => {
      const { pathname, search } = new URL(request.url ?? "/", "http://node");
      if (node.dead) request.socket.destroy();
      else response.end(node.answer(pathname.split("/").at(-1) ?? "", search.slice(1)));
    });
    const node = new FakeNode(secret, server);
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    node.url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/bigbluebutton/api`;
    return node;
  }

  close(): void {
    this.server.close();
    this.server.closeAllConnections();
  }

  private answer(action: string, query: string): string {
    try {
      verifyChecksum(action, query, this.secret);
    } catch {
      return reply("<returncode>FAILED</returncode><messageKey>checksumError</messageKey>");
    }
    const parameters = new URLSearchParams(query);
    this.asked.push([action, parameters]);
    const id = parameters.get("meetingID") ?? "";
    const meeting = this.meetings.get(id);
    if (action === "getMeetings") return success(`<meetings>${[...this.meetings].map(described).join("")}</meetings>`);
    if (action === "isMeetingRunning") return success(`<running>${(meeting?.people ?? 0) > 0}</running>`);
    if (action === "create") return this.create(id, parameters);
    if (meeting === undefined) return failure(notFound());
    if (action === "end") this.meetings.delete(id);
    return success(described([id, meeting]));
  }

  private create(id: string, parameters: URLSearchParams): string {
    const known = this.meetings.get(id);
    const moderatorPassword = parameters.get("moderatorPW") ?? "";
    if (known !== undefined && known.moderatorPassword !== moderatorPassword && moderatorPassword !== "") {
      return reply("<returncode>FAILED</returncode><messageKey>idNotUnique</messageKey><message>taken</message>");
    }
    if (known === undefined) this.meetings.set(id, { people: 0, createTime: Date.now(), moderatorPassword });
    return success(`<meetingID>${id}</meetingID>`);
  }
}

function success(inner: string): string {
  return reply(`<returncode>SUCCESS</returncode>${inner}`);
}

function described([id, { people, createTime }]: [string, Meeting]): string {
  const counts = `<participantCount>${people}</participantCount><moderatorCount>0</moderatorCount>`;
  return `<meeting><meetingID>${id}</meetingID><createTime>${createTime}</createTime>${counts}</meeting>`;
}
