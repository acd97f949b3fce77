package main

import (
	"bytes"
	"compress/gzip"
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"net/http"
	"os"
	"strings"

	"golang.org/x/mod/sumdb/note"
	"golang.org/x/mod/sumdb/tlog"
)

const height = 8 // Of a tile, in C2SP's tlog-tiles.

// The served log, read with or without gzip; what was read is kept.
type served struct {
	url      string
	encoding string // What is accepted: "identity" or "gzip".
	kept     map[string][]byte
	inGzip   int
	partials int // Of the tiles that were read.
}

func (log *served) status(path string) (int, []byte, error) {
	request, err := http.NewRequest("GET", log.url+"/"+path, nil)
	if err != nil {
		return 0, nil, err
	}
	request.Header.Set("Accept-Encoding", log.encoding)
	response, err := http.DefaultTransport.RoundTrip(request)
	if err != nil {
		return 0, nil, err
	}
	defer response.Body.Close()
	body := io.Reader(response.Body)
	if response.Header.Get("Content-Encoding") == "gzip" {
		if body, err = gzip.NewReader(body); err != nil {
			return 0, nil, err
		}
		log.inGzip++
	}
	octets, err := io.ReadAll(body)
	return response.StatusCode, octets, err
}

func (log *served) get(path string) ([]byte, error) {
	if octets, known := log.kept[path]; known {
		return octets, nil
	}
	status, octets, err := log.status(path)
	if err == nil && status != http.StatusOK {
		err = fmt.Errorf("%s answered %d", path, status)
	}
	if err == nil {
		log.kept[path] = octets
	}
	return octets, err
}

func (log *served) Height() int { return height }

func (log *served) SaveTiles([]tlog.Tile, [][]byte) {}

// The paths of sumdb's tiles name their height, C2SP's do not.
func (log *served) ReadTiles(tiles []tlog.Tile) ([][]byte, error) {
	all := make([][]byte, len(tiles))
	for i, tile := range tiles {
		path := strings.Replace(tile.Path(), fmt.Sprintf("tile/%d/", height), "tile/", 1)
		octets, err := log.get(path)
		if err != nil {
			return nil, err
		}
		if len(octets) != tile.W*tlog.HashSize {
			return nil, fmt.Errorf("%s has %d octets", path, len(octets))
		}
		all[i] = octets
		if tile.W < 1<<height {
			log.partials++
		}
	}
	return all, nil
}

// The entries of a log of that size, from its bundles.
func (log *served) leaves(size int64) ([][]byte, error) {
	var all [][]byte
	for n := int64(0); n*(1<<height) < size; n++ {
		tile := tlog.Tile{H: height, L: -1, N: n, W: 1 << height}
		if left := size - n*(1<<height); left < 1<<height {
			tile.W = int(left)
		}
		path := strings.Replace(tile.Path(), fmt.Sprintf("tile/%d/data/", height), "tile/entries/", 1)
		bundle, err := log.get(path)
		if err != nil {
			return nil, err
		}
		count := 0
		for ; len(bundle) >= 2; count++ {
			length := int(binary.BigEndian.Uint16(bundle))
			if len(bundle) < 2+length {
				return nil, fmt.Errorf("%s is cut short", path)
			}
			all = append(all, bundle[2:2+length])
			bundle = bundle[2+length:]
		}
		if count != tile.W || len(bundle) != 0 {
			return nil, fmt.Errorf("%s holds %d entries", path, count)
		}
	}
	return all, nil
}

// The tree that these leaves make, by sumdb's own reckoning.
type ownTree []tlog.Hash

func (tree ownTree) ReadHashes(indexes []int64) ([]tlog.Hash, error) {
	hashes := make([]tlog.Hash, len(indexes))
	for i, index := range indexes {
		hashes[i] = tree[index]
	}
	return hashes, nil
}

func treeOf(leaves [][]byte) (ownTree, error) {
	var tree ownTree
	for n, leaf := range leaves {
		hashes, err := tlog.StoredHashes(int64(n), leaf, tree)
		if err != nil {
			return nil, err
		}
		tree = append(tree, hashes...)
	}
	return tree, nil
}

// Every entry is proven, and every size has the root that its entries give, and extends into this
// one. Some are read through their own tiles, the last of which are partial.
func (log *served) checkTree(head tlog.Tree, leaves [][]byte) error {
	tree, err := treeOf(leaves)
	if err != nil {
		return err
	}
	tiles := tlog.TileHashReader(head, log)
	for n := int64(0); n < head.N; n++ {
		proof, err := tlog.ProveRecord(head.N, n, tiles)
		if err == nil {
			err = tlog.CheckRecord(proof, head.N, head.Hash, n, tlog.RecordHash(leaves[n]))
		}
		if err != nil {
			return fmt.Errorf("entry %d: %w", n, err)
		}
		root, err := tlog.TreeHash(n+1, tree)
		if err == nil {
			err = checkOlder(tlog.Tree{N: n + 1, Hash: root}, head, tiles)
		}
		if err == nil && (n < 3 || n%29 == 0 || (n+2)%256 < 3) {
			_, err = tlog.ProveRecord(n+1, n/2, tlog.TileHashReader(tlog.Tree{N: n + 1, Hash: root}, log))
		}
		if err != nil {
			return fmt.Errorf("size %d: %w", n+1, err)
		}
	}
	return nil
}

func checkOlder(older, head tlog.Tree, tiles tlog.HashReader) error {
	extension, err := tlog.ProveTree(head.N, older.N, tiles)
	if err != nil {
		return err
	}
	if err := tlog.CheckTree(extension, head.N, head.Hash, older.N, older.Hash); err != nil {
		return err
	}
	altered := older.Hash
	altered[7] ^= 1
	if tlog.CheckTree(extension, head.N, head.Hash, older.N, altered) == nil {
		return errors.New("another root extends into it too")
	}
	return nil
}

// What C2SP's tlog-tiles has no tile for is not found, however it is spelt.
func (log *served) checkAbsent(size int64) error {
	absent := []string{
		fmt.Sprintf("tile/0/%03d", size>>height), fmt.Sprintf("tile/0/%03d.p/%d", size>>height, size&255+1),
		"tile/0/000.p/0", "tile/0/000.p/256", "tile/0/0", "tile/0/x000/000", "tile/8/0/000", "tile/data/000",
		fmt.Sprintf("tile/entries/%03d", size>>height), "tile/64/000",
	}
	for _, path := range absent {
		status, _, err := log.status(path)
		if err != nil {
			return err
		}
		if status != http.StatusNotFound {
			return fmt.Errorf("%s answered %d", path, status)
		}
	}
	return nil
}

// The registry's own proof files, as sumdb's proofs give them.
func (log *served) checkProofFiles(head tlog.Tree, signed []byte, verifier note.Verifier) error {
	tiles := tlog.TileHashReader(head, log)
	for _, n := range []int64{0, head.N / 2, head.N - 1} {
		leaf, err := log.get(fmt.Sprintf("v1/entries/%d/leaf", n))
		if err != nil {
			return err
		}
		given, err := log.get(fmt.Sprintf("v1/entries/%d/proof", n))
		if err != nil {
			return err
		}
		if err := checkProof(string(given), leaf, verifier); err != nil {
			return fmt.Errorf("the proof file of entry %d: %w", n, err)
		}
		hashes, err := tlog.ProveRecord(head.N, n, tiles)
		if err != nil {
			return err
		}
		own := fmt.Sprintf("c2sp.org/tlog-proof@v1\nindex %d\n", n)
		for _, hash := range hashes {
			own += hash.String() + "\n"
		}
		if string(given) != own+"\n"+string(signed) {
			return fmt.Errorf("the proof file of entry %d is another than %q", n, own)
		}
	}
	return nil
}

func (log *served) check(verifier note.Verifier, older []checkpoint) (tlog.Tree, error) {
	message, err := log.get("checkpoint")
	if err != nil {
		return tlog.Tree{}, err
	}
	head, err := openCheckpoint(message, verifier)
	if err != nil {
		return tlog.Tree{}, err
	}
	altered := bytes.Replace(message, []byte(head.tree.Hash.String()), []byte(tlog.Hash{}.String()), 1)
	if _, err := openCheckpoint(altered, verifier); err == nil {
		return tlog.Tree{}, errors.New("a checkpoint with another root opens too")
	}
	tiles := tlog.TileHashReader(head.tree, log)
	for _, one := range older {
		root, err := tlog.TreeHash(one.tree.N, tiles)
		if err == nil && root != one.tree.Hash {
			err = errors.New("it has another root")
		}
		if err == nil {
			err = checkOlder(one.tree, head.tree, tiles)
		}
		if err != nil {
			return tlog.Tree{}, fmt.Errorf("checkpoint of size %d: %w", one.tree.N, err)
		}
	}
	leaves, err := log.leaves(head.tree.N)
	if err == nil {
		err = log.checkTree(head.tree, leaves)
	}
	if err == nil {
		err = log.checkProofFiles(head.tree, message, verifier)
	}
	if err == nil {
		err = log.checkAbsent(head.tree.N)
	}
	return head.tree, err
}

func checkLog(url, keyFile string, checkpointFiles []string) (map[string]int, error) {
	verifier, err := readVerifier(keyFile)
	if err != nil {
		return nil, err
	}
	var older []checkpoint
	for _, file := range checkpointFiles {
		message, err := os.ReadFile(file)
		if err != nil {
			return nil, err
		}
		opened, err := openCheckpoint(message, verifier)
		if err != nil {
			return nil, fmt.Errorf("%s: %w", file, err)
		}
		older = append(older, opened)
	}
	counts := map[string]int{"checkpoints": len(older) + 1}
	for _, encoding := range []string{"identity", "gzip"} {
		log := &served{url: url, encoding: encoding, kept: map[string][]byte{}}
		tree, err := log.check(verifier, older)
		if err != nil {
			return nil, fmt.Errorf("%s: %w", encoding, err)
		}
		counts["size"], counts["partial"], counts[encoding] = int(tree.N), log.partials, log.inGzip
	}
	return counts, nil
}
