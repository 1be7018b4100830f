package mail

import (
	"context"
	"crypto/tls"
	"crypto/x509"
	"errors"
	"fmt"
	"net"
	"net/textproto"
	"os"
	"strconv"
	"strings"
	"time"

	smtp "github.com/xhit/go-simple-mail/v2"

	"tandem/fault"
)

// Codes of faults that say what to look at.
const (
	CodeNoTLS   = "mail_no_tls"  // the server does not offer STARTTLS, or its certificate is not valid
	CodeRefused = "mail_refused" // the server said that it will never take this
	CodeLogin   = "mail_login"   // the user name or the password is wrong
	CodeUnsent  = "mail_unsent"  // it did not work this time
)

// sendTimeout bounds the sending of one message.
const sendTimeout = 2 * time.Minute

// Sender sends mail. Roots are who signs servers' certificates; nil is the system's.
type Sender struct {
	Roots *x509.CertPool
}

// Send sends a message to one recipient, and gives what the server answered. An error says whether trying again may help: Unavailable when
// the server is away or said so (4xx), Invalid when it refused (5xx), Unauthorized when it did not take the user. What the server answered is
// in its text, without the recipient's address.
func (s Sender) Send(ctx context.Context, settings Settings, recipient string, m Message) (answer string, err error) {
	email, err := m.compose(settings, recipient)
	if err != nil {
		return "", fault.Wrap(fault.Invalid, err, "the message cannot be written")
	}
	ctx, cancel := context.WithTimeout(ctx, sendTimeout)
	defer cancel()
	c, err := s.dial(ctx, settings)
	if err != nil {
		return "", err
	}
	defer c.Close() //nolint:errcheck // what was sent is sent
	stop := context.AfterFunc(ctx, func() { _ = c.SetDeadline(time.Unix(1, 0)) })
	defer stop()
	client, err := settings.client(c).Connect()
	if err != nil {
		return "", c.failure(err, recipient)
	}
	if err := email.Send(client); err != nil {
		return "", c.failure(err, recipient)
	}
	answer = c.answer(recipient)
	_ = client.Quit() // the message is taken, whatever becomes of the connection
	return answer, nil
}

// client prepares the library for a connection that is encrypted already, as far as it will be. Left to itself it would go on without
// encryption where a server offers no STARTTLS, and send the password. It takes the name of the server for a sign of whether a
// connection may have the password: this one may.
func (s Settings) client(c net.Conn) *smtp.SMTPServer {
	server := smtp.NewSMTPClient()
	server.Host, server.CustomConn, server.Encryption = "localhost", c, smtp.EncryptionNone
	server.Username, server.Password = s.Username, s.Password
	server.ConnectTimeout, server.SendTimeout = 0, 0 // the connection has its own
	server.Helo = helloName()
	if s.Username == "" {
		server.Authentication = smtp.AuthNone
	}
	return server
}

// helloName is what the machine calls itself.
func helloName() string {
	name, err := os.Hostname()
	if err != nil || name == "" || strings.ContainsAny(name, " \r\n") {
		return "localhost"
	}
	return name
}

// dial connects, and encrypts.
func (s Sender) dial(ctx context.Context, settings Settings) (*conn, error) {
	address := net.JoinHostPort(settings.Host, strconv.Itoa(settings.Port))
	raw, err := (&net.Dialer{Timeout: 20 * time.Second}).DialContext(ctx, "tcp", address)
	if err != nil {
		return nil, unsent(err, "the mail server %s does not answer", address)
	}
	deadline, _ := ctx.Deadline()
	_ = raw.SetDeadline(deadline)
	stop := context.AfterFunc(ctx, func() { _ = raw.SetDeadline(time.Unix(1, 0)) })
	defer stop()
	c, err := s.encrypt(ctx, raw, settings)
	if err != nil {
		_ = raw.Close()
		return nil, err
	}
	return c, nil
}

func (s Sender) encrypt(ctx context.Context, raw net.Conn, settings Settings) (*conn, error) {
	if settings.Security == Plain {
		return &conn{Conn: raw}, nil
	}
	greeting := ""
	if settings.Security == STARTTLS {
		var err error
		if greeting, err = startTLS(raw); err != nil {
			return nil, err
		}
	}
	encrypted := tls.Client(raw, &tls.Config{ServerName: settings.Host, RootCAs: s.Roots, MinVersion: tls.VersionTLS12})
	if err := encrypted.HandshakeContext(ctx); err != nil {
		var invalid *tls.CertificateVerificationError
		if errors.As(err, &invalid) {
			return nil, coded(fault.Wrap(fault.Invalid, err, "the certificate of the mail server is not valid for %s: nothing was sent", settings.Host), CodeNoTLS)
		}
		return nil, unsent(err, "the mail server does not encrypt: check host, port and security")
	}
	return &conn{Conn: encrypted, ahead: greeting}, nil
}

// startTLS asks the server to encrypt, and gives its greeting, which the library waits for.
func startTLS(raw net.Conn) (greeting string, err error) {
	text := textproto.NewConn(raw)
	_, message, err := text.ReadResponse(220)
	if err != nil {
		return "", said(err, "")
	}
	if err := text.PrintfLine("EHLO %s", helloName()); err != nil {
		return "", said(err, "")
	}
	_, offers, err := text.ReadResponse(250)
	if err != nil {
		return "", said(err, "")
	}
	if !offersSTARTTLS(offers) {
		return "", coded(fault.New(fault.Invalid, "the mail server does not offer STARTTLS: nothing was sent; use tls, usually on port 465, or ask who runs it"), CodeNoTLS)
	}
	if err := text.PrintfLine("STARTTLS"); err != nil {
		return "", said(err, "")
	}
	if _, _, err := text.ReadResponse(220); err != nil {
		return "", said(err, "")
	}
	if text.R.Buffered() > 0 { // somebody in between could have put it there
		return "", coded(fault.New(fault.Invalid, "the mail server went on without encryption: nothing was sent"), CodeNoTLS)
	}
	line, _, _ := strings.Cut(message, "\n")
	return "220 " + line + "\r\n", nil
}

func offersSTARTTLS(offers string) bool {
	for line := range strings.SplitSeq(offers, "\n") {
		if strings.EqualFold(strings.TrimSpace(line), "STARTTLS") {
			return true
		}
	}
	return false
}

// conn is a connection that remembers what the server said last.
type conn struct {
	net.Conn
	ahead string // that is read before anything else
	last  []byte
}

// remembered is how much of the server's words is kept.
const remembered = 1024

func (c *conn) Read(p []byte) (n int, err error) {
	if c.ahead != "" {
		n = copy(p, c.ahead)
		c.ahead = c.ahead[n:]
	} else {
		n, err = c.Conn.Read(p)
	}
	c.last = append(c.last, p[:n]...)
	c.last = c.last[max(0, len(c.last)-remembered):]
	return n, err
}

// answer gives the last line that the server sent.
func (c *conn) answer(recipient string) string {
	lines := strings.Split(strings.TrimSpace(string(c.last)), "\n")
	return shown(lines[len(lines)-1], recipient)
}

// shown cuts what a server said to a line, without the address that it may repeat.
func shown(text, recipient string) string {
	text = strings.Join(strings.Fields(strings.ToValidUTF8(text, "�")), " ")
	if recipient != "" {
		text = strings.ReplaceAll(text, recipient, "…")
	}
	if runes := []rune(text); len(runes) > 300 {
		text = string(runes[:300]) + "…"
	}
	return text
}

// failure classifies what went wrong in a conversation.
func (c *conn) failure(err error, recipient string) error { return said(err, recipient) }

func said(err error, recipient string) error {
	var reply *textproto.Error
	if !errors.As(err, &reply) {
		if strings.Contains(err.Error(), "auth type") {
			return coded(fault.Wrap(fault.Unauthorized, err, "the mail server has no way of logging in that Tandem knows: PLAIN, LOGIN or CRAM-MD5"), CodeLogin)
		}
		return unsent(err, "the mail server ended the conversation")
	}
	text := fmt.Sprintf("the mail server said: %d %s", reply.Code, shown(reply.Msg, recipient))
	switch {
	case reply.Code == 535 || reply.Code == 534 || reply.Code == 530:
		return coded(fault.Wrap(fault.Unauthorized, err, "%s", text), CodeLogin)
	case reply.Code >= 500:
		return coded(fault.Wrap(fault.Invalid, err, "%s", text), CodeRefused)
	}
	return unsent(err, "%s", text)
}

func unsent(err error, format string, args ...any) error {
	return coded(fault.Wrap(fault.Unavailable, err, format, args...), CodeUnsent)
}

func coded(f *fault.Error, code string) error {
	f.Code = code
	return f
}
