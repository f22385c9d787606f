import { expect, test } from "vitest";

import { UsageError } from "../../../cli/command-line";
import { commandIn } from "../../cli/exec";
import { readFault } from "../../cli/fault";
import { readProbe } from "../../cli/probe";
import { readLoadBalancer } from "../../cli/up";

test("a probe's rate and time are numbers", () => {
  expect(readProbe({ url: "http://a.test", rate: "2.5", seconds: "5" })).toEqual({
    url: "http://a.test",
    rate: 2.5,
    seconds: 5,
  });
});

test.each([
  [{ url: "bbb.cluster.test" }, "probe needs an http or https URL, got bbb.cluster.test"],
  [{ rate: "0" }, "--rate must be a number above 0, got 0"],
  [{ seconds: "soon" }, "--seconds must be a number above 0, got soon"],
])("probe %j is refused with what is wrong", (wrong, message) => {
  const args = { url: "http://a.test", rate: "10", seconds: "60", ...wrong };
  expect(() => readProbe(args)).toThrow(new UsageError(message));
});

test("a load balancer is one of three, or as it is", () => {
  expect(["none", "scalelite", undefined].map(readLoadBalancer)).toEqual(["none", "scalelite", undefined]);
  expect(() => readLoadBalancer("b3lb")).toThrow(
    new UsageError('--load-balancer must be none, scalelite or bbblb, got "b3lb"'),
  );
});

test("a command for a machine is what stands after --, and not nothing", () => {
  expect(commandIn(["ls", "--", "-l"])).toEqual(["ls", "--", "-l"]);
  expect(() => commandIn([])).toThrow(UsageError);
});

test("a fault is read with its machine or what limits it", () => {
  expect(readFault([])).toEqual({ action: "list" });
  expect(readFault(["rate-limit", "on"])).toEqual({ action: "api", kind: "rate-limit", fault: {} });
  expect(readFault(["rate-limit", "off"])).toEqual({ action: "api", kind: "rate-limit", fault: undefined });
  expect(readFault(["conflict", "on"], { times: "3", method: "PUT" })).toEqual({
    ...{ action: "api", kind: "conflict" },
    fault: { times: 3, method: "PUT" },
  });
  expect(readFault(["unreachable", "bbb-01", "off"])).toEqual({ action: "unreachable", machine: "bbb-01", on: false });
});

test.each([
  [["flood", "on"], {}, "there is no fault flood; there are rate-limit, "],
  [["conflict"], {}, "a fault is switched on or off, got nothing"],
  [["conflict", "yes"], {}, "a fault is switched on or off, got yes"],
  [["conflict", "off"], { times: "3" }, "--times and --method go with on"],
  [["conflict", "on"], { times: "0" }, "--times is a whole number from 1"],
  [["conflict", "on"], { method: "PATCH" }, "--method is one of GET, POST, PUT, DELETE"],
  [["unreachable"], {}, "unreachable needs a machine, then on or off"],
])("fault %j is refused with what is wrong", (words, limits, message) => {
  expect(() => readFault(words, limits)).toThrow(message);
});
