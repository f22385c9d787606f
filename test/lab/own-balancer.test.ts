import { afterAll, beforeAll } from "vitest";

import { LabUnderTest } from "./lab";
import { succeeded } from "./outcome";
import { backup } from "./own-balancer/backup";
import { leavingNode } from "./own-balancer/leaving-node";
import { Tenant } from "./own-balancer/tenant";
import { tenants } from "./own-balancer/tenants";
import { watched } from "./own-balancer/watched";

const lab = new LabUnderTest("own");
const moodle = new Tenant(lab, "moodle");

beforeAll(async () => {
  await succeeded(lab.lab("up", "--nodes", "2", "--load-balancer", "bbblb"));
  await moodle.open();
});

afterAll(() => lab.remove());

// One cluster for all of them: each leaves it as it was, without meetings, but the last, which takes a node away. Each
// also goes by itself: `-t "a Prometheus outside"`.
tenants(lab, moodle);
watched(lab);
backup(lab, moodle);
leavingNode(lab, moodle);
