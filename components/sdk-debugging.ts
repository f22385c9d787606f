import * as pulumi from "@pulumi/pulumi";

// In the SDK: what it remembers of each promise for a report of leaks, and of each resource for the state.
const takers = ["debuggablePromise", "callsites"];

/**
 * Leaves out what Pulumi's SDK does for those who debug it: a trace of every promise and every resource, each mapped
 * back to the sources, and four messages a resource, sent to the engine one after the other. At 50 nodes they were more
 * than half of a preview. Errors have their traces, and PULUMI_DEBUG_PROMISE_LEAKS, Pulumi's own switch, brings all back.
 */
export function leaveOutSdkDebugging(): void {
  if (process.env["PULUMI_DEBUG_PROMISE_LEAKS"]) return;
  Object.assign(pulumi.log, { debug: () => Promise.resolve() });
  const mapped = Error.prepareStackTrace;
  Error.prepareStackTrace = (error, frames) => {
    if (takers.includes(frames[0]?.getFunctionName() ?? "")) return String(error);
    return mapped ? mapped(error, frames) : [String(error), ...frames.map((frame) => `    at ${frame}`)].join("\n");
  };
}
