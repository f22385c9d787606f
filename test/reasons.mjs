import { stripVTControlCharacters } from "node:util";

/** What says that something failed, in the words of vitest and unittest. */
const named = /^\s*(FAIL|ERROR|AssertionError|Error:)/;
/** What ends what an error says: nothing, a place in the code, a rule. */
const ended = /^\s*($|❯|⎯|-{5}|={5}|Traceback|at )/;
/** Where vitest sums up; before it stands what the tests' own programs have said, some of it meant to fail. */
const summary = /^\s*⎯+ Failed (Suites|Tests) \d+ ⎯+/;
const atMost = 60;

/**
 * The lines that say what failed and what was said of it, so that they can be read at the end of a long log; of many the
 * first, which the others may follow from. The last lines of all if nothing is named.
 */
export function reasonsIn(output) {
  const lines = stripVTControlCharacters(output).trimEnd().split("\n");
  const reasons = [];
  let inError = false;
  for (const line of lines.slice(
    Math.max(
      0,
      lines.findIndex((each) => summary.test(each)),
    ),
  )) {
    inError = named.test(line) || (inError && !ended.test(line));
    if (inError) reasons.push(line);
  }
  if (reasons.length === 0) return lines.slice(-20);
  const told = reasons.filter((line, at) => !named.test(line) || reasons.indexOf(line) === at);
  return told.length <= atMost ? told : [...told.slice(0, atMost), `… and ${told.length - atMost} lines more`];
}
