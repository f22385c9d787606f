import { afterEach, describe, expect, test, vi } from "vitest";
import { applyUpdate, Doc, XmlText } from "yjs";
import { subscribe } from "../../bigbluebutton/client/graphql";
import { subscribe as subscribeDdp } from "../../bigbluebutton/client/meteor/ddp";
import { ask, withToken } from "../../bigbluebutton/client/request";
import { addressPrefix, fetchSettings, findServer } from "../../bigbluebutton/client/server";
import { Settings } from "../../bigbluebutton/client/settings";
import { bindText, replaceMiddle } from "../../bigbluebutton/client/shared-text";
import { Steps } from "../../bigbluebutton/client/steps";

afterEach(() => vi.unstubAllGlobals());

const SERVER = {
  graphqlWebsocketUrl: "wss://bbb-01.cluster.test/graphql",
  graphqlApiUrl: "https://bbb-01.cluster.test/api/rest",
};

describe("the way to the server", () => {
  test.each([
    ["https://bbb.cluster.test:8443/bbb-01/html5client/?sessionToken=abc", "https://bbb.cluster.test/bbb-01"],
    ["https://bbb.cluster.test/bbb-01/html5client", "https://bbb.cluster.test/bbb-01"],
    ["https://bbb-01.cluster.test/html5client/", "https://bbb-01.cluster.test"],
  ])("from %s begins with %s", (address, prefix) => {
    expect(addressPrefix(new URL(address))).toBe(prefix);
  });

  test("is not found from an address that ends in anything else", () => {
    const address = new URL("https://bbb.cluster.test/bbb-01/html5client/join?sessionToken=abc");
    expect(() => addressPrefix(address)).toThrow("/bbb-01/html5client/join does not end in /html5client/");
  });

  test("is asked for as JSON, and the settings with token and session", async () => {
    const asked = answering({
      "https://bbb.cluster.test/bbb-01/bigbluebutton/api": { response: SERVER },
      "https://bbb-01.cluster.test/api/rest/meetingStaticData": {
        meeting_clientSettings: [{ clientSettingsJson: { public: { app: { basename: "/bbb-01/html5client" } } } }],
      },
    });
    const server = await findServer("https://bbb.cluster.test/bbb-01");
    const settings = await fetchSettings(server, "abc");
    expect(server).toEqual(SERVER);
    expect(settings.text("public.app.basename")).toBe("/bbb-01/html5client");
    expect(asked[0]?.options).toEqual({ headers: { "Content-Type": "application/json" } });
    expect(asked[1]?.options).toEqual({ headers: { "X-Session-Token": "abc" }, credentials: "include" });
  });
});

describe("requests", () => {
  test("that are refused say where and how", async () => {
    answering({});
    await expect(ask("https://bbb-01.cluster.test/x")).rejects.toThrow("https://bbb-01.cluster.test/x answered 404");
  });

  test("that the browser does not allow say whose page may not read the answer", async () => {
    vi.stubGlobal("fetch", () => Promise.reject(new TypeError("Failed to fetch")));
    vi.stubGlobal("location", new URL("https://bbb.cluster.test/bbb-01/html5client/"));
    await expect(ask("https://bbb-01.cluster.test/x")).rejects.toThrow("does not let https://bbb.cluster.test read");
  });

  test("carry the session token after whatever query there is", () => {
    expect(withToken("https://a.test/x", "t/k")).toBe("https://a.test/x?sessionToken=t%2Fk");
    expect(withToken("https://a.test/x?y=1", "tk")).toBe("https://a.test/x?y=1&sessionToken=tk");
  });
});

test("a setting that is missing is named", () => {
  const settings = new Settings({ public: { media: { livekit: { url: "" } } } });
  expect(settings.optional("public.media.livekit.url")).toBe("");
  expect(() => settings.text("public.kurento.wsUrl")).toThrow("the setting public.kurento.wsUrl is missing");
});

test("a step that fails says why, and the others go on", async () => {
  const shown: string[] = [];
  const steps = new Steps((step, state, text) => shown.push(`${step} ${state} ${text}`));
  const refused = steps.run("stun", () => Promise.reject(new Error("https://a.test answered 401")));
  expect(await Promise.all([refused, steps.run("slides", async () => "Slide 1 of 2")])).toEqual([false, true]);
  expect(shown).toContain("stun failed https://a.test answered 401");
  expect(shown).toContain("slides ok Slide 1 of 2");
});

test("the first letter typed in shared notes arrives as well", () => {
  const [mine, yours] = [new Doc(), new Doc()];
  mine.on("update", (update) => applyUpdate(yours, update));
  const editors = [mine, yours].map((document) => {
    const editor = { value: "" } as HTMLTextAreaElement;
    bindText(document.getXmlFragment("doc"), editor);
    return editor;
  });
  for (const value of ["E", "Ex", "x"]) {
    Object.assign(editors[0] as HTMLTextAreaElement, { value });
    editors[0]?.oninput?.({} as InputEvent);
    expect(editors.map((editor) => editor.value)).toEqual([value, value]);
  }
});

test("typing in shared notes replaces only what has changed", () => {
  const fragment = new Doc().getXmlFragment("doc");
  const text = new XmlText();
  fragment.insert(0, [text]);
  replaceMiddle(text, "aba");
  const changes: unknown[] = [];
  text.observe(({ delta }) => changes.push(delta));
  replaceMiddle(text, "abba");
  expect(text.toString()).toBe("abba");
  expect(changes).toEqual([[{ retain: 2 }, { insert: "b" }]]);
  replaceMiddle(text, "");
  expect(text.toString()).toBe("");
});

describe("the meeting", () => {
  test("is told over GraphQL's websocket, to whoever has the token", () => {
    vi.stubGlobal("WebSocket", FakeSocket);
    const [names, ends]: [string[], string[]] = [[], []];
    subscribe(
      "wss://bbb-01.cluster.test/graphql",
      "abc",
      ({ name }) => names.push(name),
      ({ message }) => ends.push(message),
    );
    const socket = FakeSocket.last;
    socket.onopen?.();
    socket.hear('{"type":"connection_ack"}');
    socket.hear('{"type":"next","id":"1","payload":{"data":{"meeting":{"name":"Algebra"}}}}');
    socket.onclose?.({ code: 4403, reason: "Forbidden" });
    expect(socket.sent[0]).toBe('{"type":"connection_init","payload":{"headers":{"X-Session-Token":"abc"}}}');
    expect(names).toEqual(["Algebra"]);
    expect(ends).toEqual(["wss://bbb-01.cluster.test/graphql was closed: 4403 Forbidden"]);
  });

  test("is told over Meteor's, in the frames of SockJS", () => {
    vi.stubGlobal("WebSocket", FakeSocket);
    const names: string[] = [];
    subscribeDdp(
      "https://bbb-01.cluster.test/bbb-01/html5client",
      "abc",
      ({ name }) => names.push(name),
      () => {},
    );
    const socket = FakeSocket.last;
    socket.hear("o");
    socket.hear('a["{\\"msg\\":\\"connected\\"}"]');
    socket.hear("h");
    socket.hear('a["{\\"msg\\":\\"added\\",\\"collection\\":\\"meeting\\",\\"fields\\":{\\"name\\":\\"Algebra\\"}}"]');
    expect(socket.url).toBe("wss://bbb-01.cluster.test/bbb-01/html5client/sockjs/000/abcdefgh/websocket");
    expect(socket.sent[1]).toBe(
      '["{\\"msg\\":\\"sub\\",\\"id\\":\\"1\\",\\"name\\":\\"meeting\\",\\"params\\":[\\"abc\\"]}"]',
    );
    expect(names).toEqual(["Algebra"]);
  });
});

/** Answers requests with these JSON values by address, and 404 otherwise; returns what was asked. */
function answering(answers: Record<string, unknown>): { url: string; options: RequestInit }[] {
  const asked: { url: string; options: RequestInit }[] = [];
  vi.stubGlobal("fetch", async (url: string, options: RequestInit) => {
    asked.push({ url, options });
    return url in answers ? Response.json(answers[url]) : new Response("", { status: 404 });
  });
  return asked;
}

class FakeSocket {
  static last: FakeSocket;
  readonly sent: string[] = [];
  onopen?: () => void;
  onmessage?: (event: { data: string }) => void;
  onclose?: (event: { code: number; reason: string }) => void;

  constructor(readonly url: string) {
    FakeSocket.last = this;
  }

  send(text: string): void {
    this.sent.push(text);
  }

  hear(data: string): void {
    this.onmessage?.({ data });
  }
}
