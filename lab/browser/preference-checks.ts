import { type Check, seen } from "../../checks/check";
import type { Visit } from "./visit";

/** Sets a preference in one meeting. */
export function setPreferenceCheck(visit: Visit): Check {
  return {
    name: `${visit.meeting.node.name}: preference`,
    expected: "large text can be chosen",
    async run() {
      await visit.page.locator("#large-text").check();
      return await visit.step("preferences");
    },
  };
}

/** Whether that preference is known in the next meeting: where both clients are of one origin, and not otherwise. */
export function foundPreferenceCheck(visit: Visit, shared: boolean): Check {
  return {
    name: `${visit.meeting.node.name}: preference`,
    expected: `large text is ${shared ? "" : "not "}known here too`,
    async run() {
      const found = await visit.page.locator("#large-text").isChecked();
      await visit.page.locator("#large-text").uncheck();
      return seen(found === shared, found ? "known" : "not known");
    },
  };
}
