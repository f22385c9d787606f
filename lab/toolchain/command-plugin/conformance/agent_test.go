package conformance

import (
	"fmt"
	"net"
	"path/filepath"
	"testing"
)

// The recordings were made without the variable; what it does stands in SSHConfig of pulumi-command's
// provider/pkg/provider/remote/connection.go (v1.2.1).
func TestAgentOfTheEnvironment(t *testing.T) {
	scenario(t, "agent", "one that is gone fails a connection with a key, at once", func(t *testing.T) error {
		socket := filepath.Join(theLab.dir, "gone.sock")
		p := startPlugin(t, "SSH_AUTH_SOCK="+socket)
		want := &callError{"UNKNOWN", fmt.Sprintf("dial unix %s: connect: no such file or directory", socket)}
		return sameError(want, (<-p.start("Create", labCommand("echo ok"))).failure)
	})
	scenario(t, "agent", "one that is there is dialled, and the key is what counts", func(t *testing.T) error {
		socket := filepath.Join(theLab.dir, "environment.sock")
		listener, err := net.Listen("unix", socket)
		if err != nil {
			return err
		}
		defer listener.Close()
		dialled := make(chan error, 1)
		go func() {
			_, err := listener.Accept()
			dialled <- err
		}()
		p := startPlugin(t, "SSH_AUTH_SOCK="+socket)
		if err := (<-p.start("Create", labCommand("echo ok"))).printed("ok"); err != nil {
			return err
		}
		return <-dialled
	})
	scenario(t, "agent", "an agentSocketPath takes its place", func(t *testing.T) error {
		socket := filepath.Join(theLab.dir, "other.sock")
		request := labCommand("echo ok")
		request["properties"].(map[string]any)["connection"].(map[string]any)["agentSocketPath"] = socket
		p := startPlugin(t, "SSH_AUTH_SOCK=/gone.sock")
		want := &callError{"UNKNOWN", fmt.Sprintf("dial unix %s: connect: no such file or directory", socket)}
		return sameError(want, (<-p.start("Create", request)).failure)
	})
	scenario(t, "agent", "an empty variable names none", func(t *testing.T) error {
		p := startPlugin(t, "SSH_AUTH_SOCK=")
		return (<-p.start("Create", labCommand("echo ok"))).printed("ok")
	})
}
