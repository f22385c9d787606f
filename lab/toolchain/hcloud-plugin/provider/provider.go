// Package provider describes the Hetzner Cloud Terraform provider to the Pulumi bridge, as the published plugin does.
package provider

import (
	"context"
	_ "embed"

	"github.com/hetznercloud/terraform-provider-hcloud/hcloud"
	pf "github.com/pulumi/pulumi-terraform-bridge/v3/pkg/pf/tfbridge"
	"github.com/pulumi/pulumi-terraform-bridge/v3/pkg/tfbridge"
	"github.com/pulumi/pulumi-terraform-bridge/v3/pkg/tfbridge/tokens"
	shim "github.com/pulumi/pulumi-terraform-bridge/v3/pkg/tfshim"
	shimv2 "github.com/pulumi/pulumi-terraform-bridge/v3/pkg/tfshim/sdk-v2"
)

// Name is the package name in tokens, schema and plugin file.
const Name = "hcloud"

// Version is set by the linker; the Node SDK asks for exactly this version.
var Version string

// An output of tfgen: "{}" while tfgen itself is built.
//
//go:embed bridge-metadata.json
var metadata []byte

// Info is what the bridge needs to know about the Terraform provider.
func Info(ctx context.Context) tfbridge.ProviderInfo {
	info := tfbridge.ProviderInfo{
		P:            pf.MuxShimWithPF(ctx, shimv2.NewProvider(hcloud.Provider()), hcloud.NewPluginProvider()),
		Name:         Name,
		Version:      Version,
		GitHubOrg:    "hetznercloud",
		MetadataInfo: tfbridge.NewProviderMetadata(metadata),
		Resources:    map[string]*tfbridge.ResourceInfo{},
	}
	stringIDs(&info)
	info.MustComputeTokens(tokens.SingleModule("hcloud_", "index", tokens.MakeStandard(Name)))
	info.MustApplyAutoAliases()
	info.SetAutonaming(255, "-")
	return info
}

// Pulumi ids are strings, while some of the Terraform resources have numbers.
func stringIDs(info *tfbridge.ProviderInfo) {
	info.P.ResourcesMap().Range(func(key string, resource shim.Resource) bool {
		if id, ok := resource.Schema().GetOk("id"); ok && id.Type() != shim.TypeString {
			info.Resources[key] = &tfbridge.ResourceInfo{
				Fields: map[string]*tfbridge.SchemaInfo{"id": {Type: "string"}},
			}
		}
		return true
	})
}
