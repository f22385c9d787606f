import { maintenance, repairs } from "./fields";
import { administratorNodeFiles, nodeHook } from "./node-files";
import { propertyOverrides, treeOverrides } from "./overrides";
import { optional, required, withDefault } from "./row";
import { boolean, choice, integer, text } from "./text";

/** Own settings, and how changes are made. */
export const operationKeys = {
  bbbWebProperties: withDefault(
    propertyOverrides,
    {},
    {
      values: "object",
      description: "your own keys for bbb-web.properties on every node; keys managed by the cluster are rejected",
      effect: "every node is configured, when `restart` allows it",
      remedy: "pulumi config set --path 'bbbWebProperties.defaultWelcomeMessage' 'Welcome!'",
      example: "{ defaultWelcomeMessage: Welcome! }",
      structured: "object",
      secret: "possible",
    },
  ),
  bbbHtml5: withDefault(
    treeOverrides,
    {},
    {
      values: "object, as a tree",
      description: "your own settings for bbb-html5.yml on every node; keys managed by the cluster are rejected",
      effect: "every node is configured, when `restart` allows it",
      remedy: "pulumi config set --path 'bbbHtml5.public.app.helpLink' https://help.example.com",
      example: "{ public: { app: { helpLink: https://help.example.com } } }",
      structured: "object",
      secret: "possible",
    },
  ),
  nodeFiles: withDefault(administratorNodeFiles, [], {
    values: "list of `{path, source, mode, restart}`",
    description:
      "your own files on every node: `path` there, `source` beside Pulumi.yaml, `mode` (0644), `restart` the units that " +
      "read it; put back after upgrades",
    effect:
      "every node is configured, when `restart` allows it; who leaves the list goes back to what was there before",
    remedy: "pulumi config rm nodeFiles",
    example: "- { path: /var/www/bigbluebutton-default/assets/default.pdf, source: files/default.pdf, restart: [] }",
    structured: "list",
  }),
  nodeHook: optional(nodeHook, {
    values: "file beside Pulumi.yaml",
    description:
      "a script of your own, run as root on a node before its first route opens, when it or `nodeFiles` change, and " +
      "after upgrades of BigBlueButton",
    effect: "it is run on every node, whether people are there or not",
    remedy: "pulumi config rm nodeHook",
    example: "files/node-hook.sh",
  }),
  restart: withDefault(choice("whenEmpty", "now"), "whenEmpty", {
    values: "`whenEmpty`, `now`",
    description:
      "`whenEmpty`: a change that would end meetings is kept on the node until nobody is there (`npm run rollout`, or " +
      "the maintenance window); `now`: it is made at once",
    effect: "the next change",
    remedy: "pulumi config set restart whenEmpty",
  }),
  drainTimeoutMinutes: withDefault(integer(1, 1440), 60, {
    values: "1 to 1440",
    description: "for how long `npm run leave` and `npm run rollout` wait until a node is empty",
    effect: "the next of them; no `pulumi up` waits",
    remedy: "pulumi config set drainTimeoutMinutes 120",
  }),
  logDays: withDefault(integer(1, 365), 7, {
    values: "1 to 365",
    description:
      "for how many days the proxy keeps nginx's logs, in which addresses are shortened and queries left out",
    effect: "the next night",
    remedy: "pulumi config set logDays 7",
  }),
  maintenance: withDefault(
    maintenance,
    { window: "02:00-05:00", timezone: "Europe/Berlin", securityUpdates: true },
    {
      values: "`{window, timezone, securityUpdates}`",
      description:
        "when machines get security updates of Ubuntu and Debian: from HH:MM to HH:MM in an IANA time zone; held " +
        "packages, restarts and reboots wait for a node that is empty then; `securityUpdates: false` switches them off",
      effect: "every machine has another timer; nothing restarts",
      remedy: "pulumi config rm maintenance",
      example: "{ window: 02:00-05:00, timezone: Europe/Berlin, securityUpdates: true }",
      structured: "object",
    },
  ),
  discardRecordings: withDefault(boolean, false, {
    values: "`true`, `false`",
    description:
      "whether a node may be removed with recordings that are still in work on it, or that nobody else has; without a " +
      "load balancer that takes recordings these are all of them",
    effect: "from the next `pulumi up` on, for nodes that are removed after it",
    remedy: "pulumi config set discardRecordings false",
  }),
  protect: withDefault(boolean, true, {
    values: "`true`, `false`",
    description:
      "whether Pulumi refuses to delete machines and anything that belongs to them: address, name, route; a node that " +
      "is draining is not protected",
    effect: "from the next `pulumi up` on, which shows no change",
    remedy: "pulumi config set protect false",
  }),
  repair: withDefault(
    repairs,
    {},
    {
      values: "object by machine name",
      description: "written by `npm run drift`, so that `pulumi up` puts right what was changed by hand",
      effect: "that machine is configured again",
      remedy: "pulumi config set --path 'repair.bbb-01' \"$(date)\"",
      example: "{ bbb-01: 0a1b2c3d 2026-01-01T00:00:00.000Z }",
      structured: "object",
    },
  ),
  clusterSecret: required(text("a secret of at least 64 hexadecimal digits", /^[0-9a-f]{64,}$/i), {
    values: "secret",
    description: "root of the machines' SSH host keys and of the key that Pulumi logs in with",
    effect: "refused, until `npm run rotate` has given every machine the new keys",
    // Not on a stack that has machines: there, the value that it was made with has to come back, or `rotate` to be run.
    remedy: "pulumi config set --secret clusterSecret $(openssl rand -hex 32) # on a new stack only",
    secret: "always",
  }),
};
