import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";

import { requireLiveAgent } from "../../components/ssh-agent";
import { runProgram } from "../support/graph";

let folder: string;

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), "agent-"));
});

afterAll(() => rmSync(folder, { recursive: true }));

test("an agent that answers, or none at all, is in order", async () => {
  const path = join(folder, "live.sock");
  const agent = createServer();
  await new Promise<void>((resolve) => agent.listen(path, resolve));
  await expect(requireLiveAgent(path)).resolves.toBeUndefined();
  await expect(requireLiveAgent("")).resolves.toBeUndefined();
  agent.close();
});

test("a socket that is gone, or that nobody listens at, is one sentence with what to do", async () => {
  const file = join(folder, "no-socket");
  writeFileSync(file, "");
  for (const path of [join(folder, "gone.sock"), file]) {
    await expect(requireLiveAgent(path)).rejects.toThrow(
      new RegExp(`^SSH_AUTH_SOCK leads nowhere \\(${path}: E[A-Z]+\\), .*: run \`unset SSH_AUTH_SOCK\``),
    );
  }
});

test("an agent that is gone is found before anything is made", async () => {
  const requested = runProgram({}, { environment: { SSH_AUTH_SOCK: join(folder, "gone.sock") } });
  await expect(requested).rejects.toThrow("SSH_AUTH_SOCK leads nowhere");
});
