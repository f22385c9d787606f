import { expect } from "vitest";

import type { Answer, TestApi } from "./test-api";

/** A service. */
export const https = { protocol: "tcp", listen_port: 443, destination_port: 443 };

/** Makes a load balancer and returns its id. */
export async function balancer(api: TestApi, more: object = {}): Promise<number> {
  const body = { name: "front", load_balancer_type: "lb11", location: "fsn1", ...more };
  const answer = await api.settle("POST", "/load_balancers", body);
  expect(answer).toMatchObject({ status: 201, json: { action: { command: "create_load_balancer" } } });
  return answer.json.load_balancer.id;
}

/** A load balancer as the API shows it now. */
// biome-ignore lint/suspicious/noExplicitAny: tests read answers as they come
export const shown = async (api: TestApi, id: number): Promise<any> =>
  (await api.call("GET", `/load_balancers/${id}`)).json.load_balancer;
/** Has an action done to one. */
export const act = (api: TestApi, id: number, action: string, body?: object): Promise<Answer> =>
  api.settle("POST", `/load_balancers/${id}/actions/${action}`, body);
/** The error code that an action is answered with. */
export const code = async (api: TestApi, id: number, action: string, body?: object) =>
  (await act(api, id, action, body)).json.error?.code ?? "none";
/** A server as a target. */
export const serverTarget = (id: number, use_private_ip = true) => ({ type: "server", server: { id }, use_private_ip });

/** A load balancer and a server in one network. */
export async function attachedPair(api: TestApi): Promise<{ id: number; server: number; network: number }> {
  const network = await api.network();
  const server = await api.server("bbb", { networks: [network] });
  const id = await balancer(api, { network, services: [https] });
  return { id, server, network };
}
