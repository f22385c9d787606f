package remote

import (
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path"
	"path/filepath"
	"strings"

	"github.com/pkg/sftp"
	p "github.com/pulumi/pulumi-go-provider"
)

// copy puts the source at remotePath over SFTP. It removes nothing.
func (i *CopyToRemoteInputs) copy(ctx context.Context) error {
	text, isText := "", false
	localPath := ""
	if asset := i.Source.Asset; asset != nil {
		text, isText = asset.GetText()
		localPath = asset.Path
	} else if archive := i.Source.Archive; archive != nil {
		localPath = archive.Path
	}
	origin := "text asset"
	if !isText {
		origin = "local file " + localPath
	}
	p.GetLogger(ctx).Debugf("Creating file: %s:%s from %s", i.Connection.Host, i.RemotePath, origin)

	connection, err := i.Connection.dial(ctx)
	if err != nil {
		return err
	}
	defer connection.Close()
	client, err := sftp.NewClient(connection)
	if err != nil {
		return err
	}
	defer client.Close()
	target := target{client}
	if isText {
		return target.copyText(text, i.RemotePath)
	}
	return target.copyPath(localPath, i.RemotePath)
}

// target is the remote file system.
type target struct{ *sftp.Client }

func (t target) copyText(text, remotePath string) error {
	if t.isDir(remotePath) {
		return fmt.Errorf("remote path %s is a directory; when using a text asset, remotePath must be a file path",
			remotePath)
	}
	return t.writeNewPath(strings.NewReader(text), remotePath)
}

// copyPath follows rsync: the contents of a folder if its path ends in a slash, else the folder itself.
func (t target) copyPath(localPath, remotePath string) error {
	local, isFolder, err := openLocal(localPath)
	if err != nil {
		return err
	}
	defer local.Close()
	baseName := filepath.Base(localPath)
	if !isFolder {
		if t.isDir(remotePath) {
			remotePath = path.Join(remotePath, baseName)
		}
		return t.writeNewPath(local, remotePath)
	}
	if _, err := t.Stat(remotePath); errors.Is(err, fs.ErrNotExist) {
		if err := t.makeDirs(remotePath); err != nil {
			return err
		}
	}
	if !strings.HasSuffix(localPath, "/") {
		remotePath = path.Join(remotePath, baseName)
	}
	return t.copyFolder(localPath, remotePath)
}

func (t target) copyFolder(localDir, remoteDir string) error {
	if !t.isDir(remoteDir) {
		if err := t.Mkdir(remoteDir); err != nil {
			return fmt.Errorf("failed to create remote directory %s: %w", remoteDir, err)
		}
	}
	entries, err := os.ReadDir(localDir)
	if err != nil {
		return err
	}
	for _, entry := range entries {
		local, remote := filepath.Join(localDir, entry.Name()), path.Join(remoteDir, entry.Name())
		if err := t.copyEntry(local, remote); err != nil {
			return err
		}
	}
	return nil
}

func (t target) copyEntry(localPath, remotePath string) error {
	local, isFolder, err := openLocal(localPath)
	if err != nil {
		return err
	}
	defer local.Close()
	if isFolder {
		return t.copyFolder(localPath, remotePath)
	}
	return t.writeFile(local, remotePath)
}

// openLocal follows symbolic links.
func openLocal(localPath string) (file *os.File, isFolder bool, err error) {
	file, err = os.Open(localPath)
	if err != nil {
		return nil, false, err
	}
	info, err := file.Stat()
	if err != nil {
		file.Close()
		return nil, false, err
	}
	return file, info.IsDir(), nil
}

// writeNewPath makes the missing parent folders too.
func (t target) writeNewPath(contents io.Reader, remotePath string) error {
	if err := t.makeDirs(path.Dir(remotePath)); err != nil {
		return err
	}
	return t.writeFile(contents, remotePath)
}

func (t target) writeFile(contents io.Reader, remotePath string) error {
	file, err := t.Create(remotePath)
	if err != nil {
		return fmt.Errorf("failed to create remote file %s: %w", remotePath, err)
	}
	if _, err := io.Copy(file, contents); err != nil {
		file.Close()
		return fmt.Errorf("failed to write remote file %s: %w", remotePath, err)
	}
	return file.Close()
}

func (t target) makeDirs(remoteDir string) error {
	if err := t.MkdirAll(remoteDir); err != nil {
		return fmt.Errorf("failed to create remote directory %s: %w", remoteDir, err)
	}
	return nil
}

func (t target) isDir(remotePath string) bool {
	info, err := t.Stat(remotePath)
	return err == nil && info.IsDir()
}
