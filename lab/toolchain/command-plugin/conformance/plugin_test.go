package conformance

import (
	"bufio"
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"time"

	pulumirpc "github.com/pulumi/pulumi/sdk/v3/proto/go"
	"google.golang.org/genproto/googleapis/rpc/code"
	"google.golang.org/grpc"
	"google.golang.org/grpc/credentials/insecure"
	"google.golang.org/grpc/status"
	"google.golang.org/protobuf/encoding/protojson"
	"google.golang.org/protobuf/proto"
	"google.golang.org/protobuf/reflect/protoreflect"
	"google.golang.org/protobuf/types/dynamicpb"
)

const (
	callTimeout    = 60 * time.Second
	maxMessageSize = 100 << 20
)

// plugin is a running plugin process together with the engine that it logs to.
type plugin struct {
	process    *exec.Cmd
	exited     chan error
	connection *grpc.ClientConn
	engine     *engine
}

func startPlugin(t *testing.T, environment ...string) *plugin {
	t.Helper()
	engine := startEngine(t)
	process := exec.Command(filepath.Join(*pluginDir, "pulumi-resource-command"), engine.address)
	process.Env = append([]string{"PATH=" + os.Getenv("PATH"), "HOME=" + t.TempDir()}, environment...)
	process.SysProcAttr = &syscall.SysProcAttr{Pdeathsig: syscall.SIGKILL}
	stdout, err := process.StdoutPipe()
	if err == nil {
		err = process.Start()
	}
	if err != nil {
		t.Fatal(err)
	}
	port, err := bufio.NewReader(stdout).ReadString('\n')
	if err != nil {
		t.Fatalf("the plugin printed no port: %v", err)
	}
	connection, err := grpc.NewClient("127.0.0.1:"+strings.TrimSpace(port),
		grpc.WithTransportCredentials(insecure.NewCredentials()),
		grpc.WithDefaultCallOptions(grpc.MaxCallRecvMsgSize(maxMessageSize), grpc.MaxCallSendMsgSize(maxMessageSize)))
	if err != nil {
		t.Fatal(err)
	}
	p := &plugin{process, make(chan error, 1), connection, engine}
	go func() { p.exited <- process.Wait() }()
	t.Cleanup(func() {
		connection.Close()
		process.Process.Kill()
	})
	return p
}

// invoke calls a method with a request in JSON, and returns the response in JSON.
func (p *plugin) invoke(method string, request any) (any, *callError, error) {
	input, output, err := messages(method)
	if err != nil {
		return nil, nil, err
	}
	if err := fromJSON(request, input); err != nil {
		return nil, nil, fmt.Errorf("request: %w", err)
	}
	ctx, cancel := context.WithTimeout(context.Background(), callTimeout)
	defer cancel()
	if err := p.connection.Invoke(ctx, "/pulumirpc.ResourceProvider/"+method, input, output); err != nil {
		state := status.Convert(err)
		return nil, &callError{code.Code(state.Code()).String(), state.Message()}, nil
	}
	response, err := toJSON(output)
	return response, nil, err
}

// configure tells the plugin, as the CLI does, that requests carry the old inputs.
func (p *plugin) configure(t *testing.T) {
	t.Helper()
	_, failure, err := p.invoke("Configure", map[string]any{
		"acceptSecrets": true, "acceptResources": true, "sendsOldInputs": true, "sendsOldInputsToDelete": true,
	})
	if failure != nil || err != nil {
		t.Fatalf("Configure: %v %v", failure, err)
	}
}

func messages(method string) (input, output proto.Message, err error) {
	service := pulumirpc.File_pulumi_provider_proto.Services().ByName("ResourceProvider")
	descriptor := service.Methods().ByName(protoreflect.Name(method))
	if descriptor == nil {
		return nil, nil, fmt.Errorf("no method %s", method)
	}
	return dynamicpb.NewMessage(descriptor.Input()), dynamicpb.NewMessage(descriptor.Output()), nil
}

func fromJSON(value any, message proto.Message) error {
	data, err := json.Marshal(value)
	if err != nil {
		return err
	}
	return protojson.UnmarshalOptions{DiscardUnknown: true}.Unmarshal(data, message)
}

func toJSON(message proto.Message) (any, error) {
	data, err := protojson.MarshalOptions{EmitUnpopulated: true}.Marshal(message)
	if err != nil {
		return nil, err
	}
	var value any
	return value, json.NewDecoder(bytes.NewReader(data)).Decode(&value)
}
