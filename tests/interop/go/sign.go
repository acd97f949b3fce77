package main

import (
	"bytes"
	"crypto/ed25519"
	"crypto/x509"
	"encoding/base64"
	"encoding/hex"
	"encoding/pem"
	"errors"
	"fmt"
	"os"
	"strings"

	"golang.org/x/mod/sumdb/note"
)

// The key of a key file of ours, "name: <name>" above a PKCS #8 block, in the form of sumdb's notes.
func readKey(file string) (note.Signer, note.Verifier, error) {
	text, err := os.ReadFile(file)
	if err != nil {
		return nil, nil, err
	}
	head, _, _ := strings.Cut(string(text), "\n")
	block, _ := pem.Decode(text)
	if block == nil || !strings.HasPrefix(head, "name: ") {
		return nil, nil, errors.New(file + " is no key file")
	}
	parsed, err := x509.ParsePKCS8PrivateKey(block.Bytes)
	if err != nil {
		return nil, nil, err
	}
	key, ok := parsed.(ed25519.PrivateKey)
	if !ok {
		return nil, nil, errors.New(file + " is of another kind than Ed25519")
	}
	public, err := note.NewEd25519VerifierKey(strings.TrimPrefix(head, "name: "), key.Public().(ed25519.PublicKey))
	if err != nil {
		return nil, nil, err
	}
	verifier, err := note.NewVerifier(public)
	if err != nil {
		return nil, nil, err
	}
	id := hex.EncodeToString([]byte{byte(verifier.KeyHash() >> 24), byte(verifier.KeyHash() >> 16),
		byte(verifier.KeyHash() >> 8), byte(verifier.KeyHash())})
	seed := base64.StdEncoding.EncodeToString(append([]byte{1}, key.Seed()...))
	signer, err := note.NewSigner(fmt.Sprintf("PRIVATE+KEY+%s+%s+%s", verifier.Name(), id, seed))
	return signer, verifier, err
}

// Opens a statement that cpl signed, and signs its text again. Ed25519 gives the same octets.
func signAnew(statement, out string, keyFiles []string) (map[string]int, error) {
	message, err := os.ReadFile(statement)
	if err != nil {
		return nil, err
	}
	var signers []note.Signer
	var verifiers []note.Verifier
	for _, file := range keyFiles {
		signer, verifier, err := readKey(file)
		if err != nil {
			return nil, err
		}
		signers, verifiers = append(signers, signer), append(verifiers, verifier)
	}
	opened, err := note.Open(message, note.VerifierList(verifiers...))
	if err != nil {
		return nil, err
	}
	if len(opened.Sigs) != len(signers) || len(opened.UnverifiedSigs) != 0 {
		return nil, fmt.Errorf("%d of its signatures verify, %d do not", len(opened.Sigs), len(opened.UnverifiedSigs))
	}
	signed, err := note.Sign(&note.Note{Text: opened.Text}, signers...)
	if err != nil {
		return nil, err
	}
	if !bytes.Equal(signed, message) {
		return nil, errors.New("it is not what cpl made of the same text and keys")
	}
	return map[string]int{"signatures": len(signers)}, os.WriteFile(out, signed, 0o644)
}
