/** One private interface of a machine: its address, the range of the whole network and the network's gateway. */
export interface PrivateNic {
  networkId: number;
  ip: string;
  ipRange: string;
  gateway: string;
  macAddress: string;
}
