// A plugin compatible with the part of pulumi-resource-command 1.2.1 that this project uses.
package main

import (
	"context"
	"fmt"
	"os"

	"github.com/pulumi/pulumi-go-provider/infer"

	"bbb-cluster/toolchain/command-plugin/remote"
)

// The version of the published plugin; the Node SDK asks for exactly this one.
const version = "1.2.1"

func main() {
	plugin, err := infer.NewProviderBuilder().
		WithDisplayName("Command").
		WithResources(
			infer.Resource(remote.Command{}),
			infer.Resource(remote.CopyToRemote{}),
		).
		Build()
	if err == nil {
		err = plugin.Run(context.Background(), "command", version)
	}
	if err != nil {
		fmt.Fprintf(os.Stderr, "Error: %s\n", err)
		os.Exit(1)
	}
}
