package imageurl

import (
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"tandem/fault"
)

var (
	digest = "sha256:" + strings.Repeat("ab", 32)
	sha1   = "sha1:" + strings.Repeat("cd", 20)
	noon   = time.Date(2026, 11, 29, 12, 0, 0, 0, time.UTC)
)

func someKeys(t testing.TB, secrets ...string) Keys {
	t.Helper()
	var raw [][]byte
	for _, secret := range secrets {
		raw = append(raw, []byte(strings.Repeat(secret, 32)))
	}
	keys, err := NewKeys(raw)
	require.NoError(t, err)
	return keys
}

func TestFileNames(t *testing.T) {
	for name, c := range map[string]struct{ digest, mediaType, want string }{
		"JPEG":            {digest, "image/jpeg", digest[7:] + ".jpg"},
		"PNG of an Odoo":  {sha1, "image/png", sha1[5:] + ".png"},
		"no digest":       {"", "image/png", ""},
		"another digest":  {"md5:" + strings.Repeat("0", 32), "image/png", ""},
		"a longer digest": {digest + "ab", "image/png", ""},
		"SVG":             {digest, "image/svg+xml", ""},
	} {
		t.Run(name, func(t *testing.T) {
			got := FileName(c.digest, c.mediaType)
			require.Equal(t, c.want, got)
			if got != "" {
				require.Equal(t, c.mediaType, MediaType(got))
				require.Equal(t, c.digest, Digest("https://shop.example/wp-content/uploads/2026/11/"+got))
			}
		})
	}
	for _, file := range []string{"", "x.jpg", digest[7:], digest[7:] + "-1.jpg", digest[7:] + ".svg", digest[7:] + ".jpg.png"} {
		require.Empty(t, MediaType(file), file)
	}
}

// A store calls a second file of a name otherwise, and plugins convert and scale files.
func TestTheDigestOfWhatAStoreMadeOfAFile(t *testing.T) {
	base := "https://shop.example/wp-content/uploads/2026/11/"
	for _, rest := range []string{".jpg", "-1.jpg", "-scaled.jpg", "-1024x768.jpg", ".jpg.webp", ".jpg?v=3", ""} {
		require.Equal(t, digest, Digest(base+digest[7:]+rest), rest)
	}
	for _, other := range []string{"", base, base + "front.jpg", base + "a" + digest[7:] + ".jpg", base + digest[8:] + ".jpg", base + digest[7:] + "/x.jpg"} {
		require.Empty(t, Digest(other), other)
	}
}

func TestAddresses(t *testing.T) {
	keys := someKeys(t, "k")
	file := FileName(digest, "image/jpeg")
	address := keys.Address("https://tandem.example.com/", file, noon)
	rest, ok := strings.CutPrefix(address, "https://tandem.example.com/images/")
	require.True(t, ok, address)
	token, name, _ := strings.Cut(rest, "/")
	require.Equal(t, file, name)
	require.NotContains(t, address, "?")

	until, ok := keys.Check(token, file, noon.Add(-time.Second))
	require.True(t, ok)
	require.True(t, until.Equal(noon))
	later := keys.token(file, noon.Add(time.Hour))
	for what, c := range map[string]struct {
		token, file string
		now         time.Time
	}{
		"ended":                    {token, file, noon},
		"another image":            {token, FileName(sha1, "image/jpeg"), noon.Add(-time.Second)},
		"another type":             {token, FileName(digest, "image/png"), noon.Add(-time.Second)},
		"a later end put before":   {later[:10] + token[10:], file, noon.Add(-time.Second)},
		"cut":                      {token[:len(token)-4], file, noon.Add(-time.Second)},
		"no token":                 {"", file, noon.Add(-time.Second)},
		"the alphabet of base64":   {strings.Repeat("+", len(token)), file, noon.Add(-time.Second)},
		"padded":                   {token + "==", file, noon.Add(-time.Second)},
		"signed by another secret": {someKeys(t, "x").token(file, noon), file, noon.Add(-time.Second)},
	} {
		_, ok := keys.Check(c.token, c.file, c.now)
		require.False(t, ok, what)
	}
	_, ok = someKeys(t, "n", "k").Check(token, file, noon.Add(-time.Second))
	require.True(t, ok, "the secret key was changed since")
}

func TestNoKeys(t *testing.T) {
	_, err := NewKeys(nil)
	require.Equal(t, fault.Invalid, fault.KindOf(err))
}

// FuzzCheck: only a token that was made for a file passes for it.
func FuzzCheck(f *testing.F) {
	keys := someKeys(f, "k")
	file := FileName(digest, "image/jpeg")
	f.Add(keys.token(file, noon), file)
	f.Add("", "")
	f.Add("AAAA", file)
	f.Fuzz(func(t *testing.T, token, name string) {
		until, ok := keys.Check(token, name, noon.Add(-time.Hour))
		if ok {
			require.Equal(t, keys.token(name, until), token)
		}
		if mediaType := MediaType(name); mediaType != "" {
			require.Equal(t, name, FileName(Digest(name), mediaType))
		}
	})
}
