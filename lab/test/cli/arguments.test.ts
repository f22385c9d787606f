import { expect, test } from "vitest";

import { UsageError } from "../../cli/command";
import { parseFault } from "../../cli/fault-arguments";
import { parseProbe } from "../../cli/probe";

test("a probe asks 10 times a second for a minute unless told otherwise", () => {
  expect(parseProbe(["https://bbb.cluster.test/"])).toEqual({
    url: "https://bbb.cluster.test/",
    rate: 10,
    seconds: 60,
  });
  expect(parseProbe(["--rate", "2.5", "http://a.test", "--seconds=5"])).toEqual({
    url: "http://a.test",
    rate: 2.5,
    seconds: 5,
  });
});

test.each([
  [[], "probe needs one http or https URL, got none"],
  [["bbb.cluster.test"], "probe needs one http or https URL, got bbb.cluster.test"],
  [["http://a.test", "http://b.test"], "probe needs one http or https URL, got http://a.test http://b.test"],
  [["http://a.test", "--rate", "0"], "--rate must be a number above 0, got 0"],
  [["http://a.test", "--seconds", "soon"], "--seconds must be a number above 0, got soon"],
])("probe %j is refused with what is wrong", (args, message) => {
  expect(() => parseProbe(args)).toThrow(new UsageError(message));
});

test("a fault is read with its machine or the times it strikes", () => {
  expect(parseFault([])).toEqual({ action: "list" });
  expect(parseFault(["api-429", "on"])).toEqual({ action: "api", name: "api-429", on: true });
  expect(parseFault(["api-conflict", "on", "--times", "3"])).toEqual({
    action: "api",
    name: "api-conflict",
    on: true,
    times: 3,
  });
  expect(parseFault(["unreachable", "bbb-01", "off"])).toEqual({ action: "unreachable", machine: "bbb-01", on: false });
});

test.each([
  [["flood", "on"], "there is no fault flood; there are api-429, "],
  [["api-429"], "a fault is switched on or off, got nothing"],
  [["api-429", "yes"], "a fault is switched on or off, got yes"],
  [["api-429", "off", "--times", "3"], 'after "on" only --times with a whole number from 1 may follow'],
  [["unreachable"], "unreachable needs a machine, then on or off"],
])("fault %j is refused with what is wrong", (args, message) => {
  expect(() => parseFault(args)).toThrow(message);
});
