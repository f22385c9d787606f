package conformance

import (
	"fmt"
	"slices"
	"testing"
	"time"
)

// scenario is what a recording holds but a plain sequence of calls cannot express.
func scenario(t *testing.T, trace, name string, play func(t *testing.T) error) {
	t.Run(name, func(t *testing.T) {
		t.Parallel()
		err := play(t)
		theScore.add(trace, err == nil)
		if err != nil {
			t.Error(err)
		}
	})
}

func commandRequest(connection map[string]any, create string) map[string]any {
	return map[string]any{
		"urn": "urn:pulumi:dev::t::command:remote:Command::c", "name": "c", "type": "command:remote:Command",
		"properties": map[string]any{"connection": connection, "create": create},
	}
}

func labConnection(port, dialErrorLimit int) map[string]any {
	return map[string]any{
		"host": "127.0.0.1", "port": port, "user": currentUser(), "privateKey": theLab.privateKeys["ED"],
		"hostKey": theLab.publicKeys["HOST"], "dialErrorLimit": dialErrorLimit, "perDialTimeout": 15,
	}
}

func labCommand(create string) map[string]any {
	return commandRequest(labConnection(theLab.servers["$PORT"].port, 10), create)
}

// outcome is what became of a call made in the background.
type outcome struct {
	response any
	failure  *callError
	err      error
}

func (p *plugin) start(method string, request any) chan outcome {
	done := make(chan outcome, 1)
	go func() {
		response, failure, err := p.invoke(method, request)
		done <- outcome{response, failure, err}
	}()
	return done
}

func (o outcome) printed(stdout string) error {
	if o.err != nil || o.failure != nil {
		return fmt.Errorf("%v %v", o.err, o.failure)
	}
	got := o.response.(map[string]any)["properties"].(map[string]any)["stdout"]
	if got != stdout {
		return fmt.Errorf("stdout: want %q, got %q", stdout, got)
	}
	return nil
}

// waitForLog waits until the plugin has logged a line, so that no test depends on how fast the machine is.
func (p *plugin) waitForLog(message string) error {
	for range 400 {
		p.engine.mutex.Lock()
		found := slices.ContainsFunc(p.engine.lines, func(line logLine) bool { return line.Message == message })
		p.engine.mutex.Unlock()
		if found {
			return nil
		}
		time.Sleep(25 * time.Millisecond)
	}
	return fmt.Errorf("%q was not logged", message)
}
