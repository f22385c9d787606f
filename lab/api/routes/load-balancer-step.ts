import type { Context } from "hono";

import type { Cloud } from "../cloud";
import { conflict } from "../errors";
import type { ActionResource, LoadBalancer } from "../model";
import { find } from "./find";

/** Where what is done to a load balancer is asked for. */
export const balancerActions = "/load_balancers/:id/actions";

/** A load balancer as actions name it. */
export function ownResource({ id }: Readonly<LoadBalancer>): ActionResource {
  return { id, type: "load_balancer" };
}

/**
 * A load balancer that no action is working on; throws not_found or conflict: clients, which set up several services and
 * targets at once, try again by themselves after a conflict.
 */
export function unlockedBalancer(cloud: Cloud, id: string | undefined): Readonly<LoadBalancer> {
  const balancer = find(cloud.store.loadBalancers, "load balancer", id ?? "");
  if (cloud.actions.isLocked(ownResource(balancer))) throw conflict("another action is running on the load balancer");
  return balancer;
}

/** What one action changes of a load balancer: on file at once, and as it was before when the action fails. */
export interface BalancerStep {
  command: string;
  changes: Partial<LoadBalancer>;
  resources?: ActionResource[];
  /** What is done besides. */
  work?: () => Promise<void>;
  done?: () => void;
}

/** Answers with the action that carries out a step. */
export function answerStep(c: Context, cloud: Cloud, balancer: Readonly<LoadBalancer>, step: BalancerStep): Response {
  const { loadBalancers } = cloud.store;
  const { command, changes, resources = [], done } = step;
  const before = Object.fromEntries(Object.keys(changes).map((key) => [key, balancer[key as keyof LoadBalancer]]));
  loadBalancers.update(balancer, changes);
  const own = ownResource(balancer);
  const work = async () => {
    await cloud.balancers.apply(balancer);
    await step.work?.();
  };
  const failed = () => loadBalancers.update(balancer, before);
  const action = { command, resources: [own, ...resources], work, failed, ...(done ? { done } : {}) };
  return c.json({ action: cloud.actions.one(action, own) }, 201);
}
