import { largestVolumeGb, smallestVolumeGb } from "../plan/volumes";
import { backup } from "./backup";
import { loadBalancer } from "./load-balancer";
import { optional, required, withDefault } from "./row";
import { tenants } from "./tenants";
import { image, integer, text, word } from "./text";

/** Who is told when nodes come and go. */
export const balancerKeys = {
  loadBalancer: required(loadBalancer, {
    values: "`{kind: none}`, `{kind: none, hook}`, `{kind: scalelite, url, recordingSpool}`, `{kind: bbblb}`",
    description:
      "who decides on which node a meeting is created. `scalelite`: your own Scalelite, which the proxy tells over its " +
      "HTTP API when nodes come and go; `recordingSpool`, {host, user, directory, hostKey, port}, has nodes send their " +
      "recordings there by rsync. `bbblb`, experimental: BBBLB on a machine of the cluster's own, for the " +
      "frontends in `tenants`. `none`: nobody is told, and a closed node refuses new meetings itself; `hook`, " +
      "the path of a local script, is run as root on the proxy for any other balancer, with an event (enable, cordon, " +
      "remove or give-up) and the node's host name: no place for a secret",
    effect:
      "nodes are added to the new one, and stay in the old one until you remove them there; with `protect` false only",
    remedy:
      "pulumi config set --path loadBalancer.kind none # or: pulumi config set-all --path " +
      "--plaintext loadBalancer.kind=scalelite --plaintext loadBalancer.url=https://lb.example.com " +
      "--secret loadBalancerSecret=LOADBALANCER_SECRET",
    example: "{ kind: none }",
    structured: "object",
  }),
  loadBalancerSecret: optional(
    text("Scalelite's LOADBALANCER_SECRET, at least 8 characters without spaces", /^[\x21-\x7e]{8,}$/),
    {
      values: "secret",
      description: "the LOADBALANCER_SECRET of Scalelite, which `loadBalancer` of the kind scalelite needs",
      effect: "the proxy uses the new one",
      remedy: "pulumi config set --secret loadBalancerSecret LOADBALANCER_SECRET # of Scalelite's .env",
      secret: "always",
    },
  ),
  tenants: withDefault(tenants, [], {
    values: "list of `{name, host, secretVersion}`",
    description:
      "the frontends of `loadBalancer` of the kind bbblb: each has a host name of its own for the API, and a secret that " +
      "is in the output `tenants`; another `secretVersion` (1) gives it another secret",
    effect:
      "tenants come and go at the load balancer, with their names in its certificate and in DNS; one goes with `protect` false",
    remedy:
      "pulumi config set --path 'tenants[0].name' moodle && pulumi config set --path 'tenants[0].host' moodle.example.com",
    example: "- { name: moodle, host: moodle-meetings.example.com }",
    structured: "list",
  }),
  backup: optional(backup, {
    values: "`{repository, keepDaily, keepWeekly}`",
    description:
      "where the database and the recordings of `loadBalancer` of the kind bbblb are copied to each night, encrypted, by " +
      "restic: a Storage Box (sftp://u123@u123.your-storagebox.de:23/bbb), S3 (s3:https://host/bucket) or a folder of that " +
      "machine; keepDaily (7) and keepWeekly (4) copies stay. `npm run restore` brings them back",
    effect: "the load balancer is copied there at once; what was copied elsewhere stays there",
    remedy: "pulumi config set --path backup.repository sftp://u123@u123.your-storagebox.de:23/bbb",
    example: '{ repository: "sftp://u123@u123.your-storagebox.de:23/bbb" }',
    structured: "object",
  }),
  backupAccess: optional(text("ACCESS_KEY_ID:SECRET_ACCESS_KEY", /^[\x21-\x39\x3b-\x7e]{3,}:[\x21-\x7e]{8,}$/), {
    values: "secret",
    description:
      "the keys of S3 as ACCESS_KEY_ID:SECRET_ACCESS_KEY, which a `backup.repository` that begins with s3: needs",
    effect: "the next backup uses the new ones, and one is made at once",
    remedy: "pulumi config set --secret backupAccess ACCESS_KEY_ID:SECRET_ACCESS_KEY",
    secret: "always",
  }),
  balancerType: withDefault(word("a Hetzner server type such as cx33"), "cx33", {
    values: "Hetzner server type",
    description: "server type of the load balancer's machine",
    effect: "new machines only; replace a machine to give it another type",
    remedy: "pulumi config set balancerType cx33",
  }),
  balancerVolumeSize: withDefault(integer(smallestVolumeGb, largestVolumeGb), smallestVolumeGb, {
    values: `${smallestVolumeGb} to ${largestVolumeGb}, in GB`,
    description:
      "size of the volume with recordings and database of the load balancer of the kind bbblb, which outlives its machine; " +
      "a recording that comes in needs three times its size for a while",
    effect: "the volume grows while all goes on; less than it has is refused",
    remedy: "pulumi config set balancerVolumeSize 100",
  }),
  balancerImage: withDefault(image("debian-13"), "debian-13", {
    values: "image name",
    description: "image of the load balancer's machine; BBBLB needs Python 3.13",
    effect: "new machines only",
    remedy: "pulumi config set balancerImage debian-13",
  }),
};
