import { z } from "zod";

import { domainName, integer, text } from "./text";

/** As BBBLB takes it. */
const tenantName = text("a name of 1 to 16 letters and digits such as moodle", /^[A-Za-z0-9]{1,16}$/);

const tenant = z.strictObject(
  {
    name: tenantName,
    host: domainName,
    secretVersion: integer(1, 9999).default(1),
  },
  { error: "an object {name, host}" },
);

/** A certificate has up to 100 names. */
const mostTenants = 90;

/** Who sends meetings to the cluster's own load balancer. */
export const tenants = z
  .array(tenant, { error: "a list of {name, host}" })
  .max(mostTenants, { error: `a list of at most ${mostTenants} tenants` });
