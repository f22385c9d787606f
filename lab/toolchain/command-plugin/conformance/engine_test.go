package conformance

import (
	"context"
	"net"
	"sync"
	"testing"

	pulumirpc "github.com/pulumi/pulumi/sdk/v3/proto/go"
	"google.golang.org/grpc"
	"google.golang.org/protobuf/types/known/emptypb"
)

// engine is the side of the Pulumi engine that a plugin logs to.
type engine struct {
	pulumirpc.UnimplementedEngineServer
	address string
	mutex   sync.Mutex
	lines   []logLine
}

func startEngine(t *testing.T) *engine {
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	e := &engine{address: listener.Addr().String()}
	server := grpc.NewServer(grpc.MaxRecvMsgSize(maxMessageSize))
	pulumirpc.RegisterEngineServer(server, e)
	go server.Serve(listener)
	t.Cleanup(server.Stop)
	return e
}

func (e *engine) Log(_ context.Context, request *pulumirpc.LogRequest) (*emptypb.Empty, error) {
	e.mutex.Lock()
	defer e.mutex.Unlock()
	e.lines = append(e.lines, logLine{request.Severity.String(), request.Message, request.Urn, request.Ephemeral})
	return &emptypb.Empty{}, nil
}

// takeLines returns what was logged since the last time.
func (e *engine) takeLines() []logLine {
	e.mutex.Lock()
	defer e.mutex.Unlock()
	lines := e.lines
	e.lines = nil
	return lines
}
