import { probe, renderProbe } from "./probe";

/** Probes from where it is started: `URL RATE SECONDS`; SIGINT, SIGTERM or the end of stdin end it early, with the summary. */
async function main([url = "", rate = "10", seconds = "60"]: string[]): Promise<void> {
  const stop = new AbortController();
  for (const signal of ["SIGINT", "SIGTERM"] as const) process.on(signal, () => stop.abort());
  process.stdin.on("end", () => stop.abort()).resume();
  const summary = await probe({ url, rate: Number(rate), seconds: Number(seconds) }, stop.signal, console.error);
  console.log(renderProbe(summary));
  process.exitCode = summary.failed > 0 ? 1 : 0;
  process.stdin.destroy();
}

main(process.argv.slice(2));
