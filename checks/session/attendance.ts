import { randomBytes } from "node:crypto";

import { call, callUrl } from "../bbb-api";
import { Mismatch } from "../check";
import type { ClusterNode } from "../cluster";
import type { Features } from "../release";
import { brief, request } from "../request";
import { enterMeteor, enterStatic, type Feed } from "./enter";
import { Page } from "./page";
import type { MeetingView, Settings } from "./settings";

/** Where join led a user: the page with the browser's cookies, and the token in its address. */
export interface Joined {
  page: Page;
  sessionToken: string;
}

/** One user's stay in a meeting of its own; every step is taken once, when somebody first asks for it. */
export class Attendance {
  private readonly meetingID = `verify-${randomBytes(6).toString("hex")}`;
  private created: Promise<unknown> | undefined;
  private joining: Promise<Joined> | undefined;
  private entering: Promise<{ settings: Settings; feed: () => Promise<Feed> }> | undefined;
  private feeding: Promise<Feed> | undefined;

  constructor(
    private readonly node: ClusterNode,
    private readonly features: Features,
  ) {}

  /** Joins as a moderator. */
  joined(): Promise<Joined> {
    this.joining ??= this.join({ fullName: "Verifier", role: "MODERATOR" });
    return this.joining;
  }

  /** Joins somebody else, with further parameters of `join`. */
  async join(parameters: Record<string, string>): Promise<Joined> {
    await this.create();
    const answer = await request(
      callUrl(this.node, "join", { meetingID: this.meetingID, redirect: "true", ...parameters }),
    );
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

  /** Ends the meeting, if there is one. */
  async end(): Promise<void> {
    (await this.feeding?.catch(() => undefined))?.close();
    if (await this.created?.then(Boolean, () => false)) await call(this.node, "end", { meetingID: this.meetingID });
  }

  private enter() {
    this.entering ??= this.joined().then((joined) =>
      this.features.meteor ? enterMeteor(joined) : enterStatic(joined),
    );
    return this.entering;
  }

  private create(): Promise<unknown> {
    const wishes = { audioBridge: "livekit", sharedNotesEditor: "etherpad", guestPolicy: "ASK_MODERATOR" };
    this.created ??= call(this.node, "create", { name: "Verification", meetingID: this.meetingID, ...wishes });
    return this.created;
  }
}
