import * as pulumi from "@pulumi/pulumi";

/**
 * An output, or something else where it stems from a resource that failed: with PULUMI_CONTINUE_ON_ERROR the engine
 * would otherwise export a marker in its place. In a preview it stays as it is: nothing has failed there.
 */
export function ifKnown<T, U>(output: pulumi.Output<T>, otherwise: U): pulumi.Output<T | U> {
  return pulumi.runtime.isDryRun() ? output : fromPromise(settled(output), otherwise);
}

function fromPromise<T, U>(known: Promise<{ value: T } | undefined>, otherwise: U): pulumi.Output<T | U> {
  return pulumi.output(known.then((found) => (found === undefined ? otherwise : found.value))) as pulumi.Output<T | U>;
}

/** The value of an output; undefined where nobody knows it, or the run leaves its resource out (`--exclude`). */
export async function settled<T>(output: pulumi.Output<T>): Promise<{ value: T } | undefined> {
  // Not in the SDK's types, but in each of its releases; `apply` is never called for an unknown.
  const { isKnown } = output as unknown as { isKnown?: Promise<boolean> };
  // Taken for unknown, all that must not change on a running cluster could.
  if (isKnown === undefined) {
    throw new Error("this @pulumi/pulumi does not say what is known: use the release in package-lock.json (npm ci)");
  }
  if (!(await isKnown)) {
    return undefined;
  }
  return new Promise((resolve) => output.apply((value) => resolve(value === undefined ? undefined : { value })));
}
