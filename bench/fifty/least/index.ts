import { remote } from "@pulumi/command";
import * as pulumi from "@pulumi/pulumi";

const config = new pulumi.Config();

for (let number = 1; number <= (config.getNumber("resources") ?? 0); number++) {
  new pulumi.ComponentResource("least:index:Nothing", `nothing-${number}`);
}

for (let number = 1; number <= (config.getNumber("nodes") ?? 0); number++) {
  const connection = { host: `10.0.1.${number}`, user: "root" };
  const restart = "bbb-conf --restart";
  new remote.Command(`bbb-${number}`, {
    connection,
    create: restart,
    update: restart,
    stdin: config.get("message") ?? "",
  });
}
