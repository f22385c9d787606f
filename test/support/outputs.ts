/** A machine as the outputs of a stack tell of it, with a number that is its own. */
export function machineOutput(name: string, number: number) {
  return {
    name,
    hostname: `${name}.cluster.test`,
    ipv4: `203.0.113.${number}`,
    ipv6: `2001:db8:${number}::1`,
    privateAddress: `10.0.1.${number}`,
  };
}
