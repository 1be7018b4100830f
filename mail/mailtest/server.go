// Package mailtest is a small SMTP server over real TCP, for tests, that can be made to fail.
package mailtest

import (
	"bufio"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/tls"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/base64"
	"encoding/pem"
	"fmt"
	"math/big"
	"net"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
)

// Mail is a message that the server took.
type Mail struct {
	From, To  string
	Data      string
	Encrypted bool
	User      string
}

// Server is the server. Its fields are set before it is used, or under Change.
type Server struct {
	Host  string
	Port  int
	Roots *x509.CertPool // that its certificate is signed by
	PEM   []byte         // the same as a file

	mu       sync.Mutex
	o        Options
	mails    []Mail
	commands []string
	greylist map[string]int
}

// Options say how the server behaves.
type Options struct {
	ImplicitTLS bool
	STARTTLS    bool
	Strip       bool   // offers no STARTTLS although it could, as somebody in between does
	User        string // with which password one has to log in; empty for none
	Password    string
	Refuse      map[string]string // by recipient: what RCPT is answered with
	Greylist    int               // how often each recipient is answered 450 first
	DieInData   int               // how many messages it ends the connection in the middle of
	DieAfter    int               // how many messages it takes and ends the connection without an answer
}

// Start starts a server that ends with the test.
func Start(t testing.TB, o Options) *Server {
	t.Helper()
	certificate, roots := newCertificate(t)
	s := &Server{
		Host: "127.0.0.1", Roots: roots, PEM: pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: certificate.Certificate[0]}), o: o,
		greylist: map[string]int{},
	}
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	require.NoError(t, err)
	s.Port = listener.Addr().(*net.TCPAddr).Port
	config := &tls.Config{Certificates: []tls.Certificate{certificate}}
	var conversations sync.WaitGroup
	conversations.Go(func() {
		for {
			raw, err := listener.Accept()
			if err != nil {
				return
			}
			conversations.Go(func() { s.converse(raw, config) })
		}
	})
	t.Cleanup(func() {
		_ = listener.Close()
		conversations.Wait()
	})
	return s
}

// Change changes how the server behaves from now on.
func (s *Server) Change(change func(*Options)) {
	s.mu.Lock()
	defer s.mu.Unlock()
	change(&s.o)
}

// Mails gives what the server took.
func (s *Server) Mails() []Mail {
	s.mu.Lock()
	defer s.mu.Unlock()
	return append([]Mail(nil), s.mails...)
}

// Commands gives what clients said, without the text of messages.
func (s *Server) Commands() []string {
	s.mu.Lock()
	defer s.mu.Unlock()
	return append([]string(nil), s.commands...)
}

func (s *Server) options() Options {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.o
}

// conversation is one connection.
type conversation struct {
	*Server
	net.Conn
	in        *bufio.Reader
	config    *tls.Config
	encrypted bool
	user      string
	mail      Mail
}

func (s *Server) converse(raw net.Conn, config *tls.Config) {
	defer raw.Close()
	_ = raw.SetDeadline(time.Now().Add(time.Minute))
	c := &conversation{Server: s, Conn: raw, config: config}
	if s.options().ImplicitTLS {
		c.encrypt()
	} else {
		c.in = bufio.NewReader(raw)
	}
	c.say("220 mail.test ready")
	for {
		line, err := c.in.ReadString('\n')
		if err != nil || !c.hear(strings.TrimRight(line, "\r\n")) {
			return
		}
	}
}

func (c *conversation) encrypt() {
	c.Conn = tls.Server(c.Conn, c.config)
	c.in, c.encrypted = bufio.NewReader(c.Conn), true
}

func (c *conversation) say(format string, args ...any) { fmt.Fprintf(c.Conn, format+"\r\n", args...) }

// hear answers a command, and reports whether the conversation goes on.
func (c *conversation) hear(line string) bool {
	o := c.options()
	c.mu.Lock()
	c.commands = append(c.commands, line)
	c.mu.Unlock()
	verb, rest, _ := strings.Cut(line, " ")
	switch strings.ToUpper(verb) {
	case "EHLO", "HELO":
		offers := []string{"mail.test"}
		if o.STARTTLS && !o.Strip && !c.encrypted {
			offers = append(offers, "STARTTLS")
		}
		if o.User != "" {
			offers = append(offers, "AUTH PLAIN LOGIN")
		}
		for _, offer := range offers {
			c.say("250-%s", offer)
		}
		c.say("250 SIZE 10000000")
	case "STARTTLS":
		c.say("220 go ahead")
		c.encrypt()
	case "AUTH":
		c.login(rest, o)
	case "MAIL":
		if o.User != "" && c.user == "" {
			c.say("530 5.7.0 log in first")
			return true
		}
		c.mail = Mail{From: between(rest), Encrypted: c.encrypted, User: c.user}
		c.say("250 ok")
	case "RCPT":
		c.recipient(between(rest), o)
	case "DATA":
		return c.take()
	case "QUIT":
		c.say("221 bye")
		return false
	default:
		c.say("250 ok")
	}
	return true
}

func between(text string) string {
	_, text, _ = strings.Cut(text, "<")
	text, _, _ = strings.Cut(text, ">")
	return text
}

func (c *conversation) login(rest string, o Options) {
	_, encoded, _ := strings.Cut(rest, " ")
	plain, _ := base64.StdEncoding.DecodeString(encoded)
	if string(plain) != "\x00"+o.User+"\x00"+o.Password {
		c.say("535 5.7.8 wrong user or password")
		return
	}
	c.user = o.User
	c.say("235 welcome")
}

func (c *conversation) recipient(address string, o Options) {
	c.mu.Lock()
	c.greylist[address]++
	tries := c.greylist[address]
	c.mu.Unlock()
	switch {
	case o.Refuse[address] != "":
		c.say("%s", o.Refuse[address])
	case tries <= o.Greylist:
		c.say("450 4.2.0 greylisted, try again")
	default:
		c.mail.To = address
		c.say("250 ok")
	}
}

// take reads a message.
func (c *conversation) take() bool {
	if c.mail.To == "" {
		c.say("503 no recipient")
		return true
	}
	c.say("354 go on")
	var data strings.Builder
	for {
		line, err := c.in.ReadString('\n')
		if err != nil || c.countdown(&c.o.DieInData) {
			return false
		}
		if line == ".\r\n" {
			break
		}
		data.WriteString(strings.TrimPrefix(line, "."))
	}
	c.mail.Data = data.String()
	c.mu.Lock()
	c.mails = append(c.mails, c.mail)
	number := len(c.mails)
	c.mu.Unlock()
	if c.countdown(&c.o.DieAfter) {
		return false
	}
	c.say("250 2.0.0 queued as %d for %s", number, c.mail.To)
	return true
}

// countdown reports whether a fault that is left happens now.
func (c *conversation) countdown(left *int) bool {
	c.mu.Lock()
	defer c.mu.Unlock()
	if *left == 0 {
		return false
	}
	*left--
	return true
}

func newCertificate(t testing.TB) (tls.Certificate, *x509.CertPool) {
	t.Helper()
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	require.NoError(t, err)
	template := &x509.Certificate{
		SerialNumber: big.NewInt(1), Subject: pkix.Name{CommonName: "mail.test"}, IPAddresses: []net.IP{net.IPv4(127, 0, 0, 1)},
		NotBefore: time.Now().Add(-time.Hour), NotAfter: time.Now().Add(24 * time.Hour), IsCA: true, BasicConstraintsValid: true,
	}
	der, err := x509.CreateCertificate(rand.Reader, template, template, &key.PublicKey, key)
	require.NoError(t, err)
	parsed, err := x509.ParseCertificate(der)
	require.NoError(t, err)
	roots := x509.NewCertPool()
	roots.AddCert(parsed)
	return tls.Certificate{Certificate: [][]byte{der}, PrivateKey: key}, roots
}
