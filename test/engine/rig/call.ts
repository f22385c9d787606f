/** One contact with a machine, as the command plugin would have made it. */
export interface Call {
  urn: string;
  operation: "create" | "update" | "delete";
  /** The address that is dialled. */
  host: string;
  /** The text of the command; null where files are copied. */
  command: string | null;
  stdin: string;
  /** Of stdin. */
  sha256: string;
  /** Where files are copied to. */
  remotePath: string | null;
  /** The hash of the files that are copied. */
  source: string | null;
  /** Whether the machine has carried it out. */
  done: boolean;
}

/** The resource that made a call. */
export function nameOf({ urn }: { urn: string }): string {
  return urn.slice(urn.lastIndexOf("::") + 2);
}

/** `update bbb-01-configured` */
export function describeCall(call: Call): string {
  return `${call.operation} ${nameOf(call)}`;
}

/** `configure-node`: the last word of what is run; empty where files are copied. */
export function hostCommand({ command }: Call): string {
  return command?.split(" ").at(-1) ?? "";
}

/** What the machine prints. */
export function resultOf(call: Call): string {
  const common = { request: call.sha256 };
  switch (hostCommand(call)) {
    case "configure-node": {
      const { hostname } = JSON.parse(call.stdin) as { hostname: string };
      const secret = `api-secret-${hostname.split(".")[0]}`;
      const url = `https://${hostname}/bigbluebutton/`;
      return JSON.stringify({ ...common, release: "3.0.30", secret, url, changed: [], restarted: [] });
    }
    case "configure-proxy":
    case "add-route":
    case "remove-route":
    case "enter-service":
    case "leave-service":
      return JSON.stringify(common);
    default:
      return "";
  }
}
