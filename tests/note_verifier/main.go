// Judges signed checkpoints with Go's own checksum-database packages: what a foreign verifier makes of them. Reads one question
// as JSON and answers in JSON.
package main

import (
	"encoding/base64"
	"encoding/hex"
	"encoding/json"
	"log"
	"os"

	"golang.org/x/mod/sumdb/note"
	"golang.org/x/mod/sumdb/tlog"
)

type question struct {
	// A verifier key, and notes to open with it.
	Key   string   `json:"key"`
	Notes []string `json:"notes"`
	// Hashes of the records of a log in hex, and proofs that one of them is in it.
	Records []string `json:"records"`
	Proofs  []proof  `json:"proofs"`
	// Proofs that the log has only grown since it had so many records.
	Growths []growth `json:"growths"`
}

type proof struct {
	Index    int64    `json:"index"`
	Record   string   `json:"record"`
	Siblings []string `json:"siblings"`
}

type growth struct {
	Since  int64    `json:"since"`
	Hashes []string `json:"hashes"`
}

type answer struct {
	// The text of each note, null where it does not verify.
	Texts []*string `json:"texts"`
	// The root over the records in base64.
	Root string `json:"root"`
	// Whether each proof holds.
	Holds []bool `json:"holds"`
	// Whether each growth is one.
	Grew []bool `json:"grew"`
}

func main() {
	log.SetFlags(0)
	var asked question
	check(json.NewDecoder(os.Stdin).Decode(&asked))
	root := rootOver(asked.Records)
	told := answer{Texts: openAll(asked.Key, asked.Notes), Root: root.String(), Holds: []bool{}, Grew: []bool{}}
	for _, each := range asked.Proofs {
		told.Holds = append(told.Holds, holds(each, root, int64(len(asked.Records))))
	}
	for _, each := range asked.Growths {
		told.Grew = append(told.Grew, grew(each, root, asked.Records))
	}
	check(json.NewEncoder(os.Stdout).Encode(told))
}

func openAll(key string, notes []string) []*string {
	verifier, err := note.NewVerifier(key)
	check(err)
	texts := []*string{}
	for _, each := range notes {
		var text *string
		if opened, err := note.Open([]byte(each), note.VerifierList(verifier)); err == nil {
			text = &opened.Text
		}
		texts = append(texts, text)
	}
	return texts
}

func rootOver(records []string) tlog.Hash {
	var stored []tlog.Hash
	reader := tlog.HashReaderFunc(func(indexes []int64) ([]tlog.Hash, error) {
		found := make([]tlog.Hash, len(indexes))
		for i, index := range indexes {
			found[i] = stored[index]
		}
		return found, nil
	})
	for n, record := range records {
		hashes, err := tlog.StoredHashes(int64(n), fromHex(record), reader)
		check(err)
		stored = append(stored, hashes...)
	}
	root, err := tlog.TreeHash(int64(len(records)), reader)
	check(err)
	return root
}

func holds(each proof, root tlog.Hash, count int64) bool {
	leaf := tlog.RecordHash(fromHex(each.Record))
	return tlog.CheckRecord(hashes(each.Siblings), count, root, each.Index, leaf) == nil
}

func grew(each growth, root tlog.Hash, records []string) bool {
	old := rootOver(records[:each.Since])
	return tlog.CheckTree(hashes(each.Hashes), int64(len(records)), root, each.Since, old) == nil
}

func hashes(texts []string) []tlog.Hash {
	read := []tlog.Hash{}
	for _, text := range texts {
		bytes, err := base64.StdEncoding.DecodeString(text)
		check(err)
		var hash tlog.Hash
		copy(hash[:], bytes)
		read = append(read, hash)
	}
	return read
}

func fromHex(text string) []byte {
	bytes, err := hex.DecodeString(text)
	check(err)
	return bytes
}

func check(err error) {
	if err != nil {
		log.Fatal(err)
	}
}
