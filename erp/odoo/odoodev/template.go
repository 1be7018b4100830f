package odoodev

import (
	"context"
	"io"
	"strings"

	"tandem/devstack/process"
	"tandem/fault"
)

// templateDatabase has the modules and a chart of accounts and is never worked in: databases are copies of it.
const templateDatabase = "tandem_template"

// workDatabase is the copy that Start gives.
const workDatabase = "tandem"

// template is what stays of making the template database.
type template struct {
	Recipe string `json:"recipe"`
	APIKey string `json:"api_key"` // of Tandem's user; valid in every copy
}

// provideTemplate gives the API key of the template database, after making it when it is missing or was made otherwise
// than this program would. PostgreSQL must run, and Odoo must not.
func (p place) provideTemplate(ctx context.Context, report func(string)) (string, error) {
	if key, ok := p.knownTemplate(); ok {
		return key, nil
	}
	report("Making a database with Odoo's modules (once, about a minute) …")
	log, err := process.OpenLog(p.log("-template"))
	if err != nil {
		return "", internal(err)
	}
	defer log.Close()
	key, err := p.makeTemplate(ctx, log)
	if err != nil {
		return "", fault.Wrap(fault.Internal, err, "cannot make the database %s (%v); see %s", templateDatabase, err, log.Path())
	}
	return key, writeJSON(p.path("template.json"), template{Recipe: p.release.recipe(), APIKey: key})
}

// knownTemplate gives the API key of the template database that is there, unless it was made otherwise than this program would.
func (p place) knownTemplate() (key string, ok bool) {
	var known template
	ok = readJSON(p.path("template.json"), &known) && known.Recipe == p.release.recipe()
	return known.APIKey, ok
}

func (p place) makeTemplate(ctx context.Context, log io.Writer) (string, error) {
	inside := p.root()
	for _, args := range [][]string{
		{"dropdb", "--if-exists", workDatabase}, // a copy of the one before, whose API key nobody would know any more
		{"rm", "-rf", filestore(workDatabase)},
		{"dropdb", "--if-exists", templateDatabase},
		{"rm", "-rf", filestore(templateDatabase)},
		{"odoo", "--database=" + templateDatabase, "--init=" + strings.Join(p.release.modules, ","),
			"--without-demo=all", "--max-cron-threads=0", "--no-http", "--stop-after-init", "--data-dir=" + odooData},
	} {
		if err := run(inside.command(ctx, "odoo", args...), log); err != nil {
			return "", err
		}
	}
	return p.prepareTemplate(ctx, log)
}

// prepareTemplate runs the script of prepare.py and gives the key that it prints.
func (p place) prepareTemplate(ctx context.Context, log io.Writer) (string, error) {
	var printed strings.Builder
	cmd := p.root().command(ctx, "odoo", "odoo", "shell", "--database="+templateDatabase,
		"--max-cron-threads=0", "--no-http", "--data-dir="+odooData)
	cmd.Stdin = strings.NewReader(prepareScript)
	cmd.Stdout = &printed
	if err := run(cmd, log); err != nil {
		return "", err
	}
	return findKey(printed.String())
}

// findKey finds the line with the key among what Odoo prints besides.
func findKey(printed string) (string, error) {
	for line := range strings.Lines(printed) {
		if key, ok := strings.CutPrefix(strings.TrimSpace(line), "api_key:"); ok && key != "" {
			return key, nil
		}
	}
	return "", fault.New(fault.Internal, "the shell printed no API key")
}
