package db

import (
	"bytes"
	"testing"

	"github.com/stretchr/testify/require"

	"tandem/fault"
	"tandem/schema/schematest"
)

func TestMailSettingsAreSealedAndFollowTheKey(t *testing.T) {
	url := schematest.URL(t)
	open := func(keys ...string) *DB {
		var secrets [][]byte
		for _, k := range keys {
			secrets = append(secrets, bytes.Repeat([]byte(k), 32))
		}
		d, err := Open(t.Context(), url, Options{SecretKeys: secrets})
		require.NoError(t, err)
		t.Cleanup(func() { require.NoError(t, d.Close()) })
		return d
	}
	old := open("a")
	_, err := old.MailSettings(t.Context())
	require.Equal(t, CodeNoMail, fault.From(err).Code)
	set := MailSettings{Host: "smtp.example.com", Port: 465, Security: "tls", Username: "u", Password: "the-password", Sender: "a@b.example", SenderName: "A"}
	require.NoError(t, old.SetMailSettings(t.Context(), set))
	got, err := old.MailSettings(t.Context())
	require.NoError(t, err)
	require.True(t, set == got)
	require.NotContains(t, set.String(), "the-password")
	var raw []byte
	require.NoError(t, old.pool.GetContext(t.Context(), &raw, `SELECT password FROM tandem.mail_settings`))
	require.NotContains(t, string(raw), "the-password")

	require.ErrorContains(t, open("b").CheckKeys(t.Context()), "the mail server")
	sealed, forgotten, err := open("b", "a").Rekey(t.Context(), false)
	require.NoError(t, err)
	require.Equal(t, []int{1, 0}, []int{sealed, forgotten})
	got, err = open("b").MailSettings(t.Context())
	require.NoError(t, err)
	require.True(t, set == got)
	sealed, forgotten, err = open("c").Rekey(t.Context(), true)
	require.NoError(t, err)
	require.Equal(t, []int{1, 1}, []int{sealed, forgotten})
	_, err = open("c").MailSettings(t.Context())
	require.Equal(t, CodeNoMail, fault.From(err).Code)
}
