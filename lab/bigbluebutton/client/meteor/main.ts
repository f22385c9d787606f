import { Attendee } from "../attend";
import { enterMeeting } from "../enter";
import { loadChunks, settleBelow } from "../files";
import { offerLeaving } from "../leave";
import { showStatus, showStep } from "../page";
import { keepPreferences } from "../preferences";
import { ask, withToken } from "../request";
import { Settings } from "../settings";
import { Steps } from "../steps";
import { type Texts, translate } from "../texts";
import { subscribe } from "./ddp";

/** What the server writes into the page. */
declare const __meteor_runtime_config__: {
  ROOT_URL_PATH_PREFIX: string;
  DDP_DEFAULT_CONNECTION_URL: string;
  PUBLIC_SETTINGS: unknown;
};

const { ROOT_URL_PATH_PREFIX: prefix, DDP_DEFAULT_CONNECTION_URL: url, PUBLIC_SETTINGS } = __meteor_runtime_config__;
const steps = new Steps(showStep);

async function start(): Promise<void> {
  const texts = await translate(`${prefix}/locales`);
  showStatus("pending", texts["app.connecting"] ?? "");
  try {
    await loadChunks(CHUNKS.map((name) => `${prefix}/${name}`));
    await join(texts);
  } catch (error) {
    showStatus("failed", `${texts["app.failed"]}: ${(error as Error).message}`);
  }
}

async function join(texts: Texts): Promise<void> {
  const sessionToken = new URLSearchParams(location.search).get("sessionToken");
  if (!sessionToken) throw new Error("no sessionToken in the address");
  const settings = new Settings({ public: PUBLIC_SETTINGS });
  if (!(await steps.run("api", () => enter(settings.text("public.app.bbbWebBase"), sessionToken)))) {
    throw new Error("the meeting's server does not let this user in");
  }
  void steps.run("basename", () => settleBelow(settings.text("public.app.basename"), "join"));
  void steps.run("preferences", () => keepPreferences(settings.optional("public.app.userSettingsStorage")));
  const attendee = new Attendee({ sessionToken, settings, steps });
  offerLeaving(texts, () => attendee.leave());
  await enterMeeting(steps, attendee, url, (changed, closed) => subscribe(url, sessionToken, changed, closed));
  showStatus("connected", texts["app.connected"] ?? "");
}

/** Asks bbb-web whether this session may enter; resolves to what to tell. */
async function enter(bbbWebBase: string, sessionToken: string): Promise<string> {
  await (await ask(withToken(`${bbbWebBase}/api/enter`, sessionToken), { credentials: "include" })).text();
  return new URL(bbbWebBase, location.href).hostname;
}

void start();
