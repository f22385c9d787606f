import { spawn } from "node:child_process";
import { once } from "node:events";
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { join } from "node:path";
import { expect, onTestFinished, test } from "vitest";

// Pulumi's own copies, as the plugin uses them.
const fromPulumi = createRequire(require.resolve("@pulumi/pulumi/package.json"));
const grpc = fromPulumi("@grpc/grpc-js");
const { Struct } = fromPulumi("google-protobuf/google/protobuf/struct_pb");
const { ResourceProviderClient } = fromPulumi("@pulumi/pulumi/proto/provider_grpc_pb");
const messages = fromPulumi("@pulumi/pulumi/proto/provider_pb");

interface Recorded {
  name: string;
  request: { urn: string; olds: object; oldInputs: object; news: object };
  response: {
    changes: string;
    replaces?: string[];
    diffs?: string[];
    detailedDiff?: object;
    properties: Record<string, unknown>;
  };
}

const traces = join(__dirname, "..", "..", "lab", "toolchain", "command-plugin", "testdata", "traces");
const unknown = "04da6b54-80e4-46f7-96ec-b56ff0331ba9";

test("the command plugin of these tests plans as the published one did in its recordings", async () => {
  const client = await startPlugin();
  for (const { name, request, response } of recorded("command-diff", "copytoremote-diff")) {
    const answer = await ask(client, "diff", message(new messages.DiffRequest(), request));
    const paths = [...answer.getDetaileddiffMap().keys()].filter((path) => path.startsWith("triggers"));
    const planned = { changes: answer.getChanges(), keys: answer.getDiffsList().sort() };
    const expected = {
      changes: messages.DiffResponse.DiffChanges[response.changes],
      keys: [...(response.diffs ?? [])].sort(),
    };
    expect([name, planned, answer.getReplacesList()]).toEqual([name, expected, response.replaces ?? []]);
    const expectedPaths = Object.keys(response.detailedDiff ?? {}).filter((path) => path.startsWith("triggers"));
    expect([name, paths.sort()]).toEqual([name, expectedPaths.map((path) => path.split(".")[0]).sort()]);
  }
  for (const { name, request, response } of recorded("command-update-preview")) {
    const sent = message(new messages.UpdateRequest(), request).setPreview(true);
    const { stdout } = (await ask(client, "update", sent)).getProperties().toJavaScript();
    expect([name, stdout === unknown]).toEqual([name, response.properties["stdout"] === unknown]);
  }
});

/** The engine takes the wrapping off secrets and what is ignored out of inputs, so what is only about that is left out. */
function recorded(...files: string[]): Recorded[] {
  return files
    .map((file) => JSON.parse(readFileSync(join(traces, `${file}.json`), "utf8")))
    .flatMap(({ calls, connections }) => (calls as Recorded[]).map((call) => fill(call, connections) as Recorded))
    .filter(({ name }) => !/secret|ignoreChanges|connection unknown|__defaults|no oldInputs/.test(name));
}

const kind = "4dabf18193072939515e22adb298388d";
const secret = "1b47061264138c4ac30d75fd1eb44270";

/** Puts connections in their places and takes the wrapping off secrets. */
function fill(value: unknown, connections: Record<string, unknown>): unknown {
  if (typeof value === "string") return value in connections ? fill(connections[value], {}) : value;
  if (Array.isArray(value)) return value.map((each) => fill(each, connections));
  if (typeof value !== "object" || value === null) return value;
  const object = value as Record<string, unknown>;
  if (object[kind] === secret) return fill(object["value"], connections);
  return Object.fromEntries(Object.entries(object).map(([key, inner]) => [key, fill(inner, connections)]));
}

// biome-ignore lint/suspicious/noExplicitAny: Pulumi's messages have no types that can be imported here
type Message = any;

async function startPlugin(): Promise<Message> {
  const plugin = spawn(process.execPath, [join(__dirname, "command-plugin", "plugin.mjs")], { stdio: "pipe" });
  onTestFinished(() => void plugin.kill());
  const [port] = await once(plugin.stdout.setEncoding("utf8"), "data");
  return new ResourceProviderClient(`127.0.0.1:${String(port).trim()}`, grpc.credentials.createInsecure());
}

function message(empty: Message, { urn, olds, oldInputs, news }: Recorded["request"]): Message {
  const struct = (value: object) => Struct.fromJavaScript(value);
  return empty.setUrn(urn).setOlds(struct(olds)).setOldInputs(struct(oldInputs)).setNews(struct(news));
}

function ask(client: Message, method: string, request: Message): Promise<Message> {
  return new Promise((resolve, reject) => {
    client[method](request, (error: Error | null, answer: Message) => (error ? reject(error) : resolve(answer)));
  });
}
