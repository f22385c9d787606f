package remote

import (
	"io"
	"slices"
	"strings"
	"testing"
)

func TestOutputIsLoggedPerLine(t *testing.T) {
	long := strings.Repeat("x", 100_000)
	for name, test := range map[string]struct {
		logging Logging
		chunks  [][2]string
		want    []string
	}{
		"a line waits for its newline":                {logStdout, [][2]string{{"o", "a"}, {"o", "b\nc\n"}}, []string{"ab", "c"}},
		"the last line needs none":                    {logStdout, [][2]string{{"o", "a\nb"}}, []string{"a", "b"}},
		"empty lines count":                           {logStdout, [][2]string{{"o", "\n\n a \n"}}, []string{"", "", " a "}},
		"one carriage return before the newline goes": {logStdout, [][2]string{{"o", "a\r\r\nb\rc\n"}}, []string{"a\r", "b\rc"}},
		"both streams share the unfinished line":      {logStdoutAndStderr, [][2]string{{"o", "x"}, {"e", "y\n"}}, []string{"xy"}},
		"the other stream stays out":                  {logStderr, [][2]string{{"o", "x\n"}, {"e", "y\n"}}, []string{"y"}},
		"none logs nothing":                           {logNone, [][2]string{{"o", "x\n"}, {"e", "y\n"}}, nil},
		"an unknown value logs nothing":               {"bogus", [][2]string{{"o", "x\n"}, {"e", "y\n"}}, nil},
		"a long line is one line":                     {logStdout, [][2]string{{"o", long}, {"o", long + "\nz\n"}}, []string{long + long, "z"}},
	} {
		t.Run(name, func(t *testing.T) {
			var got []string
			printed := &output{logging: test.logging, logLine: func(line string) { got = append(got, line) }}
			writers := map[string]io.Writer{"o": printed.writer(logStdout), "e": printed.writer(logStderr)}
			for _, chunk := range test.chunks {
				io.WriteString(writers[chunk[0]], chunk[1])
			}
			printed.finish()
			if !slices.Equal(got, test.want) {
				t.Errorf("want %q, got %q", test.want, got)
			}
		})
	}
}
