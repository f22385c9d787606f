import { Attendee } from "./attend";
import { enterMeeting } from "./enter";
import { loadChunks, settleBelow } from "./files";
import { subscribe } from "./graphql";
import { offerLeaving } from "./leave";
import { showStatus, showStep } from "./page";
import { keepPreferences } from "./preferences";
import { addressPrefix, fetchSettings, findServer, type Server, sendFeedback } from "./server";
import type { Settings } from "./settings";
import { Steps } from "./steps";
import { type Texts, translate } from "./texts";

const steps = new Steps(showStep);

async function start(): Promise<void> {
  const texts = await translate("locales");
  showStatus("pending", texts["app.connecting"] ?? "");
  try {
    await loadChunks(CHUNKS);
    await join(texts);
  } catch (error) {
    showStatus("failed", `${texts["app.failed"]}: ${(error as Error).message}`);
  }
}

async function join(texts: Texts): Promise<void> {
  const sessionToken = new URLSearchParams(location.search).get("sessionToken");
  if (!sessionToken) throw new Error("no sessionToken in the address");
  const prefix = addressPrefix(location);
  let server: Server | undefined;
  await steps.run("api", async () => {
    server = await findServer(prefix);
    return `${new URL(server.graphqlWebsocketUrl).hostname}, by way of ${prefix}/`;
  });
  if (!server) throw new Error("the meeting's server was not found");
  const settings = await readSettings(server, sessionToken);
  void steps.run("basename", () => settleBelow(settings.text("public.app.basename"), ""));
  void steps.run("preferences", () => keepPreferences(settings.optional("public.app.userSettingsStorage")));
  const attendee = new Attendee({ sessionToken, settings, steps });
  const { graphqlWebsocketUrl: url } = server;
  offerLeaving(
    texts,
    () => attendee.leave(),
    (rating) => steps.run("feedback", () => sendFeedback(prefix, rating)),
  );
  await enterMeeting(steps, attendee, url, (changed, closed) => subscribe(url, sessionToken, changed, closed));
  showStatus("connected", texts["app.connected"] ?? "");
}

async function readSettings(server: Server, sessionToken: string): Promise<Settings> {
  let settings: Settings | undefined;
  await steps.run("settings", async () => {
    settings = await fetchSettings(server, sessionToken);
    return `From ${new URL(server.graphqlApiUrl).hostname}`;
  });
  if (!settings) throw new Error("the meeting's settings cannot be read");
  return settings;
}

void start();
