// Package imageurl makes and checks the addresses under which stores fetch images from Tandem. They need no login: each is signed, names one
// image by its digest, and is good for a while. WooCommerce takes an image by the extension of its path and reads no query, so the
// signature stands in the path.
package imageurl

import (
	"crypto/hkdf"
	"crypto/hmac"
	"crypto/sha256"
	"encoding/base64"
	"encoding/binary"
	"path"
	"regexp"
	"strings"
	"time"

	"tandem/fault"
)

// Path is where the addresses begin, below that of the API's server.
const Path = "/images/"

// purpose keeps the key apart from what else is derived from the secret key.
const purpose = "tandem image addresses"

const (
	expirySize = 8 // bytes: Unix seconds
	tokenSize  = expirySize + sha256.Size
)

// extensions are the media types that stores take, with how names of such files end.
var extensions = map[string]string{"image/jpeg": ".jpg", "image/png": ".png", "image/gif": ".gif", "image/webp": ".webp"}

// digests are the digests that name images, by their algorithm: SHA-256, and SHA-1 where an ERP keeps that of what it has.
var digests = regexp.MustCompile(`^(?:sha256:([0-9a-f]{64})|sha1:([0-9a-f]{40}))$`)

// names are the names of files: ours, and what a store makes of them when it has one of that name, scales it down or converts it.
var names = regexp.MustCompile(`^([0-9a-f]{64}|[0-9a-f]{40})([.-].*)?$`)

// FileName names the file of an image after its digest, such as "sha256:…", and the media type in which it is sent; "" for a digest or a
// type that is not known.
func FileName(digest, mediaType string) string {
	match := digests.FindStringSubmatch(digest)
	extension := extensions[mediaType]
	if match == nil || extension == "" {
		return ""
	}
	return match[1] + match[2] + extension
}

// Digest gives the digest of the image that a store fetched from Tandem, by the address that the store gives it now; "" for any other
// image.
func Digest(address string) string {
	address, _, _ = strings.Cut(address, "?")
	match := names.FindStringSubmatch(path.Base(address))
	switch {
	case match == nil:
		return ""
	case len(match[1]) == hexSHA1:
		return "sha1:" + match[1]
	default:
		return "sha256:" + match[1]
	}
}

const hexSHA1 = 40

// MediaType gives the media type of a file by its name; "" for a name that is none of ours.
func MediaType(file string) string {
	for mediaType, extension := range extensions {
		if digest, ok := strings.CutSuffix(file, extension); ok && names.MatchString(digest) && !strings.ContainsAny(digest, ".-") {
			return mediaType
		}
	}
	return ""
}

// Keys sign with the first and check with any, as the secret keys do that they are derived from.
type Keys [][]byte

// NewKeys derives keys from the secret keys of the installation.
func NewKeys(secrets [][]byte) (Keys, error) {
	var keys Keys
	for _, secret := range secrets {
		key, err := hkdf.Key(sha256.New, secret, nil, purpose, sha256.Size)
		if err != nil {
			return nil, fault.Wrap(fault.Internal, err, "TANDEM_SECRET_KEY cannot be used to sign addresses of images")
		}
		keys = append(keys, key)
	}
	if len(keys) == 0 {
		return nil, fault.New(fault.Invalid, "no TANDEM_SECRET_KEY is given: addresses of images cannot be signed without one")
	}
	return keys, nil
}

// Address gives the address of a file that is good until a time, below the address of the API's server.
func (k Keys) Address(server, file string, until time.Time) string {
	return strings.TrimRight(server, "/") + Path + k.token(file, until) + "/" + file
}

func (k Keys) token(file string, until time.Time) string {
	expiry := binary.BigEndian.AppendUint64(nil, uint64(until.Unix()))
	return base64.RawURLEncoding.EncodeToString(append(expiry, sign(k[0], expiry, file)...))
}

func sign(key, expiry []byte, file string) []byte {
	mac := hmac.New(sha256.New, key)
	mac.Write(expiry)
	mac.Write([]byte(file))
	return mac.Sum(nil)
}

// Check reports whether a token is one for a file, and until when it is good. One that has ended, and one that is no token, are as wrong
// as a forged one.
func (k Keys) Check(token, file string, now time.Time) (until time.Time, ok bool) {
	raw, err := base64.RawURLEncoding.Strict().DecodeString(token)
	if err != nil || len(raw) != tokenSize {
		return time.Time{}, false
	}
	expiry, signature := raw[:expirySize], raw[expirySize:]
	signed := false
	for _, key := range k {
		signed = hmac.Equal(signature, sign(key, expiry, file)) || signed
	}
	until = time.Unix(int64(binary.BigEndian.Uint64(expiry)), 0)
	if !signed || !now.Before(until) {
		return time.Time{}, false
	}
	return until, true
}
