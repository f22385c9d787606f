const beatSeconds = 20;

/** Tells how a long step goes: a line when it starts, one every 20 seconds, one when it is done. */
export async function withHeartbeat<T>(
  progress: (line: string) => void,
  title: string,
  expected: string,
  step: () => Promise<T>,
): Promise<T> {
  const started = Date.now();
  progress(`${title}: started (expected: ${expected})`);
  const timer = setInterval(() => progress(`${title}: ${elapsed(started)} so far`), beatSeconds * 1000);
  try {
    const result = await step();
    progress(`${title}: done in ${elapsed(started)}`);
    return result;
  } finally {
    clearInterval(timer);
  }
}

function elapsed(started: number): string {
  const seconds = Math.round((Date.now() - started) / 1000);
  return seconds < 60 ? `${seconds} s` : `${Math.floor(seconds / 60)} min ${seconds % 60} s`;
}
