import { type BbbApi, call, callUrl, element } from "../../../checks/bbb-api";
import { brief, request } from "../../../checks/request";

/** Which meeting a person gets into, as Moodle would have it. */
export interface Lesson {
  id: string;
  record: boolean;
}

const passwords = { attendeePW: "attendee", moderatorPW: "moderator" };
/** BBBLB answers a create on a node that hangs after 30 s. */
const slow = { milliseconds: 30_000 };

/** Asks a load balancer as Moodle and Greenlight do: `create` before every `join`, which must name the same meeting. */
export class Frontend {
  constructor(private readonly api: BbbApi) {}

  /** The address of the client's page, and the cookies that were set on the way. */
  async join({ id, record }: Lesson, person: string): Promise<{ page: string; cookies: Map<string, string> }> {
    const wishes = {
      meetingID: id,
      name: id,
      record: String(record),
      autoStartRecording: String(record),
      ...passwords,
    };
    const created = await this.created(wishes);
    const cookies = new Map<string, string>();
    const createTime = element(created, "createTime") ?? "";
    let url = callUrl(this.api, "join", {
      ...{ meetingID: id, fullName: person, password: passwords.moderatorPW, createTime },
    });
    for (let hop = 0; hop < 5; hop += 1) {
      if (new URL(url).pathname.endsWith("/html5client/")) return { page: url, cookies };
      const answer = await request(url, slow);
      const { location } = answer.headers;
      if (location === undefined) throw new Error(`join answered ${brief(answer)} at ${new URL(url).host}`);
      const cookie = answer.headers["set-cookie"]?.map((line) => line.split(";")[0]).join("; ");
      if (cookie) cookies.set(new URL(url).hostname, cookie);
      url = new URL(location, url).href;
    }
    throw new Error(`join leads on and on, last to ${new URL(url).host}`);
  }

  /** Whether the meeting is over now; it may have been before. */
  async end({ id }: Lesson): Promise<boolean> {
    const over = { meetingID: id, password: passwords.moderatorPW };
    return call(this.api, "end", over).then(
      () => true,
      (error: Error) => error.message.includes("notFound"),
    );
  }

  private async created(wishes: Record<string, string>): Promise<string> {
    const answer = await request(callUrl(this.api, "create", wishes), slow);
    const xml = answer.body.toString("utf8");
    if (element(xml, "returncode") !== "SUCCESS") {
      throw new Error(`create answered ${answer.status} ${element(xml, "messageKey")} ${element(xml, "message")}`);
    }
    return xml;
  }
}
