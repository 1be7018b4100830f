package db

import (
	"bytes"
	"crypto/aes"
	"crypto/cipher"
	"crypto/sha256"

	"tandem/fault"
)

// A sealed value is: format (1 byte), fingerprint of the key (4 bytes), nonce and ciphertext of AES-256-GCM. The
// fingerprint tells a wrong key from a damaged value and finds the right key among several.
const (
	sealFormat      = 1
	keyLength       = 32
	fingerprintSize = 4
	sealHeaderSize  = 1 + fingerprintSize
)

// sealKey is one secret key, ready for use.
type sealKey struct {
	fingerprint []byte
	aead        cipher.AEAD
}

// keyring seals with its first key and opens with any.
type keyring []sealKey

// newKeyring refuses keys that are not exactly 32 bytes long.
func newKeyring(secrets [][]byte) (keyring, error) {
	if len(secrets) == 0 {
		return nil, fault.New(fault.Invalid, "no TANDEM_SECRET_KEY is given: credentials cannot be sealed without one")
	}
	var keys keyring
	for _, secret := range secrets {
		if len(secret) != keyLength {
			return nil, fault.New(fault.Invalid, "TANDEM_SECRET_KEY must be %d bytes long, not %d", keyLength, len(secret))
		}
		key, err := newSealKey(secret)
		if err != nil {
			return nil, err
		}
		keys = append(keys, key)
	}
	return keys, nil
}

func newSealKey(secret []byte) (sealKey, error) {
	block, err := aes.NewCipher(secret)
	if err != nil {
		return sealKey{}, fault.Wrap(fault.Internal, err, "TANDEM_SECRET_KEY cannot be used")
	}
	aead, err := cipher.NewGCMWithRandomNonce(block)
	if err != nil {
		return sealKey{}, fault.Wrap(fault.Internal, err, "TANDEM_SECRET_KEY cannot be used")
	}
	sum := sha256.Sum256(append([]byte("tandem seal key fingerprint\x00"), secret...))
	return sealKey{fingerprint: sum[:fingerprintSize], aead: aead}, nil
}

// seal encrypts plain for its owner: a sealed value copied to another owner does not open.
func (k keyring) seal(plain []byte, owner string) []byte {
	header := append([]byte{sealFormat}, k[0].fingerprint...)
	return k[0].aead.Seal(header, nil, plain, []byte(owner))
}

// sealedByFirst reports whether a value was sealed with the key that seals now.
func (k keyring) sealedByFirst(sealed []byte) bool {
	return len(sealed) >= sealHeaderSize && bytes.Equal(k[0].fingerprint, sealed[1:sealHeaderSize])
}

// CodeWrongKey is the code of the fault that a sealed value does not open because none of the secret keys sealed it. It is a
// fault of this process, not of the store or the ERP: work waits for a process that has the key, and nothing is paused.
const CodeWrongKey = "wrong_secret_key"

func isWrongKey(err error) bool { return err != nil && fault.From(err).Code == CodeWrongKey }

// open decrypts what seal gave. Unavailable when none of the keys sealed it, Internal when it is damaged or another's.
func (k keyring) open(sealed []byte, owner string) ([]byte, error) {
	if len(sealed) < sealHeaderSize || sealed[0] != sealFormat {
		return nil, fault.New(fault.Internal, "the stored credentials are damaged: enter them again")
	}
	for _, key := range k {
		if !bytes.Equal(key.fingerprint, sealed[1:sealHeaderSize]) {
			continue
		}
		plain, err := key.aead.Open(nil, nil, sealed[sealHeaderSize:], []byte(owner))
		if err != nil {
			return nil, fault.Wrap(fault.Internal, err, "the stored credentials are damaged: enter them again")
		}
		return plain, nil
	}
	return nil, &fault.Error{
		Kind: fault.Unavailable, Code: CodeWrongKey,
		Message: "the stored credentials were sealed with another TANDEM_SECRET_KEY: start this process with that key, or enter them again",
	}
}
