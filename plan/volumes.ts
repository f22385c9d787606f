/** What Hetzner makes volumes of, in GB. */
export const smallestVolumeGb = 10;
export const largestVolumeGb = 10_240;

/** A disk that outlives the machine that has it. */
export interface VolumeSpec {
  /** bbb-lb-data: what it is called here and at Hetzner. */
  name: string;
  sizeGb: number;
}

/** The disk of the load balancer's machine. */
export function balancerVolume(machine: string, sizeGb: number): VolumeSpec {
  return { name: `${machine}-data`, sizeGb };
}
