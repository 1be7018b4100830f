package mail_test

import (
	"bytes"
	"context"
	"encoding/base64"
	"errors"
	"io"
	"mime"
	"mime/multipart"
	"mime/quotedprintable"
	netmail "net/mail"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"tandem/fault"
	"tandem/mail"
	"tandem/mail/mailtest"
)

var file = bytes.Repeat([]byte("%PDF\n.\n..dots and \x00 bytes\n"), 300)

func message() mail.Message {
	return mail.Message{
		ID: mail.MessageID("tandem@shop.example", "daily", "2026-03-29"), Subject: "Ventes du 29 – café ☕ " + strings.Repeat("long ", 30) + "\r\nBcc: evil@example.com",
		Text: "Bonjour,\nété <b>&\n\n. a dot\n\n" + strings.Repeat("a long line ", 40), Date: time.Date(2026, 3, 30, 6, 0, 0, 0, time.UTC), File: file, Name: "ventes.pdf",
	}
}

func settings(s *mailtest.Server, security string) mail.Settings {
	return mail.Settings{Host: s.Host, Port: s.Port, Security: security, Sender: "tandem@shop.example", SenderName: "Tandem, Inc"}
}

// decoded gives the body of a part.
func decoded(t *testing.T, encoding string, r io.Reader) string {
	t.Helper()
	switch encoding {
	case "base64":
		r = base64.NewDecoder(base64.StdEncoding, r)
	case "quoted-printable":
		r = quotedprintable.NewReader(r)
	}
	body, err := io.ReadAll(r)
	require.NoError(t, err)
	return string(body)
}

// A mail is read back as any program would: headers, both texts, the file byte by byte.
func TestAMailIsWhatItShouldBe(t *testing.T) {
	s := mailtest.Start(t, mailtest.Options{ImplicitTLS: true, User: "u", Password: "p"})
	set := settings(s, mail.ImplicitTLS)
	set.Username, set.Password = "u", "p"
	answer, err := mail.Sender{Roots: s.Roots}.Send(t.Context(), set, "boss@shop.example", message())
	require.NoError(t, err)
	require.Equal(t, "250 2.0.0 queued as 1 for …", answer)
	mails := s.Mails()
	require.Len(t, mails, 1)
	require.Equal(t, []any{"tandem@shop.example", "boss@shop.example", true, "u"}, []any{mails[0].From, mails[0].To, mails[0].Encrypted, mails[0].User})

	for line := range strings.SplitSeq(mails[0].Data, "\r\n") {
		require.LessOrEqual(t, len(line), 998)
	}
	read, err := netmail.ReadMessage(strings.NewReader(mails[0].Data))
	require.NoError(t, err)
	subject, err := new(mime.WordDecoder).DecodeHeader(read.Header.Get("Subject"))
	require.NoError(t, err)
	require.True(t, strings.HasPrefix(subject, "Ventes du 29 – café ☕ long long"), subject)
	require.Empty(t, read.Header.Get("Bcc"), "a subject adds no header")
	from, err := netmail.ParseAddress(read.Header.Get("From"))
	require.NoError(t, err)
	require.Equal(t, netmail.Address{Name: "Tandem, Inc", Address: "tandem@shop.example"}, *from)
	require.Equal(t, message().ID, read.Header.Get("Message-Id"))
	require.Equal(t, "<boss@shop.example>", read.Header.Get("To"))
	date, err := read.Header.Date()
	require.NoError(t, err)
	require.True(t, date.Equal(message().Date))
	parts := map[string]string{}
	gather(t, read.Header.Get("Content-Type"), read.Body, parts)
	require.Equal(t, strings.ReplaceAll(message().Text, "\n", "\r\n"), strings.ReplaceAll(strings.ReplaceAll(parts["text/plain"], "\r\n", "\n"), "\n", "\r\n"))
	require.Contains(t, parts["text/html"], "été &lt;b&gt;&amp;")
	require.Equal(t, string(file), parts["application/pdf ventes.pdf"])
}

func gather(t *testing.T, contentType string, body io.Reader, parts map[string]string) {
	t.Helper()
	_, parameters, err := mime.ParseMediaType(contentType)
	require.NoError(t, err)
	for r := multipart.NewReader(body, parameters["boundary"]); ; {
		part, err := r.NextRawPart()
		if errors.Is(err, io.EOF) {
			return
		}
		require.NoError(t, err)
		media, _, err := mime.ParseMediaType(part.Header.Get("Content-Type"))
		require.NoError(t, err)
		if strings.HasPrefix(media, "multipart/") {
			gather(t, part.Header.Get("Content-Type"), part, parts)
			continue
		}
		parts[strings.TrimSpace(media+" "+part.FileName())] = decoded(t, part.Header.Get("Content-Transfer-Encoding"), part)
	}
}

// What a server does, and what becomes of a mail.
func TestServers(t *testing.T) {
	for name, test := range map[string]struct {
		server   mailtest.Options
		security string
		login    string
		kind     fault.Kind // "" when the mail is sent
		code     string
		text     string
	}{
		"implicit TLS":                      {server: mailtest.Options{ImplicitTLS: true}, security: mail.ImplicitTLS},
		"STARTTLS":                          {server: mailtest.Options{STARTTLS: true, User: "u", Password: "p"}, security: mail.STARTTLS, login: "p"},
		"STARTTLS taken away":               {server: mailtest.Options{STARTTLS: true, Strip: true, User: "u", Password: "p"}, security: mail.STARTTLS, login: "p", kind: fault.Invalid, code: mail.CodeNoTLS, text: "does not offer STARTTLS"},
		"no TLS where it should be":         {server: mailtest.Options{}, security: mail.ImplicitTLS, login: "p", kind: fault.Unavailable, code: mail.CodeUnsent},
		"no encryption, no password":        {server: mailtest.Options{}, security: mail.Plain},
		"wrong password":                    {server: mailtest.Options{ImplicitTLS: true, User: "u", Password: "p"}, security: mail.ImplicitTLS, login: "x", kind: fault.Unauthorized, code: mail.CodeLogin, text: "535"},
		"a login that nobody gave":          {server: mailtest.Options{ImplicitTLS: true, User: "u", Password: "p"}, security: mail.ImplicitTLS, kind: fault.Unauthorized, code: mail.CodeLogin, text: "530"},
		"greylisting":                       {server: mailtest.Options{ImplicitTLS: true, Greylist: 1}, security: mail.ImplicitTLS, kind: fault.Unavailable, code: mail.CodeUnsent, text: "450 4.2.0 greylisted"},
		"a recipient that there is not":     {server: mailtest.Options{ImplicitTLS: true, Refuse: map[string]string{"boss@shop.example": "550 5.1.1 no boss@shop.example here"}}, security: mail.ImplicitTLS, kind: fault.Invalid, code: mail.CodeRefused, text: "550 5.1.1 no … here"},
		"a connection that ends in DATA":    {server: mailtest.Options{ImplicitTLS: true, DieInData: 1}, security: mail.ImplicitTLS, kind: fault.Unavailable, code: mail.CodeUnsent},
		"a connection that ends after DATA": {server: mailtest.Options{ImplicitTLS: true, DieAfter: 1}, security: mail.ImplicitTLS, kind: fault.Unavailable, code: mail.CodeUnsent},
	} {
		t.Run(name, func(t *testing.T) {
			s := mailtest.Start(t, test.server)
			set := settings(s, test.security)
			if test.login != "" {
				set.Username, set.Password = "u", test.login
			}
			_, err := mail.Sender{Roots: s.Roots}.Send(t.Context(), set, "boss@shop.example", message())
			if test.kind == "" {
				require.NoError(t, err)
				require.Len(t, s.Mails(), 1)
				require.Equal(t, test.security != mail.Plain, s.Mails()[0].Encrypted)
				return
			}
			require.Equal(t, test.kind, fault.KindOf(err), err)
			require.Equal(t, test.code, fault.From(err).Code)
			require.ErrorContains(t, err, test.text)
			require.NotContains(t, err.Error(), "boss@")
			if test.server.Strip || !test.server.ImplicitTLS {
				require.NotContains(t, strings.Join(s.Commands(), "\n"), "AUTH", "the password was not sent")
				require.NotContains(t, strings.Join(s.Commands(), "\n"), "MAIL")
			}
		})
	}
}

func TestCertificatesAreChecked(t *testing.T) {
	s := mailtest.Start(t, mailtest.Options{ImplicitTLS: true})
	_, err := mail.Sender{}.Send(t.Context(), settings(s, mail.ImplicitTLS), "boss@shop.example", message())
	require.Equal(t, mail.CodeNoTLS, fault.From(err).Code)
	require.Empty(t, s.Mails())
}

func TestAServerThatIsAway(t *testing.T) {
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	s := mailtest.Start(t, mailtest.Options{ImplicitTLS: true})
	_, err := mail.Sender{Roots: s.Roots}.Send(ctx, settings(s, mail.ImplicitTLS), "boss@shop.example", message())
	require.Equal(t, fault.Unavailable, fault.KindOf(err))
	_, err = mail.Sender{}.Send(t.Context(), mail.Settings{Host: "127.0.0.1", Port: 1, Security: mail.ImplicitTLS, Sender: "a@b.example"}, "boss@shop.example", message())
	require.Equal(t, fault.Unavailable, fault.KindOf(err))
	require.True(t, fault.Retryable(err))
}

func TestSettings(t *testing.T) {
	good := mail.Settings{Host: "smtp.example.com", Security: mail.ImplicitTLS, Sender: "a@b.example", Username: "u", Password: "p"}
	for security, port := range map[string]int{mail.ImplicitTLS: 465, mail.STARTTLS: 587} {
		set := good
		set.Security = security
		set, err := set.Check()
		require.NoError(t, err)
		require.Equal(t, port, set.Port)
	}
	for field, change := range map[string]func(*mail.Settings){
		"host": func(s *mail.Settings) { s.Host = "smtp.example.com:25" }, "security": func(s *mail.Settings) { s.Security = mail.Plain },
		"port": func(s *mail.Settings) { s.Port = 70000 }, "sender": func(s *mail.Settings) { s.Sender = "Tandem <a@b.example>" },
		"sender_name": func(s *mail.Settings) { s.SenderName = "a\nb" },
	} {
		set := good
		change(&set)
		_, err := set.Check()
		require.ErrorContains(t, err, field)
	}
	require.Equal(t, "[redacted]", good.String())
}
