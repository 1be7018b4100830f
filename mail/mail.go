// Package mail sends messages by SMTP: each to one recipient, encrypted, and with what the server answered.
package mail

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"html/template"
	"net/mail"
	"strings"
	"time"

	smtp "github.com/xhit/go-simple-mail/v2"

	"tandem/fault"
)

// How the connection to a server is encrypted.
const (
	ImplicitTLS = "tls"      // from the first byte, usually on port 465
	STARTTLS    = "starttls" // after a greeting, usually on port 587; a server that does not offer it gets nothing
	Plain       = "none"     // not at all: for a relay on the same machine or network, and never with a password
)

// Settings say how mail is sent.
type Settings struct {
	Host       string
	Port       int
	Security   string
	Username   string // empty for a server that asks for none
	Password   string
	Sender     string // the address that mail is from
	SenderName string
}

// String hides the password from logs.
func (Settings) String() string { return "[redacted]" }

// Check refuses settings that cannot work or would give the password away, and fills in the port.
func (s Settings) Check() (Settings, error) {
	switch {
	case s.Host == "" || strings.ContainsAny(s.Host, " \r\n/:"):
		return s, fault.Field("host", "must be the name or address of an SMTP server, e.g. smtp.example.com")
	case s.Security != ImplicitTLS && s.Security != STARTTLS && s.Security != Plain:
		return s, fault.Field("security", "must be tls, starttls or none")
	case s.Security == Plain && s.Username != "":
		return s, fault.Field("security", "must be tls or starttls where there is a user name: the password would be sent unencrypted")
	case s.Port < 0 || s.Port > 65535:
		return s, fault.Field("port", "must be from 1 to 65535")
	}
	if s.Port == 0 {
		s.Port = map[string]int{ImplicitTLS: 465, STARTTLS: 587, Plain: 25}[s.Security]
	}
	if !IsAddress(s.Sender) {
		return s, fault.Field("sender", "must be an e-mail address without a name")
	}
	if strings.ContainsAny(s.SenderName+s.Username, "\r\n") {
		return s, fault.Field("sender_name", "must be on one line")
	}
	return s, nil
}

// IsAddress reports whether a text is an e-mail address, without a name.
func IsAddress(text string) bool {
	address, err := mail.ParseAddress(text)
	return err == nil && address.Address == text
}

// Message is what one recipient gets.
type Message struct {
	ID      string // stable: a message that is sent again is known by it
	Subject string
	Text    string // lines of plain text; the HTML part is made of it
	Date    time.Time
	File    []byte // attached; nil for none
	Name    string // of the file
}

// MessageID gives the id of the message that a recipient gets about something, without saying either.
func MessageID(sender string, about ...string) string {
	sum := sha256.Sum256([]byte(strings.Join(about, "\x00")))
	_, domain, _ := strings.Cut(sender, "@")
	return "<" + hex.EncodeToString(sum[:16]) + "@" + domain + ">"
}

var page = template.Must(template.New("mail").Parse(`<!DOCTYPE html>
<html><body style="font-family: sans-serif; line-height: 1.4">
{{range .}}{{if .}}<p>{{range $i, $line := .}}{{if $i}}<br>
{{end}}{{$line}}{{end}}</p>
{{end}}{{end}}</body></html>
`))

// html gives a text as HTML: a paragraph where there is an empty line.
func html(text string) (string, error) {
	var paragraphs [][]string
	for part := range strings.SplitSeq(text, "\n\n") {
		paragraphs = append(paragraphs, strings.Split(strings.Trim(part, "\n"), "\n"))
	}
	var out bytes.Buffer
	err := page.Execute(&out, paragraphs)
	return out.String(), err
}

// compose puts a message together.
func (m Message) compose(s Settings, recipient string) (*smtp.Email, error) {
	formatted, err := html(m.Text)
	if err != nil {
		return nil, err
	}
	sender := mail.Address{Name: s.SenderName, Address: s.Sender}
	email := smtp.NewMSG()
	email.SetFrom(sender.String()).AddTo(recipient).SetSubject(strings.NewReplacer("\r", " ", "\n", " ").Replace(m.Subject))
	email.AddHeader("Message-Id", m.ID).AddHeader("Auto-Submitted", "auto-generated")
	email.SetDate(m.Date.UTC().Format("2006-01-02 15:04:05 MST"))
	email.SetBody(smtp.TextPlain, m.Text).AddAlternative(smtp.TextHTML, formatted)
	if m.File != nil {
		email.Attach(&smtp.File{Name: m.Name, MimeType: "application/pdf", Data: m.File})
	}
	return email, email.Error
}
