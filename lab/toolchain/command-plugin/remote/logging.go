package remote

import (
	"bytes"
	"io"
	"strings"
	"sync"

	"github.com/pulumi/pulumi-go-provider/infer"
)

// Logging says which output streams of a command are logged while it runs.
type Logging string

const (
	logStdout          Logging = "stdout"
	logStderr          Logging = "stderr"
	logStdoutAndStderr Logging = "stdoutAndStderr"
	logNone            Logging = "none"
)

// Values lists the schema's enumeration. Other values pass Check and mean none.
func (Logging) Values() []infer.EnumValue[Logging] {
	return []infer.EnumValue[Logging]{
		{Name: string(logStdout), Value: logStdout},
		{Name: string(logStderr), Value: logStderr},
		{Name: string(logStdoutAndStderr), Value: logStdoutAndStderr},
		{Name: string(logNone), Value: logNone},
	}
}

func (l Logging) includes(stream Logging) bool { return l == stream || l == logStdoutAndStderr }

// output gathers what a command prints, per stream and in order of arrival, and passes on each full line.
type output struct {
	mutex          sync.Mutex
	stdout, stderr bytes.Buffer
	combined       bytes.Buffer
	unfinishedLine []byte
	logging        Logging
	logLine        func(string)
}

// writer returns where the named stream goes. Both streams share the unfinished line.
func (o *output) writer(stream Logging) io.Writer {
	target := &o.stdout
	if stream == logStderr {
		target = &o.stderr
	}
	return writerFunc(func(data []byte) (int, error) {
		o.mutex.Lock()
		defer o.mutex.Unlock()
		target.Write(data)
		o.combined.Write(data)
		if o.logging.includes(stream) {
			o.logLines(data)
		}
		return len(data), nil
	})
}

func (o *output) logLines(data []byte) {
	for {
		line, rest, complete := bytes.Cut(data, []byte("\n"))
		o.unfinishedLine = append(o.unfinishedLine, line...)
		if !complete {
			return
		}
		o.logUnfinishedLine()
		data = rest
	}
}

func (o *output) logUnfinishedLine() {
	o.logLine(strings.TrimSuffix(string(o.unfinishedLine), "\r"))
	o.unfinishedLine = o.unfinishedLine[:0]
}

// finish logs a last line that has no newline.
func (o *output) finish() {
	o.mutex.Lock()
	defer o.mutex.Unlock()
	if len(o.unfinishedLine) > 0 {
		o.logUnfinishedLine()
	}
}

type writerFunc func([]byte) (int, error)

func (f writerFunc) Write(data []byte) (int, error) { return f(data) }
