import { imageLabel, imagePartLabel, releaseLabel } from "../../plan/cluster-id";
import type { Hcloud } from "../hcloud";
import { Copy, type CopyWork } from "./copy";
import { administratorsOf, type FoundServer, idOf, parseServer, partsOf, serverOf, sshKeysOf } from "./objects";

/** With what an image is made; the signal ends the work at its next step, and what is there by then goes with `clean`. */
export interface MakerOptions extends CopyWork {
  api: Hcloud;
  /** The cluster's id. */
  cluster: string;
  /** Takes everything of the node away from the copy; resolves to the release that was on it. */
  seal?: (copy: Copy, address: string, work: CopyWork) => Promise<string>;
}

/** An image that was made. */
export interface MadeImage {
  id: number;
  description: string;
}

/** Makes an image of a node: of a copy that nobody else reaches, and of which everything of the node is taken away. */
export class ImageMaker {
  private readonly api: Hcloud;
  private readonly part: Record<string, string>;

  constructor(private readonly options: MakerOptions) {
    this.api = options.api.until(options.signal);
    this.part = { [imagePartLabel]: options.cluster };
  }

  /** Resolves to the image; rejects with a sentence when there is none. Call `clean` in any case. */
  async make(node: string): Promise<MadeImage> {
    const { cluster, progress, seal = sealBySsh } = this.options;
    const server = await serverOf(this.api, cluster, node);
    progress.wait("removes what an earlier run has left");
    await this.clean();
    progress.wait(`copies the disk of ${node}, which goes on meanwhile`);
    const disk = await this.snapshot(server, `${node}, with its secrets: to be deleted`, this.part);
    progress.say(`the disk of ${node} is copied`);
    const copy = new Copy(node);
    try {
      progress.wait("starts the copy");
      const copied = await this.start(copy, server, disk);
      const release = await seal(copy, addressOf(copied), this.options);
      progress.say("nothing of the node is left on the copy");
      progress.wait("makes the image");
      // Not a shutdown, which would write down who the machine was.
      await this.api.post(`/servers/${copied.id}/actions/poweroff`, {});
      const description = `BigBlueButton ${release} of ${node}, without its secrets`;
      const labels = { [imageLabel]: cluster, [releaseLabel]: release };
      return { id: await this.snapshot(copied, description, labels), description };
    } finally {
      copy.forget();
    }
  }

  /** Removes everything that was needed only to make an image, by this run or another. */
  async clean(): Promise<void> {
    const { api, cluster } = this.options;
    for (const path of await partsOf(api, cluster)) await api.delete(path);
  }

  private async snapshot({ id }: FoundServer, description: string, labels: Record<string, string>): Promise<number> {
    const path = `/servers/${id}/actions/create_image`;
    return idOf((await this.api.post(path, { type: "snapshot", description, labels }))["image"]);
  }

  /** In no network of the cluster, let in by SSH alone, and let out to nobody: it is still the node, with its secrets. */
  private async start(copy: Copy, server: FoundServer, image: number): Promise<FoundServer> {
    const { cluster } = this.options;
    const rules = [
      {
        ...{ direction: "in", protocol: "tcp", port: "22" },
        source_ips: await administratorsOf(this.api, cluster),
      },
      // Hetzner's metadata. One such rule forbids everything else.
      { direction: "out", protocol: "tcp", port: "80", destination_ips: ["169.254.169.254/32"] },
    ];
    const named = { name: copy.name, labels: this.part };
    const firewall = idOf((await this.api.post("/firewalls", { ...named, rules }))["firewall"]);
    const answer = await this.api.post("/servers", {
      ...{ ...named, image, server_type: server.server_type.name, location: server.location.name },
      ...{ firewalls: [{ firewall }], ssh_keys: await sshKeysOf(this.api, cluster), user_data: copy.userData },
    });
    return parseServer(answer["server"]);
  }
}

const sealBySsh: NonNullable<MakerOptions["seal"]> = (copy, address, work) => copy.seal(address, work);

function addressOf({ public_net: { ipv4 } }: FoundServer): string {
  if (ipv4 === null) throw new Error("Hetzner has given the copy no IPv4 address");
  return ipv4.ip;
}
