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
    const { stackTraceLimit } = Error;
    Error.stackTraceLimit = 0;
    try {
      return remember(promise, context);
    } finally {
      Error.stackTraceLimit = stackTraceLimit;
    }
  };
}
