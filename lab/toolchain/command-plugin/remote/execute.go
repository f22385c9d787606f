package remote

import (
	"context"
	"fmt"
	"io"
	"maps"
	"slices"

	p "github.com/pulumi/pulumi-go-provider"
	"golang.org/x/crypto/ssh"
)

const refusedVariable = `Unable to set '%s'. This only works if your SSH server is configured to accept
	these variables via AcceptEnv. Alternatively, if a Bash-like shell runs the command on the remote host, you could
	prefix the command itself with the variables in the form 'VAR=value command'`

type variable struct{ name, value string }

// execution is one run of a command in a session of its own.
type execution struct {
	command        string
	stdin          string
	environment    map[string]string
	previousOutput []variable
	logging        Logging
}

func execute(ctx context.Context, client *ssh.Client, e execution) (*output, error) {
	session, err := client.NewSession()
	if err != nil {
		return nil, err
	}
	defer session.Close()
	if err := e.setVariables(session, p.GetLogger(ctx)); err != nil {
		return nil, err
	}
	printed := &output{logging: e.logging, logLine: p.GetLogger(ctx).InfoStatus}
	session.Stdout = printed.writer(logStdout)
	session.Stderr = printed.writer(logStderr)
	err = e.runIn(session)
	printed.finish()
	if err != nil {
		return nil, fmt.Errorf("%w: running %q:\n%s", err, e.command, printed.combined.String())
	}
	return printed, nil
}

// setVariables sets the previous output last, so that it wins over the program's environment.
func (e *execution) setVariables(session *ssh.Session, log p.Logger) error {
	for _, name := range slices.Sorted(maps.Keys(e.environment)) {
		if err := session.Setenv(name, e.environment[name]); err != nil {
			log.Errorf(refusedVariable, name)
			return fmt.Errorf("could not set environment variable %q: %w", name, err)
		}
	}
	for _, previous := range e.previousOutput {
		if err := session.Setenv(previous.name, previous.value); err != nil {
			log.Warningf(refusedVariable, previous.name)
		}
	}
	return nil
}

func (e *execution) runIn(session *ssh.Session) error {
	stdin, err := session.StdinPipe()
	if err != nil {
		return err
	}
	if err := session.Start(e.command); err != nil {
		return err
	}
	go func() {
		// A command need not read its stdin; its exit status tells whether it lacked anything.
		io.WriteString(stdin, e.stdin)
		stdin.Close()
	}()
	return session.Wait()
}
