/** A type of load balancer; price in euro a month (net, illustrative). */
export interface LoadBalancerType {
  id: number;
  name: string;
  maxServices: number;
  maxTargets: number;
  maxCertificates: number;
  maxConnections: number;
  monthly: number;
}

/** All types of load balancers. */
export const loadBalancerTypes: LoadBalancerType[] = [
  {
    ...{ id: 1, name: "lb11", maxServices: 5, maxTargets: 25, maxCertificates: 10 },
    ...{ maxConnections: 10_000, monthly: 7.49 },
  },
  {
    ...{ id: 2, name: "lb21", maxServices: 15, maxTargets: 75, maxCertificates: 25 },
    ...{ maxConnections: 20_000, monthly: 21.49 },
  },
  {
    ...{ id: 3, name: "lb31", maxServices: 30, maxTargets: 150, maxCertificates: 50 },
    ...{ maxConnections: 40_000, monthly: 42.99 },
  },
];
