package conformance

import (
	"bytes"
	"fmt"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"
	"time"
)

// lab is the SSH servers of the recordings, on loopback and as the current user, and the keys for them.
type lab struct {
	dir                     string
	privateKeys, publicKeys map[string]string
	servers                 map[string]*server
}

type server struct {
	port    int
	process *exec.Cmd
}

func startLab() (*lab, error) {
	dir, err := os.MkdirTemp("", "command-plugin-")
	if err != nil {
		return nil, err
	}
	l := &lab{dir: dir, privateKeys: map[string]string{}, publicKeys: map[string]string{}, servers: map[string]*server{}}
	if err := l.start(); err != nil {
		l.stop()
		return nil, err
	}
	return l, nil
}

func (l *lab) start() error {
	if err := l.makeKeys(); err != nil {
		return err
	}
	if os.Geteuid() == 0 {
		// As root sshd insists on this folder, and it stays: another sshd may have come to rely on it.
		if err := os.MkdirAll("/run/sshd", 0o755); err != nil {
			return err
		}
	}
	for name, options := range map[string]string{
		"$PORT":  "AcceptEnv OK_*\nSubsystem sftp internal-sftp -u 0022\n",
		"$PORT2": "",
		"$PORT3": "AcceptEnv *\nSubsystem sftp internal-sftp -u 0022\n",
	} {
		started, err := l.startServer(strings.Trim(name, "$"), options)
		if err != nil {
			return err
		}
		l.servers[name] = started
	}
	return nil
}

func (l *lab) stop() {
	for _, server := range l.servers {
		server.process.Process.Signal(syscall.SIGTERM)
		server.process.Wait()
	}
	os.RemoveAll(l.dir)
}

func (l *lab) startServer(name, options string) (*server, error) {
	sshd, err := exec.LookPath("sshd")
	if err != nil {
		sshd = "/usr/sbin/sshd"
	}
	port, err := freePort()
	if err != nil {
		return nil, err
	}
	config := filepath.Join(l.dir, name+".conf")
	settings := fmt.Sprintf(`ListenAddress 127.0.0.1
Port %d
HostKey %s
AuthorizedKeysFile %s
PidFile none
StrictModes no
UsePAM no
PermitRootLogin yes
PasswordAuthentication no
KbdInteractiveAuthentication no
MaxStartups 100
LogLevel ERROR
SetEnv HOME=%s
`, port, filepath.Join(l.dir, "host"), filepath.Join(l.dir, "authorized_keys"), l.dir)
	if err := os.WriteFile(config, []byte(settings+options), 0o600); err != nil {
		return nil, err
	}
	process := exec.Command(sshd, "-D", "-e", "-f", config)
	var complaints bytes.Buffer
	process.Stderr = &complaints
	process.SysProcAttr = &syscall.SysProcAttr{Pdeathsig: syscall.SIGKILL}
	if err := process.Start(); err != nil {
		return nil, fmt.Errorf("%w (the tests need OpenSSH's server: install openssh-server)", err)
	}
	if err := waitForPort(port); err != nil {
		return nil, fmt.Errorf("%w; sshd said: %s", err, complaints.String())
	}
	return &server{port, process}, nil
}

func waitForPort(port int) error {
	var err error
	for range 100 {
		var connection net.Conn
		if connection, err = net.Dial("tcp", fmt.Sprintf("127.0.0.1:%d", port)); err == nil {
			return connection.Close()
		}
		time.Sleep(50 * time.Millisecond)
	}
	return err
}

func freePort() (int, error) {
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return 0, err
	}
	defer listener.Close()
	return listener.Addr().(*net.TCPAddr).Port, nil
}
