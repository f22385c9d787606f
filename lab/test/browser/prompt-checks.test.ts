import { describe, expect, test } from "vitest";
import { runCheck } from "../../../checks/check";
import type { PersonalBrowser } from "../../browser/chromium";
import { promptsCheck } from "../../browser/prompt-checks";

const PROXY = ["https://bbb.cluster.test/bbb-01/html5client/", "https://bbb.cluster.test/bbb-02/html5client/"];
const NODES = ["https://bbb-01.cluster.test/html5client/", "https://bbb-02.cluster.test/html5client/"];

function askedAt(...origins: string[]): PersonalBrowser {
  const prompts = origins.flatMap((origin) => ["microphone", "camera"].map((device) => ({ origin, device })));
  return { user: { prompts } } as unknown as PersonalBrowser;
}

describe("prompts are as they have to be", () => {
  test.each([
    ["one origin and asked once", PROXY, ["https://bbb.cluster.test"], true],
    ["one origin and asked twice", PROXY, ["https://bbb.cluster.test", "https://bbb.cluster.test"], false],
    ["one origin and never asked", PROXY, [], false],
    ["two origins and asked at each", NODES, ["https://bbb-01.cluster.test", "https://bbb-02.cluster.test"], true],
    ["two origins and asked at one", NODES, ["https://bbb-01.cluster.test"], false],
    ["one origin and asked at another", PROXY, ["https://bbb-01.cluster.test"], false],
  ])("with %s", async (_case, addresses, asked, right) => {
    expect((await runCheck(promptsCheck(askedAt(...asked), addresses))).verdict === "ok").toBe(right);
  });
});
