package conformance

import (
	"errors"
	"fmt"
	"net"
	"strings"
	"testing"
	"time"
)

func TestDialTiming(t *testing.T) {
	pauses := []float64{0.10, 0.15, 0.23, 0.34, 0.51}
	for limit := range len(pauses) + 1 {
		scenario(t, "dial-timing", fmt.Sprintf("dialErrorLimit %d", limit), func(t *testing.T) error {
			listener, err := net.Listen("tcp", "127.0.0.1:0")
			if err != nil {
				return err
			}
			defer listener.Close()
			attempts := make(chan time.Time, 20)
			go closeAll(listener, attempts)
			p := startPlugin(t)
			request := commandRequest(labConnection(listener.Addr().(*net.TCPAddr).Port, limit), "echo x")
			_, failure, err := p.invoke("Create", request)
			if err != nil || failure == nil {
				return fmt.Errorf("want a failure, got %v", err)
			}
			prefix := fmt.Sprintf("after %d failed attempts: ssh: handshake failed: ", limit)
			if failure.Code != "UNKNOWN" || !strings.HasPrefix(failure.Message, prefix) {
				return fmt.Errorf("error: want %s…, got %v", prefix, failure)
			}
			return errors.Join(sameRetryLog(p.engine.takeLines(), limit), samePauses(attempts, pauses[:limit]))
		})
	}
}

func closeAll(listener net.Listener, attempts chan<- time.Time) {
	for {
		connection, err := listener.Accept()
		if err != nil {
			return
		}
		attempts <- time.Now()
		connection.Close()
	}
}

func sameRetryLog(lines []logLine, limit int) error {
	if len(lines) != limit {
		return fmt.Errorf("log: want %d lines, got %v", limit, lines)
	}
	for i, line := range lines {
		want := logLine{"INFO", fmt.Sprintf("Dial %d/%d failed: retrying", i+1, limit), line.Urn, true}
		if line != want {
			return fmt.Errorf("log: want %v, got %v", want, line)
		}
	}
	return nil
}

func samePauses(attempts chan time.Time, pauses []float64) error {
	if len(attempts) != len(pauses)+1 {
		return fmt.Errorf("want %d attempts, got %d", len(pauses)+1, len(attempts))
	}
	previous := <-attempts
	for i, pause := range pauses {
		attempt := <-attempts
		// The upper bound leaves room for a busy machine.
		if got := attempt.Sub(previous).Seconds(); got < pause-0.02 || got > pause*1.5+0.5 {
			return fmt.Errorf("pause %d: want %.2f s, got %.2f s", i+1, pause, got)
		}
		previous = attempt
	}
	return nil
}
