import { ask } from "./request";

/** Loads the rest of the client, which lies beside the page. */
export async function loadChunks(names: readonly string[]): Promise<void> {
  await Promise.all(names.map(loadChunk));
}

function loadChunk(name: string): Promise<void> {
  return new Promise((resolve, reject) => {
    const script = document.createElement("script");
    script.src = name;
    script.onload = () => resolve();
    script.onerror = () => reject(new Error(`${name} could not be loaded`));
    document.head.append(script);
  });
}

/**
 * Moves to `page` below the path that the settings give the client, and loads from there what virtual backgrounds need;
 * resolves to what to tell.
 */
export async function settleBelow(basename: string, page: string): Promise<string> {
  history.replaceState(null, "", `${basename}/${page}${location.search}`);
  await WebAssembly.compileStreaming(ask(`${basename}/wasm/tflite-simd.wasm`));
  return `Served below ${basename}/`;
}
