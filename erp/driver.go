package erp

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"unicode/utf8"

	"github.com/jmoiron/sqlx"

	"tandem/budget"
	"tandem/fault"
)

// Driver is a kind of ERP that an instance can be kept in step with: what it is connected with, and how it is opened. What
// asks people for a connection, checks it and keeps it knows drivers, and no ERP.
type Driver struct {
	Name       string                        // in an instance's field "backend", e.g. "odoo"; it never changes
	Title      string                        // for people
	Settings   []Setting                     // in the order of a form; none for an ERP that is built in
	Secret     string                        // what its key is, in a sentence; "" when it has none
	PerCompany bool                          // each of its companies has books of its own
	Check      func(Connection) *fault.Error // what settings ask of each other, by the name of one; nil asks nothing
	// WebPages are the pages that the ERP itself has about records, by their kind, in the version it said it is; nil for one without.
	WebPages func(c Connection, version string) map[string]WebPage
	Open     func(ctx context.Context, a Access) (Backend, error)
}

// RecordID stands in the address of a record's page for its id: that of a product for those of its variants, too.
const RecordID = "{id}"

// WebPage says where people find a kind of records in the ERP's own pages. What it has no page for is empty.
type WebPage struct {
	List   string `json:"list,omitempty"`
	Record string `json:"record,omitempty"` // with RecordID in place of the id
}

// Setting is one thing an ERP is connected with: a field of erp_connection in the API, and a flag of the command line.
type Setting struct {
	Name      string   // in erp_connection, e.g. "database": small letters, digits and "_"; it never changes
	Label     string   // of its field in a form
	Help      string   // what it is and where it is found, without a full stop
	Required  string   // what to do when it is missing; "" for one that may be left out
	Choices   []string // what it may be; nil leaves it open
	MaxLength int      // in characters
	Books     bool     // another value leads to other books
	Address   bool     // it says which server is asked: a key is never sent to another one than it was made for
	// Normalize returns a value in the form it is kept in, or says what is wrong with it; nil keeps it as it is.
	Normalize func(value string) (string, error)
}

// Connection says how an ERP is reached: values by the names of its driver's settings. Keys are not among them.
type Connection map[string]string

// OrEmpty returns the connection itself, and an object without settings where there is none: it is kept as JSON, as null is not.
func (c Connection) OrEmpty() Connection {
	if c == nil {
		return Connection{}
	}
	return c
}

// Access is what an ERP is opened with.
type Access struct {
	Connection Connection
	Secret     string
	Company    string // id of the company written to; "" is the key's own
	Host       Host
}

// String hides the secret from logs.
func (Access) String() string { return "[redacted]" }

// Host is what the program that opens ERPs shares with them.
type Host struct {
	Database *sqlx.DB                 // Tandem's own, in which an ERP that is built in keeps its books; the host closes it
	Turns    func(scope string) Turns // with the other workers on what scope names, such as an ERP; nil where there are none
	Budgets  *budget.Registry         // how hard each server is asked, by its address; nil shares none
}

// Turns make the calls of several processes take turns on names, for an ERP without a lock that outlives a call: counting stock
// takes several, and what one worker read another may have changed before it writes.
type Turns interface {
	// Take waits, for a limited time, until nothing else holds any of the names, and holds them until release is called.
	// fault.Unavailable means that it could not.
	Take(ctx context.Context, names []string) (release func(), err error)
}

// BuiltIn reports whether the ERP is a part of Tandem: it is reached without a connection, and there is only one of it.
func (d Driver) BuiltIn() bool { return len(d.Settings) == 0 && d.Secret == "" }

// Setting finds a setting by its name.
func (d Driver) Setting(name string) (Setting, bool) {
	at := slices.IndexFunc(d.Settings, func(s Setting) bool { return s.Name == name })
	if at < 0 {
		return Setting{}, false
	}
	return d.Settings[at], true
}

// Normalize returns a connection in the form it is kept in, with every setting, and everything that is wrong with it by the
// name of the setting. A value at fault stays as it is. An empty value of another ERP's setting says nothing and is dropped.
func (d Driver) Normalize(c Connection) (Connection, []*fault.Error) {
	normal, problems := Connection{}, d.strangers(c)
	for _, s := range d.Settings {
		value, err := s.normalize(c[s.Name])
		if err != nil {
			problem := *fault.From(err)
			problem.Field = s.Name
			problems = append(problems, &problem)
		}
		normal[s.Name] = value
	}
	if d.Check != nil {
		if problem := d.Check(normal); problem != nil {
			problems = append(problems, problem)
		}
	}
	return normal, problems
}

// strangers are the values of a connection that the ERP has no setting for.
func (d Driver) strangers(c Connection) []*fault.Error {
	var problems []*fault.Error
	for _, name := range c.names() {
		if _, known := d.Setting(name); known || c[name] == "" {
			continue
		}
		if d.BuiltIn() {
			return []*fault.Error{fault.Field("", "must be left out: the %s is built in", d.Name)}
		}
		problems = append(problems, fault.Field(name, "is not a setting of %s: its settings are %s", d.Title, d.settingNames()))
	}
	return problems
}

func (d Driver) settingNames() string {
	names := make([]string, len(d.Settings))
	for i, s := range d.Settings {
		names[i] = s.Name
	}
	return strings.Join(names, ", ")
}

func (s Setting) normalize(value string) (string, error) {
	switch {
	case strings.TrimSpace(value) == "" && s.Required != "":
		return value, fault.New(fault.Invalid, "is missing: %s", s.Required)
	case strings.TrimSpace(value) == "":
		return "", nil
	case utf8.RuneCountInString(value) > s.MaxLength:
		return value, fault.New(fault.Invalid, "must have at most %d characters", s.MaxLength)
	case s.Choices != nil && !slices.Contains(s.Choices, value):
		return value, fault.New(fault.Invalid, "must be one of %s", strings.Join(s.Choices, ", "))
	case s.Normalize == nil:
		return value, nil
	}
	normal, err := s.Normalize(value)
	if err != nil {
		return value, err
	}
	return normal, nil
}

// books is what tells the places apart in which records are landed.
func (d Driver) books(c Connection, company string) string {
	told := []string{d.Name}
	for _, s := range d.Settings {
		if s.Books {
			told = append(told, c[s.Name])
		}
	}
	if d.PerCompany {
		told = append(told, company)
	}
	return fmt.Sprintf("%q", told)
}

// names lists the settings that are named, in the order of the alphabet.
func (c Connection) names() []string {
	names := make([]string, 0, len(c))
	for name := range c {
		names = append(names, name)
	}
	slices.Sort(names)
	return names
}
