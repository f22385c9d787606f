import type { LiveKit } from "./livekit";
import { addTile, element, removeTiles } from "./page";
import type { Steps } from "./steps";

/** One device that the user can share by a button, and stop sharing by the same. */
interface Device {
  step: "audio" | "webcam";
  button: string;
  wish: MediaStreamConstraints;
  name: string;
}

const DEVICES: readonly Device[] = [
  { step: "audio", button: "join-audio", wish: { audio: true }, name: "microphone" },
  { step: "webcam", button: "share-webcam", wish: { video: true }, name: "camera" },
];

/** Puts the buttons for microphone and camera to work; `livekit` is null where the meeting uses another bridge. */
export function offerDevices(steps: Steps, userName: string, livekit: () => LiveKit | null): void {
  for (const device of DEVICES) {
    const button = element(device.button);
    let shared: MediaStreamTrack | null = null;
    button.onclick = () =>
      steps.run(device.step, async () => {
        if (shared) {
          await withdraw(shared, livekit());
          shared = null;
        } else {
          shared = await share(device, userName, livekit());
        }
        button.ariaPressed = String(shared !== null);
        return `Your ${device.name} is ${shared ? "on" : "off"}`;
      });
  }
}

async function share({ wish, name }: Device, userName: string, livekit: LiveKit | null): Promise<MediaStreamTrack> {
  const stream = await navigator.mediaDevices.getUserMedia(wish).catch((error: Error) => {
    throw new Error(`the browser does not give the ${name}: ${error.message}`);
  });
  const [track] = stream.getTracks() as [MediaStreamTrack];
  if (track.kind === "video") addTile(userName, preview(stream), "local");
  await livekit?.publish(track);
  return track;
}

function preview(stream: MediaStream): HTMLVideoElement {
  const video = document.createElement("video");
  Object.assign(video, { srcObject: stream, muted: true, autoplay: true, playsInline: true });
  return video;
}

async function withdraw(track: MediaStreamTrack, livekit: LiveKit | null): Promise<void> {
  await livekit?.unpublish(track);
  track.stop();
  if (track.kind === "video") removeTiles([...document.querySelectorAll('[data-origin="local"] video')]);
}
