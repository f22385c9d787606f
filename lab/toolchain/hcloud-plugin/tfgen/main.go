// Command tfgen writes schema.json and bridge-metadata.json, which the plugin embeds.
package main

import (
	"context"

	"github.com/pulumi/pulumi-terraform-bridge/v3/pkg/pf/tfgen"

	"bbb-cluster/toolchain/hcloud-plugin/provider"
)

func main() {
	tfgen.MainWithMuxer(provider.Name, provider.Info(context.Background()))
}
