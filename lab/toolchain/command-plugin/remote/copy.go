package remote

import (
	"context"

	p "github.com/pulumi/pulumi-go-provider"
	"github.com/pulumi/pulumi-go-provider/infer"
	"github.com/pulumi/pulumi-go-provider/infer/types"
	"github.com/pulumi/pulumi/sdk/v3/go/common/resource"
)

// CopyToRemote copies a text, a file or a folder to a remote machine.
type CopyToRemote struct{}

// CopyToRemoteInputs are what the program says about a CopyToRemote.
type CopyToRemoteInputs struct {
	Connection *Connection          `pulumi:"connection" provider:"secret"`
	Source     types.AssetOrArchive `pulumi:"source"`
	RemotePath string               `pulumi:"remotePath"`
	Triggers   *[]any               `pulumi:"triggers,optional" provider:"replaceOnChanges"`
}

// CopyToRemoteOutputs are the state of a CopyToRemote: its inputs.
type CopyToRemoteOutputs struct {
	CopyToRemoteInputs
}

// Check accepts only sources that need no download and no unpacking.
func (CopyToRemote) Check(
	ctx context.Context, req infer.CheckRequest,
) (infer.CheckResponse[CopyToRemoteInputs], error) {
	inputs, failures, err := infer.DefaultCheck[CopyToRemoteInputs](ctx, req.NewInputs)
	if failure := checkSource(inputs.Source); failure != nil {
		failures = append(failures, *failure)
	}
	return infer.CheckResponse[CopyToRemoteInputs]{Inputs: inputs, Failures: failures}, err
}

func checkSource(source types.AssetOrArchive) *p.CheckFailure {
	switch asset, archive := source.Asset, source.Archive; {
	case asset == nil && archive == nil:
		return &p.CheckFailure{Property: "asset", Reason: "either asset or archive must be set"}
	case asset != nil && !asset.IsPath() && !asset.IsText():
		return &p.CheckFailure{Property: "asset", Reason: "asset must be a path-based file asset or a text asset"}
	case archive != nil && !archive.IsPath():
		return &p.CheckFailure{Property: "archive", Reason: "archive must be a path to a file or directory"}
	}
	return nil
}

// Create copies the source.
func (CopyToRemote) Create(
	ctx context.Context, req infer.CreateRequest[CopyToRemoteInputs],
) (infer.CreateResponse[CopyToRemoteOutputs], error) {
	response := infer.CreateResponse[CopyToRemoteOutputs]{Output: CopyToRemoteOutputs{req.Inputs}}
	if req.DryRun {
		return response, nil
	}
	if err := req.Inputs.copy(ctx); err != nil {
		return response, err
	}
	id, err := resource.NewUniqueHex("", 8, 0)
	response.ID = id
	return response, err
}

// Update copies everything again if the source or its destination changed.
func (CopyToRemote) Update(
	ctx context.Context, req infer.UpdateRequest[CopyToRemoteInputs, CopyToRemoteOutputs],
) (infer.UpdateResponse[CopyToRemoteOutputs], error) {
	response := infer.UpdateResponse[CopyToRemoteOutputs]{Output: CopyToRemoteOutputs{req.Inputs}}
	if req.DryRun || !req.Inputs.differFrom(&req.State.CopyToRemoteInputs) {
		return response, nil
	}
	return response, req.Inputs.copy(ctx)
}

func (i *CopyToRemoteInputs) differFrom(old *CopyToRemoteInputs) bool {
	return i.RemotePath != old.RemotePath || fingerprint(i.Source) != fingerprint(old.Source)
}

// fingerprint stands for the contents; the engine passes on no more than the hash of an old asset.
func fingerprint(source types.AssetOrArchive) string {
	switch {
	case source.Asset != nil:
		return "asset " + source.Asset.Hash
	case source.Archive != nil:
		return "archive " + source.Archive.Hash
	}
	return ""
}
