import { type Check, seen } from "../../checks/check";
import type { PersonalBrowser } from "./chromium";

/** How often the browser asked its user for each device: once for each origin that the clients came from. */
export function promptsCheck({ user }: PersonalBrowser, addresses: readonly string[]): Check {
  const origins = [...new Set(addresses.map((address) => new URL(address).origin))];
  return {
    name: "prompts",
    expected: `microphone and camera are asked for ${origins.length === 1 ? "once" : "twice"}, at ${origins.join(" and ")}`,
    async run() {
      const asked = user.prompts.map(({ device, origin }) => `${device} at ${origin}`);
      const wanted = origins.flatMap((origin) => [`microphone at ${origin}`, `camera at ${origin}`]);
      return seen(asked.toSorted().join() === wanted.toSorted().join(), asked.join(", ") || "none");
    },
  };
}
