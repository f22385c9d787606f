import { EventEmitter, once } from "node:events";
import { createServer, type Server, type Socket } from "node:net";
import { createInterface } from "node:readline";

/** A mail as it came. */
export interface Mail {
  to: string;
  subject: string;
  text: string;
}

/** A mail server that takes every mail and keeps it. */
export class MailSink {
  readonly mails: Mail[] = [];
  private readonly arrivals = new EventEmitter().setMaxListeners(0);
  private readonly sockets = new Set<Socket>();
  private readonly server: Server = createServer((socket) => {
    this.sockets.add(socket.on("error", () => socket.destroy()).on("close", () => this.sockets.delete(socket)));
    this.converse(socket).catch(() => socket.destroy());
  });

  async listen(port: number): Promise<void> {
    this.server.listen(port, "127.0.0.1");
    await once(this.server, "listening");
  }

  close(): void {
    this.server.close();
    for (const socket of this.sockets) socket.destroy();
  }

  /** The first mail with a subject that begins so, as soon as it is there. */
  async mail(subject: string): Promise<Mail> {
    for (;;) {
      const found = this.mails.find((mail) => mail.subject.startsWith(subject));
      if (found) return found;
      await once(this.arrivals, "mail");
    }
  }

  private async converse(socket: Socket): Promise<void> {
    const say = (line: string) => socket.write(`${line}\r\n`);
    say("220 sink");
    let to = "";
    let data: string[] | undefined;
    for await (const line of createInterface({ input: socket, crlfDelay: Number.POSITIVE_INFINITY })) {
      if (data === undefined) {
        to = line.match(/^RCPT TO:<(.*)>/i)?.[1] ?? to;
        if (line === "DATA") data = [];
        say(line === "DATA" ? "354 go on" : line === "QUIT" ? "221 bye" : "250 sink");
      } else if (line !== ".") {
        data.push(line);
      } else {
        say("250 kept");
        this.keep(to, data);
        data = undefined;
      }
    }
  }

  private keep(to: string, lines: string[]): void {
    const subject = lines.find((line) => line.startsWith("Subject: "))?.slice("Subject: ".length) ?? "";
    this.mails.push({ to, subject, text: readable(lines.join("\n")) });
    this.arrivals.emit("mail");
  }
}

/** Without the quotation that mails are sent in. */
function readable(text: string): string {
  const joined = text.replaceAll("=\n", "");
  return joined.replaceAll(/=([0-9A-F]{2})/g, (_, code: string) => String.fromCharCode(Number.parseInt(code, 16)));
}
