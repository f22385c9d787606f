import { join } from "node:path";
import { stripVTControlCharacters } from "node:util";

import { call } from "../../checks/bbb-api";
import { type Check, type CheckResult, runChecks } from "../../checks/check";
import { openBrowser, type PersonalBrowser } from "./chromium";
import { guestCheck } from "./guest-check";
import { mediaChecks, pairChecks } from "./pair-checks";
import { foundPreferenceCheck, setPreferenceCheck } from "./preference-checks";
import { promptsCheck } from "./prompt-checks";
import type { Place, Scene } from "./scene";
import { createMeeting, type TestMeeting, Visit } from "./visit";
import { leavingChecks, troubleCheck, visitChecks } from "./visit-checks";

/** What the browser test is told: the stack's outputs, the roots in PEM, where browsers live, and where pictures go. */
export interface BrowserTest {
  outputs: unknown;
  certificates: string;
  home: string;
  artefacts: string;
}

/** The course of the browser test, with what has to be undone at its end. */
export class Course {
  private readonly meetings: TestMeeting[] = [];
  private readonly browsers: PersonalBrowser[] = [];
  private meteor = false;

  constructor(
    private readonly test: BrowserTest,
    private readonly scene: Scene,
  ) {}

  /** One person in two meetings, a meeting on each node. */
  async visits(): Promise<void> {
    const { places, shared } = this.scene;
    const ada = await this.browser("Ada");
    const [first, second] = [
      await this.visit(ada, places[0], "Linear Algebra"),
      await this.visit(ada, places[1], "Quantum Mechanics"),
    ];
    await inOrder([
      ...visitChecks(first, places[0].address),
      setPreferenceCheck(first),
      ...visitChecks(second, places[1].address),
      foundPreferenceCheck(second, shared),
      promptsCheck(
        ada,
        places.map(({ address }) => address),
      ),
      ...leavingChecks(first),
      ...leavingChecks(second),
    ]);
    this.meteor = first.isMeteor;
    await first.close();
    await second.close();
  }

  /** Two people, each with a browser of their own, in one meeting; Meteor's releases have no media server that is real. */
  async pair(): Promise<void> {
    const [, place] = this.scene.places;
    const options = this.meteor ? {} : { audioBridge: "livekit" };
    const meeting = await this.meeting(place, "Linear Algebra: Tutorial", options);
    const [ada, ben] = [this.browsers[0] ?? (await this.browser("Ada")), await this.browser("Ben")];
    const pair = [new Visit(ada, meeting, this.artefacts), new Visit(ben, meeting, this.artefacts)] as const;
    const media = this.meteor ? [] : mediaChecks(pair, this.scene.shared);
    await inOrder([...pairChecks(pair), ...media, troubleCheck(`${place.node.name}: errors`, pair)]);
    for (const visit of pair) await visit.close();
  }

  /** A guest who is not let in yet; since 3.0 that is an affair of the client alone. */
  async lobby(): Promise<void> {
    const [place] = this.scene.places;
    const [ada] = this.browsers;
    if (!ada || !this.meteor) return;
    await inOrder([guestCheck(ada, await this.meeting(place, "Examination", { guestPolicy: "ASK_MODERATOR" }))]);
  }

  async end(): Promise<void> {
    for (const { context } of this.browsers) await context.close();
    for (const { node, meetingID } of this.meetings) await call(node, "end", { meetingID });
  }

  private get artefacts(): string {
    return join(this.test.artefacts, this.scene.shared ? "clustered" : "standalone");
  }

  private async browser(person: string): Promise<PersonalBrowser> {
    const browser = await openBrowser(person, this.test.home);
    this.browsers.push(browser);
    return browser;
  }

  private async visit(browser: PersonalBrowser, place: Place, name: string): Promise<Visit> {
    return new Visit(browser, await this.meeting(place, name), this.artefacts);
  }

  private async meeting({ node }: Place, name: string, options?: Record<string, string>): Promise<TestMeeting> {
    const meeting = await createMeeting(node, name, options);
    this.meetings.push(meeting);
    return meeting;
  }
}

/** Runs the checks one after the other, each result in JSON on a line of its own. */
function inOrder(checks: Check[]): Promise<void> {
  const print = (result: CheckResult) => {
    // Playwright's messages are written for a terminal.
    console.log(JSON.stringify({ ...result, seen: stripVTControlCharacters(result.seen) }));
  };
  return runChecks(checks, print, 1);
}
