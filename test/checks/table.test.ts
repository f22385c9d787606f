import { expect, test } from "vitest";

import { renderTable } from "../../checks/table";

test("columns are aligned and no line ends in blanks", () => {
  expect(
    renderTable([
      ["NAME", "STATE", "ADDRESS"],
      ["bbb", "running", "203.0.113.10"],
      ["bbb-01", "-", ""],
    ]),
  ).toBe("NAME    STATE    ADDRESS\nbbb     running  203.0.113.10\nbbb-01  -");
});
