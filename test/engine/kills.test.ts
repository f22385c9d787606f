import { changes } from "./rig/changes";
import { testKills } from "./rig/kills";

testKills("an API request", [
  [changes.create, 2],
  [changes.grow, 2],
  [changes.set, 2],
  [changes.double, 1],
  [changes.shrink, 2],
  [changes.destroy, 4],
]);
