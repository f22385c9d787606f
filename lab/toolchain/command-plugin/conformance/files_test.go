package conformance

import (
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"testing"
)

// makeFiles lays out the local files that the recordings copy.
func makeFiles(t *testing.T) string {
	t.Helper()
	dir := t.TempDir()
	script := `mkdir -p arch/sub/empty && printf file >file.txt && printf '#!/bin/sh\necho hi\n' >exec.sh && chmod 750 exec.sh
printf d. >arch/.dot && printf aaaa >arch/a.txt && printf bbbb >arch/sub/b.txt && printf 4444 >linked
printf p. >arch/private && chmod 600 arch/private && printf '#!/bin/sh\n' >arch/run.sh && chmod 755 arch/run.sh
ln -s ../linked arch/link`
	command := exec.Command("sh", "-ec", script)
	command.Dir = dir
	if output, err := command.CombinedOutput(); err != nil {
		t.Fatalf("%v: %s", err, output)
	}
	return dir
}

// sameDisk compares mode, path and size of all that lies below a folder; of folders only mode and path.
func sameDisk(want []string, folder string) error {
	got := []string{}
	err := filepath.Walk(folder, func(path string, info os.FileInfo, err error) error {
		if err != nil || path == folder {
			return err
		}
		relative, _ := filepath.Rel(folder, path)
		line := info.Mode().String() + " " + relative
		if !info.IsDir() {
			line += fmt.Sprintf(" %d", info.Size())
		}
		got = append(got, line)
		return nil
	})
	if err != nil {
		return err
	}
	slices.Sort(got)
	if !slices.Equal(want, got) {
		return fmt.Errorf("disk: want %v, got %v", want, got)
	}
	return nil
}
