/** What a client does on its way into a meeting and in it, in the order in which it is shown. */
export const LABELS = {
  api: "Server",
  settings: "Settings",
  basename: "Client's files",
  graphql: "Meeting",
  connection: "Round trip",
  stun: "Addresses for media",
  sfu: "Media server",
  sip: "Telephone bridge",
  livekit: "LiveKit",
  slides: "Slides",
  upload: "Upload",
  notes: "Shared notes",
  audio: "Microphone",
  webcam: "Webcam",
  dashboard: "Learning dashboard",
  preferences: "Your preferences",
  feedback: "Feedback",
} as const;

export type Step = keyof typeof LABELS;
export type State = "pending" | "ok" | "failed";

/** Runs the steps and has each one's state shown; a step that fails says why. */
export class Steps {
  constructor(private readonly show: (step: Step, state: State, text: string) => void) {}

  /** Runs a step whose work resolves to what to tell about it; resolves to whether it went well. */
  async run(step: Step, work: () => Promise<string>): Promise<boolean> {
    this.show(step, "pending", "…");
    try {
      this.show(step, "ok", await work());
      return true;
    } catch (error) {
      this.fail(step, error);
      return false;
    }
  }

  /** Says that something which had been going well no longer does. */
  fail(step: Step, error: unknown): void {
    this.show(step, "failed", error instanceof Error ? error.message : String(error));
  }
}
