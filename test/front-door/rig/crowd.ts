import { once } from "node:events";
import { connect, type TLSSocket } from "node:tls";

import type { FrontDoor } from "./front-door";
import { ADDRESS } from "./nginx";

/** People with a connection each, who ask for the same in the same moment. */
export class Crowd {
  private constructor(
    private readonly hostname: string,
    private readonly sockets: TLSSocket[],
  ) {}

  static async gather({ hostname, authority }: FrontDoor, people: number): Promise<Crowd> {
    const sockets: TLSSocket[] = [];
    for (let index = 0; index < people; index += 1) {
      const socket = connect({ host: ADDRESS, port: 443, servername: hostname, ca: authority });
      await once(socket, "secureConnect");
      sockets.push(socket);
    }
    return new Crowd(hostname, sockets);
  }

  /** How many got which status. */
  async ask(path: string): Promise<Record<string, number>> {
    const lines = [`GET ${path} HTTP/1.1`, `Host: ${this.hostname}`, "Accept-Encoding: gzip", "", ""];
    const answers = this.sockets.map(async (socket) => {
      const [part] = (await once(socket, "data")) as [Buffer];
      socket.resume();
      return part.toString("latin1").split(" ")[1] ?? "none";
    });
    for (const socket of this.sockets) socket.write(lines.join("\r\n"));
    const counted: Record<string, number> = {};
    for (const status of await Promise.all(answers)) counted[status] = (counted[status] ?? 0) + 1;
    return counted;
  }

  leave(): void {
    for (const socket of this.sockets) socket.destroy();
  }
}
