import type { Attendee } from "./attend";
import type { Meeting } from "./meeting";
import type { Steps } from "./steps";

/** Starts a subscription that tells each version of the meeting, and why it ended. */
type Subscribe = (changed: (meeting: Meeting) => void, closed: (reason: Error) => void) => void;

/** Resolves once the meeting is known, throws if it cannot be entered; a connection that ends later shows as a failed step. */
export async function enterMeeting(steps: Steps, attendee: Attendee, url: string, subscribe: Subscribe): Promise<void> {
  const work = () =>
    new Promise<string>((resolve, reject) => {
      const changed = (meeting: Meeting) => {
        attendee.update(meeting);
        resolve(`Over ${url}`);
      };
      subscribe(changed, (reason) => {
        reject(reason);
        if (!attendee.hasLeft) steps.fail("graphql", reason);
      });
    });
  if (!(await steps.run("graphql", work))) throw new Error("the meeting cannot be entered");
}
