/** Cores of Hetzner's x86 server types: with dedicated cores (ccx) and with shared ones (cpx, cx). */
const cores: Readonly<Record<string, number>> = {
  ...{ ccx13: 2, ccx23: 4, ccx33: 8, ccx43: 16, ccx53: 32, ccx63: 48 },
  ...{ cpx11: 2, cpx21: 3, cpx31: 4, cpx41: 8, cpx51: 16 },
  ...{ cpx12: 1, cpx22: 2, cpx32: 4, cpx42: 8, cpx52: 12, cpx62: 16 },
  ...{ cx22: 2, cx32: 4, cx42: 8, cx52: 16 },
  ...{ cx23: 2, cx33: 4, cx43: 8, cx53: 16 },
};

/** What BigBlueButton asks for, and what ccx33 has. */
const usualCores = 8;

/**
 * People on a node with the usual cores: BigBlueButton's own rule of thumb for a server that meets the minimum
 * (docs.bigbluebutton.org/support/faq, "How many simultaneous users can BigBlueButton support?").
 */
const usualPeople = 200;

/**
 * By what Scalelite multiplies the number of people on a node before it looks for the one with the least: half of it
 * for twice the cores. A type that is not known counts as the usual one.
 */
export function loadMultiplier(serverType: string): number {
  return Math.round((usualCores / (cores[serverType] ?? usualCores)) * 1000) / 1000;
}

/** How many people a node can take, by its load multiplier: 200 with 8 cores, 400 with 16. */
export function mostPeople(loadMultiplier: number): number {
  return Math.round(usualPeople / loadMultiplier);
}
