import { createHash, createHmac } from "node:crypto";
import { cpSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

import type { LabUnderTest } from "../lab";

/** A recording of a tenant, as a node hands it over to the load balancer. */
export class Recording {
  readonly id: string;
  readonly page: string;

  /** @param film a video file */
  constructor(
    private readonly lab: LabUnderTest,
    private readonly tenant: string,
    private readonly name: string,
    private readonly film: string,
  ) {
    this.id = `${createHash("sha1").update(name).digest("hex")}-1790000000000`;
    this.page = `https://bbb-lb.cluster.test/playback/presentation/2.3/${this.id}`;
  }

  /** Uploads it with the secret of a node, as the node itself would; the HTTP status. */
  async upload(node: string): Promise<string> {
    const { stdout } = await this.lab.shell(`ssh ${node} bbb-conf --secret | sed -n 's/^ *Secret: //p'`);
    const claims = { aud: "bbb-lb.cluster.test", exp: Math.floor(Date.now() / 1000) + 600 };
    const token = signed({ kid: `bbb:${node}.cluster.test` }, claims, stdout.trim());
    const folder = mkdtempSync(join(tmpdir(), "recording-"));
    try {
      this.write(folder);
      const headers = `-H "Authorization: Bearer ${token}" -H "Content-Type: application/x-tar"`;
      const to = "https://bbb-lb.cluster.test/bbblb/api/v1/recording/upload";
      const send = `curl -s -o /dev/null -w '%{http_code}' ${headers} --data-binary @- ${to}`;
      return (await this.lab.shell(`tar -C ${folder} -cf - presentation | ${send}`)).stdout;
    } finally {
      rmSync(folder, { recursive: true });
    }
  }

  /** The status with which the load balancer answers for one of its files. */
  async status(file: string, ...options: string[]): Promise<string> {
    const url = `https://bbb-lb.cluster.test/presentation/${this.id}/${file}`;
    return (await this.lab.lab("run", "--", "curl", "-s", "-o", "/dev/null", "-w", "%{http_code}", ...options, url))
      .stdout;
  }

  private write(folder: string): void {
    const format = join(folder, "presentation", this.id);
    mkdirSync(join(format, "video"), { recursive: true });
    cpSync(this.film, join(format, "video/webcams.webm"));
    const meta = `<meetingId>${this.name}-bbblb-${this.tenant}</meetingId><meetingName>${this.name}</meetingName>`;
    const link = `<link>https://bbb-01.cluster.test/playback/presentation/2.3/${this.id}</link>`;
    const playback = `<format>presentation</format>${link}<duration>60000</duration><size>5</size>`;
    const state = "<state>published</state><published>true</published>";
    const times = "<start_time>1790000000000</start_time><end_time>1790000060000</end_time>";
    const rest = `<participants>2</participants><meta>${meta}<bbblb-tenant>${this.tenant}</bbblb-tenant></meta>`;
    const text = `<recording><id>${this.id}</id>${state}${times}${rest}<playback>${playback}</playback></recording>`;
    writeFileSync(join(format, "metadata.xml"), text);
  }
}

/** A JSON web token. */
function signed(header: object, claims: object, secret: string): string {
  const part = (value: object) => Buffer.from(JSON.stringify(value)).toString("base64url");
  const text = `${part({ alg: "HS256", typ: "JWT", ...header })}.${part(claims)}`;
  return `${text}.${createHmac("sha256", secret).update(text).digest("base64url")}`;
}
