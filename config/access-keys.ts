import { cidrs, cidrsOrNone, extraRules, sshPublicKeys } from "./access";
import { certificates } from "./certificates";
import { optional, required, withDefault } from "./row";
import { email, httpUrl } from "./text";

/** Certificates, and who gets in. */
export const accessKeys = {
  acmeEmail: required(email, {
    values: "e-mail address",
    description: "whom the certificate authority writes to",
    effect: "none",
    remedy: "pulumi config set acmeEmail admin@bbb.example.edu",
    example: "admin@bbb.example.edu",
  }),
  acmeDirectory: optional(httpUrl, {
    values: "URL",
    description: "directory URL of another ACME certificate authority than Let's Encrypt",
    effect: "the next certificate",
    remedy: "pulumi config rm acmeDirectory",
    example: "https://acme.example.com/directory",
  }),
  extraCaCertificates: withDefault(certificates, [], {
    values: "list of PEM certificates",
    description: "certificates that every machine shall trust besides the system's",
    effect: "every machine trusts them",
    remedy: `pulumi config set --path 'extraCaCertificates[0]' -- "$(cat ca.pem)"`,
    example: "- |\n  -----BEGIN CERTIFICATE-----\n  …\n  -----END CERTIFICATE-----",
    structured: "list",
  }),
  sshPublicKeys: withDefault(sshPublicKeys, [], {
    values: "list of OpenSSH public keys",
    description: "who may log in as root",
    effect: "every machine, at once: who is no longer listed no longer gets in",
    remedy: `pulumi config set --path 'sshPublicKeys[0]' "$(cat ~/.ssh/id_ed25519.pub)"`,
    example: "- ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIExampleExampleExampleExampleExampleExampleE admin@example.com",
    structured: "list",
  }),
  adminCidrs: required(cidrs, {
    values: "list of CIDRs",
    description: "from where SSH is allowed; the machine that runs pulumi must be among them",
    effect: "the firewalls change; keep yourself in the list",
    remedy: "pulumi config set --path 'adminCidrs[0]' 203.0.113.7/32 # with your own address",
    example: "- 203.0.113.7/32",
    structured: "list",
  }),
  monitoringCidrs: withDefault(cidrsOrNone, [], {
    values: "list of CIDRs",
    description:
      "from where a Prometheus may ask every machine for metrics, at port 9443 by TLS and a token; empty: machines have " +
      "no exporters, and nobody checks every five minutes whether people can meet",
    effect: "every machine gets exporters, or loses them; no service that people use is restarted",
    remedy: "pulumi config set --path 'monitoringCidrs[0]' 203.0.113.9/32 # with your Prometheus' address",
    example: "- 203.0.113.9/32",
    structured: "list",
  }),
  extraRules: withDefault(extraRules, [], {
    values: "list of `{to, protocol, port, from, why}`",
    description:
      "what you open besides, in Hetzner's firewalls and on the machines (a proxy has its own alone): `to` proxy, node, balancer or all, `protocol` tcp or " +
      "udp, `port` one or a range, `from` CIDRs, `why` in your words; dial-in, monitoring, backup",
    effect: "the firewalls change, no service is restarted",
    remedy: "pulumi config rm extraRules",
    example: '- { to: node, protocol: udp, port: 5060, from: [198.51.100.0/24], why: "dial-in, SIP" }',
    structured: "list",
  }),
};
