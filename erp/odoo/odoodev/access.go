package odoodev

import (
	"context"
	"regexp"

	"tandem/devstack/process"
	"tandem/fault"
)

// Access is what a client of a running Odoo needs. All of it is for tests and none of it secret.
type Access struct {
	Version        string `json:"version"` // one of Versions
	URL            string `json:"url"`     // http://127.0.0.1:<port>
	Database       string `json:"database"`
	Login          string `json:"login"`           // of the user that Tandem connects as
	APIKey         string `json:"api_key"`         // of that user; never expires; valid in every database
	AdminPassword  string `json:"admin_password"`  // of the user admin, for the pages of Odoo
	MasterPassword string `json:"master_password"` // what making and removing databases takes
}

// newAccess gives what is the same in every Odoo made here: the user of prepare.py, and the defaults of an Odoo without a
// configuration.
func newAccess(version, url string) Access {
	return Access{
		Version: version, URL: url, Database: workDatabase, Login: "tandem", AdminPassword: "admin", MasterPassword: "admin",
	}
}

// Running gives the access to the version that a process runs in this folder. It needs no root. The error is
// fault.NotFound when none does, or when it does not answer yet.
func Running(ctx context.Context, folder, version string) (Access, error) {
	p, err := newPlace(folder, version)
	if err != nil {
		return Access{}, err
	}
	var access Access
	if !readJSON(p.path("access.json"), &access) {
		return Access{}, fault.New(fault.NotFound, "no Odoo %s runs in %s", version, p.folder)
	}
	if err := process.Check(ctx, access.ping); err != nil {
		return Access{}, fault.Wrap(fault.NotFound, err, "the Odoo %s of %s does not answer at %s", version, p.folder, access.URL)
	}
	return access, nil
}

// ping reports whether an Odoo of the right version answers.
func (a Access) ping(ctx context.Context) error {
	var about struct {
		Series string `json:"server_serie"`
	}
	if err := a.call(ctx, &about, "common", "version"); err != nil {
		return err
	}
	if about.Series != a.Version+".0" {
		return fault.New(fault.Conflict, "%s answers as Odoo %s instead of %s", a.URL, about.Series, a.Version)
	}
	return nil
}

// databaseName is what Odoo takes for a name, less what would need quoting.
var databaseName = regexp.MustCompile(`^[a-z][a-z0-9_]{0,62}$`)

// CreateDatabase makes a database like new, in a few seconds, and gives the access to it: the same users, passwords and
// API key. The name is of lower case letters, digits and underscores. The error is fault.Invalid for another name and
// fault.Conflict when there is one of that name. Tests that run at the same time may each make their own.
func (a Access) CreateDatabase(ctx context.Context, name string) (Access, error) {
	return a.copyDatabase(ctx, templateDatabase, name)
}

// CopyDatabase makes a database with all that is in this one, ids included, like CreateDatabase. Calls to this one that
// are under way fail.
func (a Access) CopyDatabase(ctx context.Context, name string) (Access, error) {
	return a.copyDatabase(ctx, a.Database, name)
}

func (a Access) copyDatabase(ctx context.Context, from, name string) (Access, error) {
	if !databaseName.MatchString(name) {
		return Access{}, fault.Field("name", "%q is no name for a database: use lower case letters, digits and underscores", name)
	}
	found, err := a.HasDatabase(ctx, name)
	if err != nil {
		return Access{}, err
	}
	if found {
		return Access{}, fault.New(fault.Conflict, "the database %s exists already", name)
	}
	if err := a.call(ctx, nil, "db", "duplicate_database", a.MasterPassword, from, name); err != nil {
		return Access{}, err
	}
	a.Database = name
	return a, nil
}

// DeleteDatabase removes a database with its files. Removing one that is not there does nothing; removing the template
// is fault.Invalid.
func (a Access) DeleteDatabase(ctx context.Context, name string) error {
	if name == templateDatabase {
		return fault.Field("name", "%s is what new databases are copies of", name)
	}
	return a.call(ctx, nil, "db", "drop", a.MasterPassword, name)
}

// HasDatabase reports whether there is a database of that name.
func (a Access) HasDatabase(ctx context.Context, name string) (bool, error) {
	var found bool
	err := a.call(ctx, &found, "db", "db_exist", name)
	return found, err
}
