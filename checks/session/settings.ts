import { Mismatch } from "../check";

/** The client's settings as the node merged them; read by dotted paths. */
export class Settings {
  constructor(private readonly values: unknown) {}

  /** The text at a path; throws a `Mismatch` when there is none. */
  text(path: string): string {
    const value = path
      .split(".")
      .reduce<unknown>((map, key) => (map as Record<string, unknown> | null)?.[key], this.values);
    if (typeof value !== "string" || value === "") throw new Mismatch(`the client's setting ${path} is missing`);
    return value;
  }
}

/** A meeting as a client sees it. */
export interface MeetingView {
  meetingId: string;
  userName: string;
  users: string[];
  presentation: { presentationId: string; uploadToken: string; pages: string[] };
  padId: string;
  livekitToken: string | null;
}
