import { randomInt, randomUUID } from "node:crypto";
import { existsSync, readFileSync, renameSync, writeFileSync } from "node:fs";

/** A server as models/server.rb keeps it. */
export interface Server {
  id: string;
  url: string;
  secret: string;
  tag: string;
  state: "enabled" | "cordoned" | "disabled";
  /** Null: not polled since it was enabled, or disabled; only an enabled one with a load gets meetings. */
  load: number | null;
  loadMultiplier: number;
  online: boolean;
  /** Polls that failed, or succeeded, one after the other. */
  unhealthy: number;
  healthy: number;
  bbbVersion: string;
}

/** A meeting as models/meeting.rb keeps it; its server may be gone. */
export interface Meeting {
  id: string;
  serverId: string;
  moderatorPassword: string;
  voiceBridge: string;
}

interface Content {
  servers: Server[];
  meetings: Meeting[];
}

/** What Scalelite has in Redis, in a file; undefined: in memory. */
export class Database {
  private content: Content = { servers: [], meetings: [] };

  constructor(private readonly file?: string) {
    if (file !== undefined && existsSync(file)) this.content = JSON.parse(readFileSync(file, "utf8"));
  }

  /** Writes down what has changed, in one step. */
  save(): void {
    if (this.file === undefined) return;
    writeFileSync(`${this.file}.new`, JSON.stringify(this.content), { mode: 0o600 });
    renameSync(`${this.file}.new`, this.file);
  }

  servers(): readonly Server[] {
    return this.content.servers;
  }

  server(id: string): Server | undefined {
    return this.content.servers.find((server) => server.id === id);
  }

  /** A new one is disabled, whatever else is there: nothing forbids a second one with the same URL. */
  addServer(given: Pick<Server, "url" | "secret" | "tag" | "loadMultiplier">): Server {
    const server: Server = {
      ...{ id: randomUUID(), ...given, state: "disabled", load: null, online: false },
      ...{ unhealthy: 0, healthy: 0, bbbVersion: "" },
    };
    this.content.servers.push(server);
    return server;
  }

  /** Its meetings stay. */
  removeServer(server: Server): void {
    this.content.servers = this.content.servers.filter(({ id }) => id !== server.id);
  }

  setState(server: Server, state: Server["state"]): void {
    server.state = state;
    if (state === "disabled") server.load = null;
  }

  /** What find_available takes; a server with a tag is for those who ask for it. */
  leastLoaded(): Server | undefined {
    return this.content.servers
      .filter(({ state, load, tag }) => state === "enabled" && load !== null && tag === "")
      .sort((one, other) => (one.load ?? 0) - (other.load ?? 0))[0];
  }

  /** Nothing for a server that gets no meetings. */
  addLoad(server: Server): void {
    if (server.state === "enabled" && server.load !== null) server.load += server.loadMultiplier;
  }

  meetings(): readonly Meeting[] {
    return this.content.meetings;
  }

  meeting(id: string): Meeting | undefined {
    return this.content.meetings.find((meeting) => meeting.id === id);
  }

  /** The meeting, be it on another server; a new one gets a voice bridge of its own. */
  findOrAddMeeting(id: string, server: Server, moderatorPassword: string): Meeting {
    const found = this.meeting(id);
    if (found !== undefined) return found;
    const meeting = { id, serverId: server.id, moderatorPassword, voiceBridge: String(randomInt(10 ** 8, 10 ** 9)) };
    this.content.meetings.push(meeting);
    return meeting;
  }

  removeMeeting(meeting: Meeting): void {
    this.content.meetings = this.content.meetings.filter(({ id }) => id !== meeting.id);
  }
}
