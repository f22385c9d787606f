package conformance

import (
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"syscall"
	"testing"
	"time"
)

func TestCancel(t *testing.T) {
	scenario(t, "cancel-and-exit", "Cancel while a command runs", func(t *testing.T) error {
		p := startPlugin(t)
		running := p.start("Create", labCommand("echo start; sleep 1; echo end"))
		if err := p.waitForLog("start"); err != nil {
			return err
		}
		if _, failure, err := p.invoke("Cancel", map[string]any{}); failure != nil || err != nil {
			return fmt.Errorf("Cancel: %v %v", failure, err)
		}
		if err := (<-running).printed("start\nend"); err != nil {
			return err
		}
		if lines := p.engine.takeLines(); len(lines) != 1 {
			return fmt.Errorf("log: want only the line before Cancel, got %v", lines)
		}
		return (<-p.start("Create", labCommand("echo after"))).printed("after")
	})
	scenario(t, "cancel-and-exit", "Cancel while dialling", func(t *testing.T) error {
		p := startPlugin(t)
		dialling := p.start("Create", commandRequest(labConnection(1, 30), "echo x"))
		if err := p.waitForLog("Dial 4/30 failed: retrying"); err != nil {
			return err
		}
		if _, failure, err := p.invoke("Cancel", map[string]any{}); failure != nil || err != nil {
			return fmt.Errorf("Cancel: %v %v", failure, err)
		}
		return sameError(&callError{"CANCELLED", "context canceled"}, (<-dialling).failure)
	})
}

func TestSignals(t *testing.T) {
	for _, signal := range []syscall.Signal{syscall.SIGINT, syscall.SIGTERM, syscall.SIGKILL} {
		scenario(t, "cancel-and-exit", signal.String(), func(t *testing.T) error {
			p := startPlugin(t)
			mark := filepath.Join(t.TempDir(), "finished")
			running := p.start("Create", labCommand("echo start; sleep 1; touch "+mark))
			if err := p.waitForLog("start"); err != nil {
				return err
			}
			if err := p.process.Process.Signal(signal); err != nil {
				return err
			}
			var exit *exec.ExitError
			if err := <-p.exited; !errors.As(err, &exit) || exit.Sys().(syscall.WaitStatus).Signal() != signal {
				return fmt.Errorf("want the end by the signal, got %v", err)
			}
			if failure := (<-running).failure; failure == nil || failure.Code != "UNAVAILABLE" {
				return fmt.Errorf("want UNAVAILABLE, got %v", failure)
			}
			return waitForFile(mark)
		})
	}
}

func waitForFile(path string) error {
	var err error
	for range 200 {
		if _, err = os.Stat(path); err == nil {
			return nil
		}
		time.Sleep(25 * time.Millisecond)
	}
	return err
}

func TestManyAtOnce(t *testing.T) {
	scenario(t, "wire-and-unknowns", "20 Creates at once have ids of their own", func(t *testing.T) error {
		p := startPlugin(t)
		var running []chan outcome
		for range 20 {
			running = append(running, p.start("Create", labCommand("sleep 1; echo ok")))
		}
		ids := map[any]bool{}
		for _, done := range running {
			result := <-done
			if err := result.printed("ok"); err != nil {
				return err
			}
			ids[result.response.(map[string]any)["id"]] = true
		}
		if len(ids) != len(running) {
			return fmt.Errorf("want %d ids, got %d", len(running), len(ids))
		}
		return nil
	})
}
