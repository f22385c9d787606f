import { callUrl } from "../bbb-api";
import { Mismatch } from "../check";
import type { ClusterNode } from "../cluster";
import type { Features } from "../release";
import { brief, request } from "../request";
import { enterMeteor, enterStatic, type Feed, type Joined } from "./enter";
import type { Meetings } from "./meetings";
import { Page } from "./page";
import type { MeetingView, Settings } from "./settings";

/** One user's stay in a meeting of its own; every step is taken once, when somebody first asks for it. */
export class Attendance {
  private created: Promise<string> | undefined;
  private joining: Promise<Joined> | undefined;
  private entering: Promise<{ settings: Settings; feed: () => Promise<Feed> }> | undefined;
  private feeding: Promise<Feed> | undefined;

  constructor(
    private readonly node: ClusterNode,
    private readonly features: Features,
    private readonly meetings: Meetings,
  ) {}

  /** Joins as a moderator. */
  joined(): Promise<Joined> {
    this.joining ??= this.join({ fullName: "Verifier", role: "MODERATOR" });
    return this.joining;
  }

  /** Joins somebody else, with further parameters of `join`. */
  async join(parameters: Record<string, string>): Promise<Joined> {
    const meetingID = await this.create();
    const answer = await request(callUrl(this.node, "join", { meetingID, redirect: "true", ...parameters }));
    const target = answer.headers.location;
    const sessionToken = target && new URL(target).searchParams.get("sessionToken");
    if (!target || !sessionToken) throw new Mismatch(`join answered ${brief(answer)}`);
    const cookie = answer.headers["set-cookie"]?.map((line) => line.split(";")[0]).join("; ") ?? "";
    return { page: new Page(target, new Map([[this.node.hostname, cookie]])), sessionToken };
  }

  /** What the client is told to do. */
  async settings(): Promise<Settings> {
    return (await this.enter()).settings;
  }

  /** The meeting as it is told by the node, over a websocket. */
  async feed(): Promise<Feed> {
    const { feed } = await this.enter();
    this.feeding ??= feed();
    return this.feeding;
  }

  /** The meeting as it was when the user came. */
  async meeting(): Promise<MeetingView> {
    return (await this.feed()).first;
  }

  /** Ends the meeting; resolves to its id, and to undefined when it was never made. */
  async end(): Promise<string | undefined> {
    (await this.feeding?.catch(() => undefined))?.close();
    const meetingID = await this.created?.catch(() => undefined);
    if (meetingID) await this.meetings.end(meetingID);
    return meetingID;
  }

  private enter() {
    this.entering ??= this.joined().then((joined) =>
      this.features.meteor ? enterMeteor(joined) : enterStatic(joined),
    );
    return this.entering;
  }

  private create(): Promise<string> {
    const wishes = { audioBridge: "livekit", sharedNotesEditor: "etherpad", guestPolicy: "ASK_MODERATOR" };
    this.created ??= this.meetings.create(this.node, wishes);
    return this.created;
  }
}
