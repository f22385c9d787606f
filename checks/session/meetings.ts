import { randomBytes } from "node:crypto";

import { type BbbApi, call, verifyPrefix } from "../bbb-api";

/** Nothing of these meetings is kept, and if nobody can end one it ends by itself. */
const small = { name: "Verification", record: "false", autoStartRecording: "false", allowStartStopRecording: "false" };
const endsAfterMinutes = 10;

/** The meetings that a verification has made and not ended yet. */
export class Meetings {
  private readonly open = new Map<string, { api: BbbApi; created: Promise<unknown> }>();
  private isOver = false;

  /** Makes a small meeting, with further parameters of `create`; resolves to its id. */
  async create(api: BbbApi, parameters: Record<string, string>): Promise<string> {
    if (this.isOver) throw new Error("the verification is over");
    const meetingID = `${verifyPrefix}${randomBytes(6).toString("hex")}`;
    const wishes = { ...small, duration: String(endsAfterMinutes), ...parameters, meetingID };
    const created = call(api, "create", wishes);
    this.open.set(meetingID, { api, created });
    await created;
    return meetingID;
  }

  /** Ends a meeting, if there is one. */
  async end(meetingID: string): Promise<void> {
    const meeting = this.open.get(meetingID);
    if (!meeting) return;
    // An answer that did not come does not mean that there is no meeting.
    const exists = await meeting.created.then(
      () => true,
      () => false,
    );
    this.open.delete(meetingID);
    const ended = call(meeting.api, "end", { meetingID });
    await (exists ? ended : ended.catch(() => undefined));
  }

  /** Ends what is left, for good; never rejects. */
  async endAll(): Promise<void> {
    this.isOver = true;
    await Promise.allSettled([...this.open.keys()].map((id) => this.end(id)));
  }
}
