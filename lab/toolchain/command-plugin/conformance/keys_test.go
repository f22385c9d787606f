package conformance

import (
	"crypto"
	"crypto/ed25519"
	"crypto/rand"
	"crypto/rsa"
	"crypto/x509"
	"encoding/pem"
	"errors"
	"os"
	"path/filepath"
	"strings"

	"golang.org/x/crypto/ssh"
)

func (l *lab) makeKeys() error {
	for _, name := range []string{"ED", "OTHER", "HOST"} {
		_, key, err := ed25519.GenerateKey(rand.Reader)
		if err != nil {
			return err
		}
		if err := l.addKey(name, key, ""); err != nil {
			return err
		}
	}
	for _, name := range []string{"RSA", "HOSTRSA"} {
		key, err := rsa.GenerateKey(rand.Reader, 2048)
		if err != nil {
			return err
		}
		if err := l.addKey(name, key, ""); err != nil {
			return err
		}
		block := &pem.Block{Type: "RSA PRIVATE KEY", Bytes: x509.MarshalPKCS1PrivateKey(key)}
		l.privateKeys[name] = string(pem.EncodeToMemory(block))
	}
	_, encrypted, err := ed25519.GenerateKey(rand.Reader)
	if err != nil {
		return err
	}
	if err := l.addKey("ENC", encrypted, "pass phrase"); err != nil {
		return err
	}
	l.addKeyVariants()
	authorized := strings.Join([]string{l.publicKeys["ED"], l.publicKeys["RSA"], l.publicKeys["ENC"], ""}, "\n")
	return errors.Join(
		os.WriteFile(filepath.Join(l.dir, "host"), []byte(l.privateKeys["HOST"]), 0o600),
		os.WriteFile(filepath.Join(l.dir, "authorized_keys"), []byte(authorized), 0o600),
	)
}

func (l *lab) addKeyVariants() {
	key := l.privateKeys["ED"]
	damaged := &pem.Block{Type: "OPENSSH PRIVATE KEY", Bytes: []byte("damaged")}
	l.privateKeys["NONEWLINE"] = strings.TrimSpace(key)
	l.privateKeys["CRLF"] = strings.ReplaceAll(key, "\n", "\r\n")
	l.privateKeys["SPACES"] = "  " + strings.ReplaceAll(key, "\n", "\n  ")
	l.privateKeys["DAMAGED"] = string(pem.EncodeToMemory(damaged))
}

func (l *lab) addKey(name string, key crypto.Signer, passphrase string) error {
	block, err := ssh.MarshalPrivateKey(key, "")
	if passphrase != "" {
		block, err = ssh.MarshalPrivateKeyWithPassphrase(key, "", []byte(passphrase))
	}
	if err != nil {
		return err
	}
	public, err := ssh.NewPublicKey(key.Public())
	if err != nil {
		return err
	}
	l.privateKeys[name] = string(pem.EncodeToMemory(block))
	l.publicKeys[name] = strings.TrimSpace(string(ssh.MarshalAuthorizedKey(public)))
	return nil
}
