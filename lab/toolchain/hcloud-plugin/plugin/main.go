// Command plugin is pulumi-resource-hcloud.
package main

import (
	"context"
	_ "embed"

	"github.com/pulumi/pulumi-terraform-bridge/v3/pkg/pf/tfbridge"

	"bbb-cluster/toolchain/hcloud-plugin/provider"
)

//go:embed schema.json
var schema []byte

func main() {
	ctx := context.Background()
	tfbridge.MainWithMuxer(ctx, provider.Name, provider.Info(ctx), schema)
}
