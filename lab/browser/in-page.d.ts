/** What `in-page/media-probe.js` offers in every page. */
interface MediaProbe {
  picture(user: string): Promise<{ width: number; frames: number }>;
  sound(user: string, seconds: number): Promise<{ muted: boolean; loudest: number }>;
  farEnds(): Promise<string[]>;
  offers(): string[];
}

declare const mediaProbe: MediaProbe;
