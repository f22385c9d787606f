package conformance

import (
	"encoding/json"
	"os"
	"os/user"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
	"testing"
)

const traceDir = "../testdata/traces"

// trace is a recording of the published plugin: requests and what came back.
type trace struct {
	// WithoutLog says that the log was not recorded; else no engineLog in a call means that nothing is logged.
	WithoutLog  bool
	Connections map[string]any
	Calls       []call
}

type call struct {
	Name     string
	Method   string
	Request  any
	Response any
	Error    *callError
	// EngineLog is what the plugin logs to the engine during the call; AnyOrder if both streams race.
	EngineLog      []logLine
	EngineLogCount int
	AnyOrder       bool
	// Prepare is a shell script to run before the call, Disk what lies below $HOME/w after it.
	Prepare string
	Disk    []string
}

type callError struct{ Code, Message string }

type logLine struct {
	Severity, Message, Urn string
	Ephemeral              bool
}

func readTrace(t *testing.T, name string) trace {
	t.Helper()
	data, err := os.ReadFile(filepath.Join(traceDir, name+".json"))
	if err != nil {
		t.Fatal(err)
	}
	var recorded trace
	if err := json.Unmarshal(data, &recorded); err != nil {
		t.Fatalf("%s: %v", name, err)
	}
	return recorded
}

// placeholders are what the recordings have in place of addresses, keys and folders.
type placeholders struct {
	connections map[string]any
	numbers     map[string]float64
	text        *strings.Replacer
}

func newPlaceholders(connections map[string]any, lab *lab, home, files string) *placeholders {
	ports := map[string]float64{}
	// A name must come before those that are the start of it.
	pairs := []string{"$HOME", home, "$DIR", files, "$SRC", files, "$USER", currentUser()}
	for name, server := range lab.servers {
		ports[name] = float64(server.port)
	}
	for _, name := range []string{"$PORT2", "$PORT3", "$PORT"} {
		pairs = append(pairs, name, strconv.Itoa(lab.servers[name].port))
	}
	for _, name := range []string{"HOSTRSA", "HOST", "OTHER", "ED"} {
		pairs = append(pairs, "$PUBLIC_KEY_"+name, lab.publicKeys[name])
	}
	for name, key := range lab.privateKeys {
		pairs = append(pairs, "$PRIVATE_KEY_"+name, key)
	}
	return &placeholders{connections, ports, strings.NewReplacer(pairs...)}
}

func currentUser() string {
	current, err := user.Current()
	if err != nil {
		panic(err)
	}
	return current.Username
}

var megabytes = regexp.MustCompile(`^\$(\d+)MB_OF_(.)$`)

func (p *placeholders) resolve(value any) any {
	switch value := value.(type) {
	case map[string]any:
		resolved := map[string]any{}
		for key, element := range value {
			resolved[key] = p.resolve(element)
		}
		return resolved
	case []any:
		resolved := []any{}
		for _, element := range value {
			resolved = append(resolved, p.resolve(element))
		}
		return resolved
	case string:
		return p.resolveString(value)
	}
	return value
}

func (p *placeholders) resolveString(value string) any {
	if connection, ok := p.connections[value]; ok {
		return p.resolve(connection)
	}
	if number, ok := p.numbers[value]; ok {
		return number
	}
	if match := megabytes.FindStringSubmatch(value); match != nil {
		count, _ := strconv.Atoi(match[1])
		return strings.Repeat(match[2], count*1_000_000)
	}
	return p.text.Replace(value)
}
