import { apiEndpoint } from "../fabric/addresses";
import { readSettings } from "../fabric/settings";
import type { Lab } from "../paths";
import { runInside } from "./inside";

/** Asks the lab's cloud, as its operator, for a path such as `/v1/servers`; resolves to the JSON of its answer, throws when it is no success. */
export async function callApi(lab: Lab, path: string, body?: object): Promise<unknown> {
  const settings = await readSettings(lab);
  if (settings === undefined) throw new Error(`there is no lab "${lab.name}"; start it with: npm run lab -- up`);
  const url = new URL(path, apiEndpoint).href;
  const curl = ["curl", "--silent", "--show-error", "--fail", "--max-time", "10", "--config", "-"];
  return JSON.parse(await runInside(lab, "operator", curl, { input: renderConfig(url, settings.token, body) }));
}

// On stdin, so that the token shows in no list of processes.
function renderConfig(url: string, token: string, body?: object): string {
  const put = { request: "PUT", "data-raw": JSON.stringify(body), header: "Content-Type: application/json" };
  return [{ url, header: `Authorization: Bearer ${token}` }, ...(body === undefined ? [] : [put])]
    .flatMap((options) => Object.entries(options))
    .map(([name, value]) => `${name} = ${JSON.stringify(value)}\n`)
    .join("");
}
