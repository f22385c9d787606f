import type { Asked, Evidence, Fault, Finding, Served } from "../evidence";
import { groupedBy } from "../grouped";

type Fetch = Extract<Asked, { what: "fetch" }>;

/** Of a try and of the one retry. */
const tryMilliseconds = 30_000;
/** Between the two. */
const thoughtMilliseconds = 1000;
/** The log of requests has whole seconds, the one in which a request ended: it never says a later one, but for nginx's pause. */
const second = 1000;
const late = 250;
const shown = 5;

/** The proxy's name among the machines. */
export const proxyName = "bbb";

/** People who did not come to a client page within 30 s and one retry. */
export function failedJoins(evidence: Evidence): Finding[] {
  const { asked, told, served, faults } = evidence;
  const firsts = new Map<string, Extract<Asked, { what: "join" }>>();
  for (const each of asked) if (each.what === "join" && !firsts.has(each.person)) firsts.set(each.person, each);
  const joined = groupedBy(
    told.filter(({ what }) => what === "joined"),
    ({ person }) => person,
  );
  const pages = groupedBy(arrived(evidence), ({ person }) => person);
  return [...firsts.values()].flatMap(({ person, room, at }) => {
    const until = at + 2 * tryMilliseconds + thoughtMilliseconds;
    const lets = (joined.get(person) ?? []).filter((each) => at - second <= each.at && each.at <= until);
    const came = lets.some(({ node, at: letIn }) =>
      pages
        .get(person)
        ?.some((page) => page.path === `/${node}/html5client/` && letIn - second <= page.at && page.at <= until),
    );
    if (came) return [];
    const proof = [...lets.map(({ line }) => line), ...unwell(served, at, until, () => true)];
    const what = `${person}, who wanted to join ${room} at ${time(at)}`;
    return [{ law: "failed joins" as const, what, proof, ...excuse(faults, at, until) }];
  });
}

/** What a page needs and did not get through the proxy, the page itself included. */
export function failedFetches(evidence: Evidence): Finding[] {
  const good = new Set(arrived(evidence));
  return fetches(evidence)
    .filter((fetch) => !good.has(fetch))
    .map(({ path, person, at }) => ({
      law: "failed asset requests",
      what: `${path}, asked for at ${time(at)} by ${person}`,
      proof: unwell(evidence.served, at, at + tryMilliseconds, (line) => line.path === path),
      ...excuse(evidence.faults, at, at + tryMilliseconds),
    }));
}

/** The fetches of which the proxy says that they went well; each of its lines stands for one. */
function arrived(evidence: Evidence): Fetch[] {
  const lines = groupedBy(evidence.served, ({ path }) => path);
  return [...groupedBy(fetches(evidence), ({ path }) => path)].flatMap(([path, asked]) =>
    paired(asked, lines.get(path) ?? []),
  );
}

/**
 * As many as can have a line of their own that is well, and was written while they waited: each line, well or not, goes to
 * the one that waits least long.
 */
function paired(asked: readonly Fetch[], lines: readonly Served[]): Fetch[] {
  const coming = asked.toSorted((one, other) => one.at - other.at);
  const found: Fetch[] = [];
  let waiting: Fetch[] = [];
  for (const line of lines.toSorted((one, other) => one.at - other.at)) {
    while (coming[0] && coming[0].at - second <= line.at) waiting.push(coming.shift() as Fetch);
    waiting = waiting
      .filter((fetch) => line.at <= lastOf(fetch) + late)
      .sort((one, other) => lastOf(one) - lastOf(other));
    const next = waiting.shift();
    if (next && (line.status === 200 || line.status === 304)) found.push(next);
  }
  return found;
}

function lastOf({ at, until = at + tryMilliseconds }: Fetch): number {
  return until;
}

function fetches({ asked }: Evidence): Fetch[] {
  return asked.filter((each) => each.what === "fetch");
}

function unwell(served: readonly Served[], from: number, to: number, isMeant: (line: Served) => boolean): string[] {
  const lines = served.filter(
    (each) => from - second <= each.at && each.at <= to && each.status >= 400 && isMeant(each),
  );
  return lines.slice(0, shown).map(({ line }) => line);
}

/** While the one proxy is replaced nobody gets anything: that is counted apart. */
function excuse(faults: readonly Fault[], from: number, to: number): { excused?: true } {
  return faults.some((fault) => fault.where === proxyName && fault.from <= to && from <= fault.to)
    ? { excused: true }
    : {};
}

function time(at: number): string {
  return new Date(at).toISOString();
}
