import * as pulumi from "@pulumi/pulumi";
import * as debuggable from "@pulumi/pulumi/runtime/debuggable";

/** What the SDK does to each promise, for a report of those that are left at the end; not in its types. */
type OfPromise = (promise: Promise<unknown>, context: unknown) => Promise<unknown>;

/**
 * Leaves out what Pulumi's SDK does for those who debug it: a trace of every promise and every resource, and four
 * messages a resource, sent to the engine one after the other. At 50 nodes they were more than half of a preview.
 * Errors have their traces, and PULUMI_DEBUG_PROMISE_LEAKS, Pulumi's own switch, brings all back.
 */
export function leaveOutSdkDebugging(): void {
  if (process.env["PULUMI_DEBUG_PROMISE_LEAKS"]) return;
  Object.assign(pulumi.log, { debug: () => Promise.resolve() });
  Object.assign(pulumi.Resource, { callsites: () => [] });
  const { debuggablePromise } = debuggable as unknown as { debuggablePromise: OfPromise };
  Object.assign(debuggable, { debuggablePromise: withoutTrace(debuggablePromise) });
}

/** Taking a trace costs as much as everything else that is done to a promise. */
function withoutTrace(remember: OfPromise): OfPromise {
  return (promise, context) => {
    const { stackTraceLimit, prepareStackTrace } = Error;
    Object.assign(Error, { stackTraceLimit: 0, prepareStackTrace: undefined });
    try {
      return remember(promise, context);
    } finally {
      Object.assign(Error, { stackTraceLimit, prepareStackTrace });
    }
  };
}

/**
 * Puts the SDK's frames where the SDK is. Its source maps lead beside it, to node_modules/@pulumi/output.ts, and there
 * Node.js 20 looks for the end of a module's name for ever: an error was printed after minutes and gigabytes, if at all.
 */
export function placeSdkFrames(): void {
  const mapped = Error.prepareStackTrace;
  if (mapped === undefined) return;
  Error.prepareStackTrace = (error, frames) =>
    String(mapped(error, frames)).replaceAll(/node_modules\/@pulumi\/(?=[^/]+\.ts:)/g, "node_modules/@pulumi/pulumi/");
}
