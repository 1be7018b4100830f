package landing

import (
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"strings"

	"tandem/erp"
	"tandem/fault"
)

// Digest names a record's content: two records with the same digest are the same but for their keys. Decimals are
// written without trailing zeros and maps in the order of their keys, so equal content gives equal JSON. A value that JSON
// does not take, such as a date in the year 12000, is fault.Invalid.
func Digest[T any](record T, key func(*T) *erp.Key) (string, error) {
	*key(&record) = erp.Key{} // record is a copy; the content is the same under whichever key it comes
	content, err := json.Marshal(record)
	if err != nil {
		return "", fault.Wrap(fault.Invalid, err, "the record holds a value that cannot be stored")
	}
	return Hash(string(content)), nil
}

// Hash gives the SHA-256 of a text in hexadecimal.
func Hash(text string) string {
	sum := sha256.Sum256([]byte(text))
	return hex.EncodeToString(sum[:])
}

// Join makes one digest of a record's and those of what it brought along. A single digest stands for itself.
func Join(digests []string) string {
	if len(digests) == 1 {
		return digests[0]
	}
	return Hash(strings.Join(digests, "+"))
}
