// Package conformance replays recordings of the published plugin against a plugin binary, over its gRPC interface and
// against real SSH servers.
package conformance

import (
	"flag"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"syscall"
	"testing"
)

var (
	pluginDir   = flag.String("plugin", "", "the folder of the pulumi-resource-command to test")
	differences = flag.Bool("differences", false, "also test what this plugin does better on purpose")
	theLab      *lab
	theScore    = score{passed: map[string]int{}, failed: map[string]int{}}
)

// score counts calls per trace.
type score struct {
	mutex          sync.Mutex
	passed, failed map[string]int
}

func (s *score) add(trace string, ok bool) {
	s.mutex.Lock()
	defer s.mutex.Unlock()
	if ok {
		s.passed[trace]++
	} else {
		s.failed[trace]++
	}
}

func (s *score) print() {
	traces := []string{}
	for _, counts := range []map[string]int{s.passed, s.failed} {
		for trace := range counts {
			traces = append(traces, trace)
		}
	}
	slices.Sort(traces)
	passed, failed := 0, 0
	for _, trace := range slices.Compact(traces) {
		fmt.Printf("%-24s %3d calls replayed, %3d passed, %d failed\n",
			trace, s.passed[trace]+s.failed[trace], s.passed[trace], s.failed[trace])
		passed += s.passed[trace]
		failed += s.failed[trace]
	}
	fmt.Printf("%d passed, %d failed\n", passed, failed)
}

func TestMain(m *testing.M) {
	flag.Parse()
	if *pluginDir == "" {
		fmt.Println("skipped: no -plugin DIR given; test.sh builds one")
		return
	}
	os.Exit(run(m))
}

func run(m *testing.M) int {
	syscall.Umask(0o022)
	var err error
	if theLab, err = startLab(); err != nil {
		fmt.Fprintln(os.Stderr, err)
		return 1
	}
	defer theLab.stop()
	result := m.Run()
	theScore.print()
	return result
}

func TestReplay(t *testing.T) {
	files, err := filepath.Glob(filepath.Join(traceDir, "*.json"))
	if err != nil || len(files) == 0 {
		t.Fatalf("no traces: %v", err)
	}
	for _, file := range files {
		name := strings.TrimSuffix(filepath.Base(file), ".json")
		if name == "schema" {
			continue
		}
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			replay(t, name)
		})
	}
}

func replay(t *testing.T, name string) {
	recorded := readTrace(t, name)
	plugin := startPlugin(t)
	if name != "provider" && !strings.HasPrefix(name, "engine-") {
		plugin.configure(t)
	}
	home, files := t.TempDir(), makeFiles(t)
	placeholders := newPlaceholders(recorded.Connections, theLab, home, files)
	for _, call := range recorded.Calls {
		err := replayCall(plugin, placeholders, call, home, recorded.WithoutLog)
		theScore.add(name, err == nil)
		if err != nil {
			t.Errorf("%s: %v", call.Name, err)
		}
	}
}

func replayCall(plugin *plugin, placeholders *placeholders, recorded call, home string, withoutLog bool) error {
	if recorded.Prepare != "" {
		script := placeholders.text.Replace(recorded.Prepare)
		if output, err := exec.Command("sh", "-c", script).CombinedOutput(); err != nil {
			return fmt.Errorf("prepare: %w: %s", err, output)
		}
	}
	request := placeholders.resolve(recorded.Request)
	if recorded.Method == "Attach" {
		request = map[string]any{"address": plugin.engine.address}
	}
	response, failure, err := plugin.invoke(recorded.Method, request)
	lines := plugin.engine.takeLines()
	if err != nil {
		return err
	}
	if recorded.Error != nil {
		recorded.Error.Message = placeholders.text.Replace(recorded.Error.Message)
	}
	if err := sameError(recorded.Error, failure); err != nil {
		return err
	}
	if recorded.Error == nil {
		if err := sameResponse(recorded.Method, placeholders.resolve(recorded.Response), response); err != nil {
			return err
		}
	}
	for i := range recorded.EngineLog {
		recorded.EngineLog[i].Message = placeholders.text.Replace(recorded.EngineLog[i].Message)
	}
	if err := sameLog(recorded, lines); err != nil && !withoutLog {
		return err
	}
	if recorded.Disk != nil {
		return sameDisk(recorded.Disk, filepath.Join(home, "w"))
	}
	return nil
}
