import { fetchIceServers } from "./ice";
import { LiveKit } from "./livekit";
import { offerDevices } from "./media";
import type { Meeting } from "./meeting";
import { openPad, openSharedText } from "./notes";
import { element } from "./page";
import { isSince } from "./releases";
import { ask, askJson, withToken } from "./request";
import type { Settings } from "./settings";
import { Slides } from "./slides";
import { openSip, pingSfu } from "./sockets";
import type { Steps } from "./steps";
import { upload } from "./upload";

/** What attending a meeting takes. */
export interface Attendance {
  sessionToken: string;
  settings: Settings;
  steps: Steps;
}

/** Attends a meeting: each of its versions is handed over as it comes. `leave` ends sound and picture. */
export class Attendee {
  private readonly slides: Slides;
  private meeting: Meeting | undefined;
  private livekit: LiveKit | null = null;
  /** The user has left: what ends from now on is no failure. */
  hasLeft = false;

  constructor(private readonly with_: Attendance) {
    this.slides = new Slides(with_.steps, with_.sessionToken);
  }

  /** Shows what has changed; the first time, also connects everything that the meeting needs. */
  update(meeting: Meeting): void {
    const first = this.meeting === undefined;
    this.meeting = meeting;
    showPeople(meeting);
    this.slides.show(meeting.presentation);
    if (first) this.begin(meeting);
  }

  async leave(): Promise<void> {
    this.hasLeft = true;
    await this.livekit?.leave();
  }

  private begin(meeting: Meeting): void {
    const { steps, settings, sessionToken } = this.with_;
    void this.connectMedia(meeting);
    void steps.run("sfu", () => pingSfu(withToken(settings.text("public.kurento.wsUrl"), sessionToken)));
    // SIP.js went with 3.0.37.
    if (!isSince("3.0.37")) {
      const host = settings.optional("public.media.sip_ws_host") || location.hostname;
      void steps.run("sip", () => openSip(withToken(`wss://${host}/ws`, sessionToken)));
    }
    if (isSince("3.0.0")) void steps.run("connection", () => roundTrip(settings.text("public.app.bbbWebBase")));
    void steps.run("dashboard", () => findDashboard(settings, meeting.meetingId));
    offerDevices(steps, meeting.userName, () => this.livekit);
    this.offerUpload();
    element("open-notes").onclick = () => this.toggleNotes(meeting);
  }

  private async connectMedia(meeting: Meeting): Promise<void> {
    const { steps, settings, sessionToken } = this.with_;
    let iceServers: RTCIceServer[] = [];
    await steps.run("stun", async () => {
      iceServers = await fetchIceServers(settings.text("public.media.stunTurnServersFetchAddress"), sessionToken);
      return iceServers.map(({ urls }) => urls).join(", ");
    });
    if (meeting.audioBridge !== "livekit") return;
    const livekit = new LiveKit((reason) => steps.fail("livekit", reason));
    await steps.run("livekit", async () => {
      const url = settings.optional("public.media.livekit.url") || `wss://${location.hostname}/livekit`;
      const told = await livekit.connect(url, meeting.livekitToken ?? "", iceServers);
      this.livekit = livekit;
      return told;
    });
  }

  private offerUpload(): void {
    const { steps, settings } = this.with_;
    const input = element<HTMLInputElement>("upload");
    input.onchange = () => {
      const [file] = input.files ?? [];
      const meeting = this.meeting;
      if (!file || !meeting) return;
      void steps.run("upload", () => upload(settings.text("public.presentation.uploadEndpoint"), file, meeting));
    };
  }

  private toggleNotes(meeting: Meeting): void {
    const { steps, settings, sessionToken } = this.with_;
    const place = element("notes");
    place.hidden = !place.hidden;
    element("open-notes").ariaPressed = String(!place.hidden);
    if (place.hidden || place.childElementCount > 0) return;
    void steps.run("notes", async () =>
      meeting.sharedNotesEditor === "blockNote"
        ? await openSharedText(settings.optional("public.sharedNotes.serverHostname"), meeting.padId, sessionToken)
        : await openPad(settings.text("public.pads.url"), meeting.padId, sessionToken),
    );
  }
}

function showPeople({ name, users }: Meeting): void {
  document.title = `BigBlueButton - ${name}`;
  element("meeting-name").textContent = name;
  element("user-count").textContent = `(${users.length})`;
  element("users").replaceChildren(...users.map(userRow));
}

function userRow(name: string): HTMLElement {
  const row = document.createElement("li");
  row.dataset["initials"] = name.slice(0, 2);
  row.textContent = name;
  return row;
}

async function roundTrip(bbbWebBase: string): Promise<string> {
  const started = performance.now();
  await (await ask(`${bbbWebBase}/rtt-check`)).text();
  return `${Math.round(performance.now() - started)} ms to ${new URL(bbbWebBase, location.href).hostname}`;
}

async function findDashboard(settings: Settings, meetingId: string): Promise<string> {
  const base = settings.text("public.app.learningDashboardBase");
  await askJson(`${base}/${meetingId}/learning_dashboard_data.json`, { credentials: "include" });
  return `At ${base}/`;
}
