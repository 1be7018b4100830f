package db

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"tandem/fault"
)

func ring(t *testing.T, letters ...string) keyring {
	t.Helper()
	var secrets [][]byte
	for _, letter := range letters {
		secrets = append(secrets, []byte(strings.Repeat(letter, keyLength)))
	}
	keys, err := newKeyring(secrets)
	require.NoError(t, err)
	return keys
}

func TestSealOpensAgain(t *testing.T) {
	keys := ring(t, "a")
	sealed := keys.seal([]byte("secret"), "demo")

	plain, err := keys.open(sealed, "demo")

	require.NoError(t, err)
	require.Equal(t, "secret", string(plain))
	require.NotContains(t, string(sealed), "secret")
	require.NotEqual(t, sealed, keys.seal([]byte("secret"), "demo"), "the nonce must never repeat")
}

func TestSealedUnderAFormerKey(t *testing.T) {
	sealed := ring(t, "a").seal([]byte("secret"), "demo")

	plain, err := ring(t, "b", "a").open(sealed, "demo")
	require.NoError(t, err)
	require.Equal(t, "secret", string(plain))

	again := ring(t, "b", "a").seal(plain, "demo")
	_, err = ring(t, "b").open(again, "demo")
	require.NoError(t, err, "the first key seals")
}

func TestSealDoesNotOpen(t *testing.T) {
	sealed := ring(t, "a").seal([]byte("secret"), "demo")
	flipped := append([]byte{}, sealed...)
	flipped[len(flipped)-1] ^= 1
	for name, tt := range map[string]struct {
		keys   keyring
		sealed []byte
		owner  string
		kind   fault.Kind
	}{
		"another key":   {ring(t, "b"), sealed, "demo", fault.Unavailable},
		"another owner": {ring(t, "a"), sealed, "other", fault.Internal},
		"a bit flipped": {ring(t, "a"), flipped, "demo", fault.Internal},
		"cut short":     {ring(t, "a"), sealed[:3], "demo", fault.Internal},
		"other format":  {ring(t, "a"), append([]byte{9}, sealed[1:]...), "demo", fault.Internal},
	} {
		t.Run(name, func(t *testing.T) {
			_, err := tt.keys.open(tt.sealed, tt.owner)
			requireKind(t, tt.kind, err)
		})
	}
}

func TestWrongKeyIsNamed(t *testing.T) {
	sealed := ring(t, "a").seal([]byte("secret"), "demo")

	_, err := ring(t, "b").open(sealed, "demo")

	require.ErrorContains(t, err, "another TANDEM_SECRET_KEY")
}
