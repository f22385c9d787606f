// A command plugin without SSH: what would be run on a machine is sent to the rig, which says what came of it.
// It plans as the published plugin 1.2.1 does (toolchain's command-plugin/testdata/traces).
import { createHash, randomBytes } from "node:crypto";
import { request } from "node:http";
import { createRequire } from "node:module";

// Pulumi's own copies of gRPC and of its protocol.
const require = createRequire(createRequire(import.meta.url).resolve("@pulumi/pulumi/package.json"));
const grpc = require("@grpc/grpc-js");
const { Empty } = require("google-protobuf/google/protobuf/empty_pb");
const { Struct } = require("google-protobuf/google/protobuf/struct_pb");
const { ResourceProviderService } = require("@pulumi/pulumi/proto/provider_grpc_pb");
const proto = require("@pulumi/pulumi/proto/provider_pb");
const { PluginInfo } = require("@pulumi/pulumi/proto/plugin_pb");

const version = "1.2.1";
const unknown = "04da6b54-80e4-46f7-96ec-b56ff0331ba9";
const signature = "4dabf18193072939515e22adb298388d";
const results = ["stdout", "stderr"];
const connectionDefaults = { user: "root", port: 22, dialErrorLimit: 10, perDialTimeout: 15 };

const handlers = {
  getPluginInfo: () => new PluginInfo().setVersion(version),
  getSchema: () => new proto.GetSchemaResponse().setSchema(JSON.stringify({ name: "command", version })),
  checkConfig: ({ news }) => new proto.CheckResponse().setInputs(news),
  diffConfig: () => new proto.DiffResponse().setChanges(proto.DiffResponse.DiffChanges.DIFF_NONE),
  configure: () => new proto.ConfigureResponse().setSupportspreview(true),
  // A running script is not stopped, as in the published plugin.
  cancel: () => new Empty(),
  check: ({ news }) => {
    const inputs = news.toJavaScript();
    const connection = inputs.connection === unknown ? unknown : { ...connectionDefaults, ...inputs.connection };
    return new proto.CheckResponse().setInputs(Struct.fromJavaScript({ ...inputs, connection }));
  },
  diff: ({ oldInputs, news }) => {
    const [old, inputs] = [oldInputs.toJavaScript(), news.toJavaScript()];
    const changed = changedKeys(old, inputs);
    const { DIFF_SOME, DIFF_NONE } = proto.DiffResponse.DiffChanges;
    const response = new proto.DiffResponse().setChanges(changed.length > 0 ? DIFF_SOME : DIFF_NONE);
    response.setDiffsList(changed).setHasdetaileddiff(true);
    for (const key of changed) {
      const paths = pathsOf(key, old[key], inputs[key]);
      // The SDK asks for a replacement when an element of the triggers changes; of the whole list the plugin says so.
      const replaces = key === "triggers" && paths[0] === key;
      if (replaces) response.addReplaces(key);
      const { UPDATE, UPDATE_REPLACE } = proto.PropertyDiff.Kind;
      for (const path of paths) {
        response.getDetaileddiffMap().set(path, new proto.PropertyDiff().setKind(replaces ? UPDATE_REPLACE : UPDATE));
      }
    }
    return response;
  },
  create: async ({ urn, properties, preview }) => {
    const inputs = properties.toJavaScript();
    const outcome = preview ? unknownResults(urn) : await contact(urn, "create", inputs, inputs.create);
    const id = preview && isCopy(urn) ? "" : randomBytes(4).toString("hex");
    return new proto.CreateResponse().setId(id).setProperties(Struct.fromJavaScript({ ...inputs, ...outcome }));
  },
  update: async ({ urn, olds, news, preview }) => {
    const [old, inputs] = [olds.toJavaScript(), news.toJavaScript()];
    const outcome = await updated(urn, old, inputs, preview);
    return new proto.UpdateResponse().setProperties(Struct.fromJavaScript({ ...inputs, ...outcome }));
  },
  delete: async ({ urn, properties }) => {
    const state = properties.toJavaScript();
    if (state.delete !== undefined) await contact(urn, "delete", state, state.delete);
    return new Empty();
  },
  read: ({ id, properties, inputs }) => new proto.ReadResponse().setId(id).setProperties(properties).setInputs(inputs),
};

async function updated(urn, old, inputs, preview) {
  if (isCopy(urn)) {
    const differs = changedKeys(old, inputs).some((key) => key === "source" || key === "remotePath");
    return differs && !preview ? contact(urn, "update", inputs) : {};
  }
  const kept = Object.fromEntries(results.map((key) => [key, old[key] ?? ""]));
  if (preview) return changedKeys(old, inputs).some((key) => key in old) ? unknownResults(urn) : kept;
  const command = inputs.update ?? inputs.create;
  return command === undefined ? kept : contact(urn, "update", inputs, command);
}

/** The inputs that differ; an asset is what its hash says, because of an old one the engine passes on no more. */
function changedKeys(old, inputs) {
  const keys = new Set([...Object.keys(old), ...Object.keys(inputs)].filter((key) => !results.includes(key)));
  return [...keys].filter((key) => canonical(old[key]) !== canonical(inputs[key]));
}

/** The elements that differ, of a list; else the key itself. */
function pathsOf(key, old, now) {
  if (!Array.isArray(old) || !Array.isArray(now)) return [key];
  const places = [...Array(Math.max(old.length, now.length)).keys()];
  return places.filter((at) => canonical(old[at]) !== canonical(now[at])).map((at) => `${key}[${at}]`);
}

function canonical(value) {
  if (value?.[signature] !== undefined) return JSON.stringify(["asset", value.hash]);
  return JSON.stringify(value, (_, inner) => {
    const isObject = typeof inner === "object" && inner !== null && !Array.isArray(inner);
    return isObject ? Object.fromEntries(Object.entries(inner).sort()) : inner;
  });
}

const isCopy = (urn) => urn.split("::")[2].endsWith(":CopyToRemote");
const unknownResults = (urn) => (isCopy(urn) ? {} : { stdout: unknown, stderr: unknown });

/** Asks the rig, which answers when the step is over: `{"stdout"}` or `{"error"}`. */
async function contact(urn, operation, inputs, command = null) {
  const { connection, stdin = "", source, remotePath = null } = inputs;
  const sha256 = createHash("sha256").update(stdin).digest("hex");
  const call = {
    urn,
    operation,
    host: connection.host,
    command,
    stdin,
    sha256,
    remotePath,
    source: source?.hash ?? null,
  };
  const { stdout = "", error } = isCopy(urn) || command !== null ? await ask(call) : {};
  if (error !== undefined) throw new Error(error);
  return isCopy(urn) ? {} : { stdout, stderr: "" };
}

function ask(call) {
  return new Promise((resolve, reject) => {
    const { ENGINE_RIG_COMMANDS: url } = process.env;
    const sent = request(url, { method: "POST" }, (response) => {
      let text = "";
      response.setEncoding("utf8").on("data", (chunk) => {
        text += chunk;
      });
      response.on("end", () => resolve(JSON.parse(text)));
      response.on("error", reject);
    });
    sent.on("error", reject);
    sent.end(JSON.stringify(call));
  });
}

function answering(handler) {
  return async ({ request: message }, callback) => {
    try {
      callback(null, await handler(fieldsOf(message)));
    } catch (error) {
      callback({ code: grpc.status.UNKNOWN, details: error.message });
    }
  };
}

/** The fields that handlers use; not every message has every one. */
function fieldsOf(message) {
  const names = ["id", "urn", "properties", "inputs", "preview", "olds", "oldInputs", "news"];
  const getter = (name) => message[`get${name[0].toUpperCase()}${name.slice(1)}`];
  return Object.fromEntries(names.filter(getter).map((name) => [name, getter(name).call(message)]));
}

const server = new grpc.Server({ "grpc.max_receive_message_length": -1, "grpc.max_send_message_length": -1 });
server.addService(
  ResourceProviderService,
  Object.fromEntries(Object.entries(handlers).map(([name, handler]) => [name, answering(handler)])),
);
server.bindAsync("127.0.0.1:0", grpc.ServerCredentials.createInsecure(), (error, port) => {
  if (error) throw error;
  process.stdout.write(`${port}\n`);
});
// The engine that started it is gone.
process.stdin.on("end", () => process.exit(0)).resume();
