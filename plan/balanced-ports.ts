/** Where a proxy hears what comes through the load balancer, and says whether it serves; closed to everybody else. */
export const balancedPorts = { http: 8481, https: 8482, health: 8483 } as const;

/**
 * How often the load balancer asks a proxy, how long it waits, and how many answers it takes to believe: Hetzner's least. A
 * browser that has waited for a dead proxy must not be sent there again; one that is taken for dead is asked again at once,
 * and another one serves meanwhile.
 */
export const healthCheck = { interval: 3, timeout: 2, retries: 1 } as const;

/** After how many seconds no request comes to a proxy any more that says it does not serve. */
export const drainSeconds = healthCheck.interval * healthCheck.retries + healthCheck.timeout + 1;
