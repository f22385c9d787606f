type Prepare = NonNullable<ErrorConstructor["prepareStackTrace"]>;

/**
 * Leaves out the traces that Pulumi's SDK takes of every promise and of every resource: each is mapped back to the
 * sources, which was half of what a preview costs, and the state would keep them. Errors have theirs.
 */
export function leaveOutTracesOfPromises(): void {
  const mapped = Error.prepareStackTrace as Prepare | undefined;
  Error.prepareStackTrace = (error, frames) => {
    if (takers.includes(frames[0]?.getFunctionName() ?? "")) return String(error);
    return mapped ? mapped(error, frames) : [String(error), ...frames.map((frame) => `    at ${frame}`)].join("\n");
  };
}

const takers = ["debuggablePromise", "callsites"];
