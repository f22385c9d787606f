import { afterAll, beforeAll } from "vitest";

import { LabUnderTest } from "./lab";
import { succeeded } from "./outcome";
import { firewall } from "./two-nodes/firewall";
import { rotation } from "./two-nodes/rotation";
import { updates } from "./two-nodes/updates";

const lab = new LabUnderTest("two");

beforeAll(async () => {
  await succeeded(lab.lab("up", "--nodes", "2"));
});

afterAll(() => lab.remove());

// Each leaves the cluster as it was, but the last, after which other secrets are in force. Each also goes by itself:
// `-t "security updates"`.
firewall(lab);
updates(lab);
rotation(lab);
