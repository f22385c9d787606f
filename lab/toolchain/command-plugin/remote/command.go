package remote

import (
	"context"
	"strings"

	"github.com/pulumi/pulumi-go-provider/infer"
	"github.com/pulumi/pulumi/sdk/v3/go/common/resource"
)

// Command runs a command on a remote machine when it is created, updated or deleted.
type Command struct{}

// CommandInputs are what the program says about a Command.
type CommandInputs struct {
	Connection             *Connection       `pulumi:"connection" provider:"secret"`
	Create                 *string           `pulumi:"create,optional"`
	Update                 *string           `pulumi:"update,optional"`
	Delete                 *string           `pulumi:"delete,optional"`
	Stdin                  *string           `pulumi:"stdin,optional"`
	Environment            map[string]string `pulumi:"environment,optional"`
	Triggers               *[]any            `pulumi:"triggers,optional" provider:"replaceOnChanges"`
	Logging                *Logging          `pulumi:"logging,optional"`
	AddPreviousOutputInEnv *bool             `pulumi:"addPreviousOutputInEnv,optional"`
}

// CommandOutputs are the state of a Command: its inputs and what its last run printed.
type CommandOutputs struct {
	CommandInputs
	Stdout string `pulumi:"stdout"`
	Stderr string `pulumi:"stderr"`
}

// Create runs the create command.
func (Command) Create(
	ctx context.Context, req infer.CreateRequest[CommandInputs],
) (infer.CreateResponse[CommandOutputs], error) {
	id, err := resource.NewUniqueHex(req.Name, 8, 0)
	if err != nil {
		return infer.CreateResponse[CommandOutputs]{}, err
	}
	state := CommandOutputs{CommandInputs: req.Inputs}
	if !req.DryRun && req.Inputs.Create != nil {
		err = state.run(ctx, *req.Inputs.Create, nil)
	}
	return infer.CreateResponse[CommandOutputs]{ID: id, Output: state}, err
}

// Update runs the update command, for want of one the create command, on any change.
func (Command) Update(
	ctx context.Context, req infer.UpdateRequest[CommandInputs, CommandOutputs],
) (infer.UpdateResponse[CommandOutputs], error) {
	state := CommandOutputs{CommandInputs: req.Inputs, Stdout: req.State.Stdout, Stderr: req.State.Stderr}
	command := req.Inputs.Update
	if command == nil {
		command = req.Inputs.Create
	}
	var err error
	if !req.DryRun && command != nil {
		err = state.run(ctx, *command, req.State.previousOutput(req.Inputs.AddPreviousOutputInEnv))
	}
	return infer.UpdateResponse[CommandOutputs]{Output: state}, err
}

// Delete runs the delete command with everything as recorded in the state.
func (Command) Delete(
	ctx context.Context, req infer.DeleteRequest[CommandOutputs],
) (infer.DeleteResponse, error) {
	state := req.State
	if state.Delete == nil {
		return infer.DeleteResponse{}, nil
	}
	return infer.DeleteResponse{}, state.run(ctx, *state.Delete, state.previousOutput(state.AddPreviousOutputInEnv))
}

// previousOutput returns the variables by which a command sees what the last one printed.
func (o *CommandOutputs) previousOutput(wanted *bool) []variable {
	if !valueOr(wanted, true) {
		return nil
	}
	var variables []variable
	if o.Stdout != "" {
		variables = append(variables, variable{"PULUMI_COMMAND_STDOUT", o.Stdout})
	}
	if o.Stderr != "" {
		variables = append(variables, variable{"PULUMI_COMMAND_STDERR", o.Stderr})
	}
	return variables
}

// run executes the command on the machine and records what it printed.
func (o *CommandOutputs) run(ctx context.Context, command string, previousOutput []variable) error {
	client, err := o.Connection.dial(ctx)
	if err != nil {
		return err
	}
	defer client.Close()
	printed, err := execute(ctx, client, execution{
		command:        command,
		stdin:          valueOr(o.Stdin, ""),
		environment:    o.Environment,
		previousOutput: previousOutput,
		logging:        valueOr(o.Logging, logStdoutAndStderr),
	})
	if err != nil {
		return err
	}
	o.Stdout = strings.TrimSuffix(printed.stdout.String(), "\n")
	o.Stderr = strings.TrimSuffix(printed.stderr.String(), "\n")
	return nil
}
