import { writeFileSync } from "node:fs";
import { chromium } from "playwright-core";

/** Shoots two seconds of WebM, as Chromium encodes it: a colour that changes. */
export async function shootFilm(file: string): Promise<void> {
  const browser = await chromium.launch({ executablePath: "/usr/bin/chromium", args: ["--no-sandbox"] });
  try {
    const page = await browser.newPage();
    writeFileSync(file, Buffer.from(await page.evaluate(shoot), "base64"));
  } finally {
    await browser.close();
  }
}

/** In the page; without names of its own from around it. */
async function shoot(): Promise<string> {
  const canvas = Object.assign(document.createElement("canvas"), { width: 160, height: 120 });
  const paint = canvas.getContext("2d") as CanvasRenderingContext2D;
  const recorder = new MediaRecorder(canvas.captureStream(10), { mimeType: "video/webm;codecs=vp8" });
  const parts: Blob[] = [];
  recorder.addEventListener("dataavailable", ({ data }) => parts.push(data));
  const stopped = new Promise((resolve) => recorder.addEventListener("stop", resolve));
  recorder.start();
  let hue = 0;
  const timer = setInterval(() => {
    hue += 20;
    paint.fillStyle = `hsl(${hue} 80% 50%)`;
    paint.fillRect(0, 0, 160, 120);
    if (hue >= 400) recorder.stop();
  }, 100);
  await stopped;
  clearInterval(timer);
  const bytes = new Uint8Array(await new Blob(parts).arrayBuffer());
  return btoa(Array.from(bytes, (byte) => String.fromCharCode(byte)).join(""));
}
