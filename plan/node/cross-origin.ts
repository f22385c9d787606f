import { type ReleaseRange, staticClientSince } from "../releases";
import type { Permission } from "../requests";
import type { NodeNames } from "./settings";

/**
 * What the client, which comes from the proxy, asks a node across origins, as far as it can be asked without a meeting. A
 * preflight gets through where a request needs a session (checkGraphqlAuthorization lets it).
 */
export function permissions({ proxyHostname }: NodeNames): Permission[] {
  const origin = `https://${proxyHostname}`;
  const allowed = (
    method: Permission["method"],
    path: string,
    by: Pick<Permission, "unit" | "variable">,
    range: ReleaseRange,
  ) => ({
    origin,
    method,
    path,
    ...by,
    ...range,
  });
  const web = { unit: "bbb-web", variable: "JDK_JAVA_OPTIONS" };
  const hasura = { unit: "bbb-graphql-server", variable: "HASURA_GRAPHQL_CORS_DOMAIN" };
  return [
    allowed("OPTIONS", "/bigbluebutton/api", web, { since: "2.6.0" }),
    allowed("GET", "/bigbluebutton/api", web, { since: "2.6.0" }),
    allowed("OPTIONS", "/api/rest/meetingStaticData", hasura, { since: staticClientSince }),
  ];
}
