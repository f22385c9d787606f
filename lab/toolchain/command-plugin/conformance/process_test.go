package conformance

import (
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
)

func TestArguments(t *testing.T) {
	for name, want := range map[string]struct {
		arguments []string
		code      int
	}{"two arguments": {[]string{"a", "b"}, 1}, "unknown flag": {[]string{"-nope"}, 2}} {
		scenario(t, "provider", name, func(t *testing.T) error {
			err := exec.Command(filepath.Join(*pluginDir, "pulumi-resource-command"), want.arguments...).Run()
			var exit *exec.ExitError
			if !errors.As(err, &exit) || exit.ExitCode() != want.code {
				return fmt.Errorf("want exit code %d, got %v", want.code, err)
			}
			return nil
		})
	}
}

func TestSchema(t *testing.T) {
	scenario(t, "schema", "the parts that were recorded", func(t *testing.T) error {
		response, failure, err := startPlugin(t).invoke("GetSchema", map[string]any{"version": 0})
		if failure != nil || err != nil {
			return fmt.Errorf("%v %v", failure, err)
		}
		var got, want map[string]any
		data, err := os.ReadFile(filepath.Join(traceDir, "schema.json"))
		if err == nil {
			err = errors.Join(json.Unmarshal(data, &want),
				json.Unmarshal([]byte(response.(map[string]any)["schema"].(string)), &got))
		}
		if err != nil {
			return err
		}
		return sameSchema("schema", want, got)
	})
}

// sameSchema looks only at what was recorded: a plugin may have more types, resources and descriptions.
func sameSchema(path string, want, got any) error {
	switch want := want.(type) {
	case map[string]any:
		got, _ := got.(map[string]any)
		for _, name := range keysOf(want) {
			if err := sameSchema(path+"."+name, want[name], got[name]); err != nil {
				return err
			}
		}
		if strings.HasSuffix(strings.ToLower(path), "properties") && len(want) != len(got) {
			return fmt.Errorf("%s: want %v, got %v", path, keysOf(want), keysOf(got))
		}
		return nil
	case []any:
		if strings.HasSuffix(path, ".otherResources") || strings.HasSuffix(path, ".functions") {
			return nil
		}
		list, _ := got.([]any)
		if len(list) != len(want) {
			return fmt.Errorf("%s: want %v, got %v", path, want, got)
		}
		return nil
	}
	return sameValue(path, want, got)
}
