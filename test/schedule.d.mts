/** What the schedule looks at, of a suite. */
export interface Scheduled {
  name: string;
  budget: number;
  /** Names of suites that it begins after. */
  needs?: string[];
  alone?: boolean;
}

export function sideBySide<Suite extends Scheduled, Result>(
  suites: Suite[],
  lanes: number,
  run: (suite: Suite) => Promise<Result>,
): Promise<Result[]>;
