// Reads a registry's log with golang.org/x/mod/sumdb, of which nothing was written for it: note for
// what is signed, tlog for the tree.
//
//	logcheck log SERVER KEY-FILE CHECKPOINT-FILE...  the log as it is served, and older checkpoints
//	logcheck evidence KEY-FILE EVIDENCE-FILE         the proofs that cpl prove writes
//	logcheck sign STATEMENT OUT KEY-FILE...          the same text, signed anew by the same keys
//
// What held is counted in a JSON object; the first thing that did not hold ends it with status 1.
package main

import (
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"strconv"
	"strings"

	"golang.org/x/mod/sumdb/note"
	"golang.org/x/mod/sumdb/tlog"
)

// A checkpoint as C2SP's tlog-checkpoint has it.
type checkpoint struct {
	origin string
	tree   tlog.Tree
}

func readVerifier(file string) (note.Verifier, error) {
	key, err := os.ReadFile(file)
	if err != nil {
		return nil, err
	}
	return note.NewVerifier(strings.TrimSpace(string(key)))
}

func openCheckpoint(message []byte, verifier note.Verifier) (checkpoint, error) {
	opened, err := note.Open(message, note.VerifierList(verifier))
	if err != nil {
		return checkpoint{}, err
	}
	lines := strings.Split(opened.Text, "\n")
	if len(lines) < 4 {
		return checkpoint{}, errors.New("a checkpoint has three lines")
	}
	size, err := strconv.ParseInt(lines[1], 10, 64)
	if err != nil {
		return checkpoint{}, err
	}
	root, err := tlog.ParseHash(lines[2])
	if err != nil {
		return checkpoint{}, err
	}
	if lines[0] != verifier.Name() {
		return checkpoint{}, fmt.Errorf("the origin is %q", lines[0])
	}
	return checkpoint{lines[0], tlog.Tree{N: size, Hash: root}}, nil
}

// One entry with its tlog-proof (C2SP), which is checked.
func checkProof(proof string, leaf []byte, verifier note.Verifier) error {
	head, signed, found := strings.Cut(proof, "\n\n")
	lines := strings.Split(head, "\n")
	if !found || lines[0] != "c2sp.org/tlog-proof@v1" || len(lines) < 2 {
		return errors.New("it is no tlog-proof")
	}
	index, err := strconv.ParseInt(strings.TrimPrefix(lines[1], "index "), 10, 64)
	if err != nil {
		return err
	}
	hashes := tlog.RecordProof{}
	for _, line := range lines[2:] {
		hash, err := tlog.ParseHash(line)
		if err != nil {
			return err
		}
		hashes = append(hashes, hash)
	}
	under, err := openCheckpoint([]byte(signed), verifier)
	if err != nil {
		return err
	}
	check := func(of []byte) error {
		return tlog.CheckRecord(hashes, under.tree.N, under.tree.Hash, index, tlog.RecordHash(of))
	}
	altered := append([]byte{}, leaf...)
	altered[len(altered)/2] ^= 1
	if check(altered) == nil {
		return errors.New("an altered entry is proven too")
	}
	return check(leaf)
}

func evidence(keyFile, file string) (map[string]int, error) {
	type proven struct{ Entry, Proof string }
	var read struct {
		Entries []proven
		Last    proven
	}
	verifier, err := readVerifier(keyFile)
	if err != nil {
		return nil, err
	}
	text, err := os.ReadFile(file)
	if err != nil {
		return nil, err
	}
	if err := json.Unmarshal(text, &read); err != nil {
		return nil, err
	}
	all := append(read.Entries, read.Last)
	for _, one := range all {
		if err := checkProof(one.Proof, []byte(one.Entry), verifier); err != nil {
			return nil, fmt.Errorf("%w, of entry %.60q", err, one.Entry)
		}
	}
	return map[string]int{"proofs": len(all)}, nil
}

func run(words []string) (map[string]int, error) {
	switch {
	case len(words) >= 3 && words[0] == "log":
		return checkLog(words[1], words[2], words[3:])
	case len(words) == 3 && words[0] == "evidence":
		return evidence(words[1], words[2])
	case len(words) >= 4 && words[0] == "sign":
		return signAnew(words[1], words[2], words[3:])
	}
	return nil, errors.New("usage: see the head of logcheck.go")
}

func main() {
	counts, err := run(os.Args[1:])
	if err != nil {
		fmt.Fprintln(os.Stderr, "logcheck:", err)
		os.Exit(1)
	}
	if err := json.NewEncoder(os.Stdout).Encode(counts); err != nil {
		os.Exit(1)
	}
}
