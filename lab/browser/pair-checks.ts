import { type Check, Mismatch, seen } from "../../checks/check";
import type { Visit } from "./visit";
import { uploadCheck, websocketCheck } from "./visit-checks";

type Pair = readonly [Visit, Visit];

/** Two people in one meeting: who is there and what is shown is the same for both. */
export function pairChecks([one, other]: Pair): Check[] {
  const { node } = one.meeting;
  return [
    meetCheck([one, other]),
    uploadCheck(`${node.name}: slide for everybody`, one, other),
    notesCheck([one, other]),
    websocketCheck(`${node.name}: websockets`, one, node.hostname),
  ];
}

/** Sound and picture of each of two people reach the other, by way of the node alone. */
export function mediaChecks([one, other]: Pair, clustered: boolean): Check[] {
  return [
    shareCheck([one, other]),
    pictureCheck(one, other),
    pictureCheck(other, one),
    soundCheck(one, other),
    soundCheck(other, one),
    farEndCheck(one),
    farEndCheck(other),
    offersCheck(one, clustered),
    offersCheck(other, clustered),
  ];
}

function meetCheck(pair: Pair): Check {
  const people = pair.map((visit) => visit.browser.person).toSorted();
  return {
    name: `${pair[0].meeting.node.name}: two browsers in one meeting`,
    expected: `each sees ${people.join(" and ")}`,
    async run() {
      for (const visit of pair) await visit.join();
      for (const visit of pair) {
        await visit.page.locator("#users li").nth(1).waitFor();
        const users = (await visit.page.locator("#users li").allInnerTexts()).toSorted();
        seen(users.join() === people.join(), `${visit.browser.person} sees ${users.join(", ")}`);
      }
      return "so it is";
    },
  };
}

function notesCheck([one, other]: Pair): Check {
  const text = "Exercise 3: which vectors does a rotation leave alone?";
  return {
    name: `${one.meeting.node.name}: notes for everybody`,
    expected: `what ${one.browser.person} writes is read by ${other.browser.person}, where the notes are BlockNote's`,
    async run() {
      for (const { page } of [one, other]) await page.click("#open-notes");
      const [told] = [await one.step("notes"), await other.step("notes")];
      const editor = one.page.locator("#notes textarea");
      if ((await editor.count()) === 0) return told;
      await editor.pressSequentially(text);
      await other.page.waitForFunction((text) => document.querySelector("textarea")?.value === text, text);
      return `“${text}”`;
    },
  };
}

function shareCheck(pair: Pair): Check {
  return {
    name: `${pair[0].meeting.node.name}: LiveKit`,
    expected: "both share microphone and camera, and receive the other's",
    async run() {
      for (const visit of pair) {
        await visit.step("livekit");
        await visit.page.click("#join-audio");
        await visit.page.click("#share-webcam");
        await visit.step("audio");
        await visit.step("webcam");
      }
      for (const visit of pair) await visit.page.locator('[data-origin="remote"] video').waitFor();
      return await pair[0].step("livekit");
    },
  };
}

function pictureCheck(from: Visit, to: Visit): Check {
  const [sender, receiver] = [from.browser.person, to.browser.person];
  return {
    name: `picture of ${sender} at ${receiver}'s`,
    expected: "it moves",
    async run() {
      const picture = await to.page.evaluate((user) => mediaProbe.picture(user), sender);
      await to.photograph(`pair-${receiver}`);
      return seen(
        picture.width > 0 && picture.frames > 2,
        `${picture.width} pixels wide, ${picture.frames} frames a second`,
      );
    },
  };
}

function soundCheck(from: Visit, to: Visit): Check {
  const [sender, receiver] = [from.browser.person, to.browser.person];
  return {
    name: `sound of ${sender} at ${receiver}'s`,
    expected: "it is heard",
    async run() {
      const { muted, loudest } = await to.page.evaluate((user) => mediaProbe.sound(user, 5), sender);
      return seen(!muted && loudest >= 0.01, `${muted ? "muted" : "not muted"}, loudest sample ${loudest.toFixed(3)}`);
    },
  };
}

function farEndCheck(visit: Visit): Check {
  const { ipv4, ipv6 } = visit.meeting.node;
  return {
    name: `way of ${visit.browser.person}'s media`,
    expected: `straight to the node, ${ipv4} or ${ipv6}`,
    async run() {
      const ends = await visit.page.evaluate(() => mediaProbe.farEnds());
      if (ends.length === 0) throw new Mismatch("no connection carries media");
      return seen(
        ends.every((end) => [ipv4, ipv6].includes(end.split(" ")[0] ?? "") && !end.endsWith("relayed")),
        ends.join(", "),
      );
    },
  };
}

/** What nobody outside reaches costs each user time, and tells of the private network; a node by itself offers it. */
function offersCheck(visit: Visit, clustered: boolean): Check {
  const { ipv4, ipv6, privateAddress } = visit.meeting.node;
  const wanted = [ipv4, ipv6, ...(clustered ? [] : [privateAddress])].filter((address) => address !== null);
  return {
    name: `addresses offered for ${visit.browser.person}'s media`,
    expected: wanted.toSorted().join(", "),
    async run() {
      const offers = (await visit.page.evaluate(() => mediaProbe.offers())).toSorted().join(", ");
      return seen(offers === wanted.toSorted().join(", "), offers || "none");
    },
  };
}
