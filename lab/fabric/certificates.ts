import { existsSync } from "node:fs";
import { appendFile, mkdir, readFile, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";

import type { Lab } from "../paths";
import { infrastructureNames } from "./addresses";
import { run } from "./shell";

const hostBundle = "/etc/ssl/certs/ca-certificates.crt";

/** Certificate and key (PEM files) that the lab's own servers show. */
export interface ServerCertificate {
  certificate: string;
  key: string;
}

/** Makes the lab's infrastructure CA and its servers' certificate if they are missing. */
export async function ensureInfrastructureCa(lab: Lab): Promise<ServerCertificate> {
  const at = (name: string) => join(lab.ca, name);
  const server = { certificate: at("server.pem"), key: at("server.key") };
  if (existsSync(server.certificate)) return server;
  await rm(lab.ca, { recursive: true, force: true });
  await mkdir(lab.ca, { recursive: true, mode: 0o700 });
  await writeFile(at("openssl.cnf"), opensslConfig(Object.keys(infrastructureNames)));
  const ca = ["-subj", "/CN=Lab infrastructure CA", "-days", "3650", "-extensions", "ca"];
  await run("openssl", [...request(at("openssl.cnf")), ...ca, "-keyout", at("ca.key"), "-out", at("ca.pem")]);
  await issue(lab, "/CN=lab.test", at("openssl.cnf"), server);
  return server;
}

/** Makes the certificate of one more of the lab's own servers, by the CA that is there. */
export async function ensureServerCertificate(lab: Lab, name: string): Promise<ServerCertificate> {
  const at = (extension: string) => join(lab.ca, `${name}.${extension}`);
  const server = { certificate: at("pem"), key: at("key") };
  if (existsSync(server.certificate)) return server;
  await writeFile(at("cnf"), opensslConfig([name]));
  await issue(lab, `/CN=${name}`, at("cnf"), server);
  return server;
}

function request(config: string): string[] {
  const key = ["-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-noenc"];
  return ["req", "-x509", "-config", config, ...key];
}

async function issue(lab: Lab, subject: string, config: string, server: ServerCertificate): Promise<void> {
  const by = ["-CA", join(lab.ca, "ca.pem"), "-CAkey", join(lab.ca, "ca.key")];
  const args = [...request(config), "-subj", subject, "-days", "3650", "-extensions", "server", ...by];
  await run("openssl", [...args, "-keyout", server.key, "-out", server.certificate]);
}

function opensslConfig(names: readonly string[]): string {
  return `[req]
distinguished_name = name
prompt = no
[name]
[ca]
basicConstraints = critical, CA:true
keyUsage = critical, keyCertSign, cRLSign
subjectKeyIdentifier = hash
[server]
basicConstraints = critical, CA:false
keyUsage = critical, digitalSignature
extendedKeyUsage = serverAuth
subjectKeyIdentifier = hash
authorityKeyIdentifier = keyid
subjectAltName = ${names.map((name) => `DNS:${name}`).join(", ")}
`;
}

/** Writes the lab's trusted roots: its infrastructure CA, what was trusted before, and the host's roots beside them. */
export async function ensureTrust(lab: Lab): Promise<void> {
  await trust(lab, await readFile(join(lab.ca, "ca.pem"), "utf8"));
  const host = await readFile(hostBundle, "utf8").catch(() => "");
  await writeFile(lab.caBundle, `${host.trimEnd()}\n${await readFile(lab.caCertificates, "utf8")}`);
}

/** Adds a root (PEM) to what clients of the lab trust; nothing happens if it is known. */
export async function trust(lab: Lab, root: string): Promise<void> {
  const known = await readFile(lab.caCertificates, "utf8").catch(() => "");
  if (known.includes(root.trim())) return;
  // Appended in place: the bundle is bind-mounted, a new file would not be seen there.
  await appendFile(lab.caCertificates, `${root.trim()}\n`);
  await appendFile(lab.caBundle, `${root.trim()}\n`);
}
