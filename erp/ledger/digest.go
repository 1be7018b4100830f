package ledger

import (
	"crypto/sha256"
	"encoding/hex"

	"tandem/erp"
)

// digestOf names a record's content: two records with the same digest are the same but for their keys. Decimals are
// written without trailing zeros and maps in the order of their keys, so equal content gives equal JSON.
func digestOf[T any](record T, key func(*T) *erp.Key) (string, error) {
	*key(&record) = erp.Key{} // record is a copy; the content is the same under whichever key it comes
	text, err := encode(record)
	return hashOf(text), err
}

// hashOf gives the SHA-256 of a text in hexadecimal.
func hashOf(text string) string {
	sum := sha256.Sum256([]byte(text))
	return hex.EncodeToString(sum[:])
}
