package conformance

import (
	"errors"
	"fmt"
	"maps"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// These laws hold for this plugin alone: README.md says where it does better than the published one on purpose.
func TestDifferences(t *testing.T) {
	if !*differences {
		t.Skip("not asked for with -differences")
	}
	scenario(t, "differences", "stdin may stay unread", func(t *testing.T) error {
		request := labCommand("echo done")
		request["properties"].(map[string]any)["stdin"] = strings.Repeat("x", 5_000_000)
		return (<-startPlugin(t).start("Create", request)).printed("done")
	})
	scenario(t, "differences", "a long line is logged whole", func(t *testing.T) error {
		p := startPlugin(t)
		err := (<-p.start("Create", labCommand("head -c 70000 /dev/zero | tr '\\0' x; echo; exit 3"))).failure
		if lines := p.engine.takeLines(); len(lines) != 1 || lines[0].Message != strings.Repeat("x", 70000) {
			return fmt.Errorf("want one line of 70000 bytes, got %d lines", len(lines))
		}
		if err == nil || !strings.HasPrefix(err.Message, "Process exited with status 3: ") {
			return fmt.Errorf("want the exit status, got %v", err)
		}
		return nil
	})
	scenario(t, "differences", "no TCP connection stays open", func(t *testing.T) error {
		p := startPlugin(t)
		run := func() error { return (<-p.start("Create", labCommand("echo ok"))).printed("ok") }
		// The first call and its log open the lasting connections with the engine.
		err := run()
		before, err2 := p.openSockets()
		err = errors.Join(err, err2, run(), run(), run())
		after, err2 := p.openSockets()
		if after > before {
			return fmt.Errorf("want %d sockets, got %d", before, after)
		}
		return errors.Join(err, err2)
	})
	scenario(t, "differences", "a connection without the defaults of Check works", func(t *testing.T) error {
		connection := labConnection(theLab.servers["$PORT"].port, 0)
		delete(connection, "perDialTimeout")
		return (<-startPlugin(t).start("Create", commandRequest(connection, "echo ok"))).printed("ok")
	})
	scenario(t, "differences", "the last attempt through a proxy tells why it failed", func(t *testing.T) error {
		connection := labConnection(theLab.servers["$PORT"].port, 1)
		connection["proxy"] = maps.Clone(connection)
		connection["hostKey"] = theLab.publicKeys["OTHER"]
		failure := (<-startPlugin(t).start("Create", commandRequest(connection, "echo ok"))).failure
		return sameError(&callError{
			"UNKNOWN", "proxy: after 1 failed attempts: ssh: handshake failed: ssh: host key mismatch",
		}, failure)
	})
}

func (p *plugin) openSockets() (int, error) {
	descriptors, err := filepath.Glob(fmt.Sprintf("/proc/%d/fd/*", p.process.Process.Pid))
	count := 0
	for _, descriptor := range descriptors {
		if target, err := os.Readlink(descriptor); err == nil && strings.HasPrefix(target, "socket:") {
			count++
		}
	}
	return count, err
}
