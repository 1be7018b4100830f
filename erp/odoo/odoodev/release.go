package odoodev

import (
	"crypto/sha256"
	_ "embed"
	"encoding/hex"
	"slices"
	"strings"

	"tandem/fault"
)

// release is one version of Odoo as Debian packages it.
type release struct {
	version     string
	suite       string   // the Debian that its Python fits
	pinned      string   // a further suite that only the Odoo package comes from; "" when the suite has it
	modules     []string // what the template database has installed
	eventedPort string   // the option for the port of the process that serves long polls, when there are workers
}

// releases are in order of age. Debian has no other versions that run on the Python of a Debian release.
var releases = []release{{
	version: "14", suite: "bullseye", eventedPort: "--longpolling-port",
	// The chart of accounts is a module of its own; without one no invoice can be made.
	modules: append(slices.Clone(commonModules), "sale_coupon", "l10n_generic_coa"),
}, {
	// The package is made for unstable's Python, which this Odoo does not run on.
	version: "19", suite: "trixie", pinned: "unstable", eventedPort: "--gevent-port",
	modules: append(slices.Clone(commonModules), "loyalty", "sale_loyalty"),
}}

var commonModules = []string{"sale_management", "stock", "account", "sale_stock", "delivery", "contacts"}

// Versions are those that can be started, oldest first.
func Versions() []string {
	names := make([]string, len(releases))
	for i, r := range releases {
		names[i] = r.version
	}
	return names
}

// findRelease gives the release of that version, or fault.Invalid.
func findRelease(version string) (release, error) {
	for _, r := range releases {
		if r.version == version {
			return r, nil
		}
	}
	return release{}, fault.Field("version", "Debian packages no Odoo %q: choose one of %s",
		version, strings.Join(Versions(), ", "))
}

// packageName is the Debian package.
func (r release) packageName() string { return "odoo-" + r.version }

// sources gives the lines for apt. What unstable promises about its age does not matter here, since a mirror that is
// behind is good enough.
func (r release) sources(mirror string) string {
	text := "deb " + mirror + " " + r.suite + " main\n"
	if r.pinned != "" {
		text += "deb [check-valid-until=no] " + mirror + " " + r.pinned + " main\n"
	}
	return text
}

// preferences keeps apt from taking more from the pinned suite than it must.
func (r release) preferences() string {
	if r.pinned == "" {
		return ""
	}
	return "Package: *\nPin: release a=" + r.pinned + "\nPin-Priority: 100\n"
}

// prepareScript makes a new database fit for tests and prints an API key of its administrator.
//
//go:embed prepare.py
var prepareScript string

// recipe tells whether a template database was made as this program would make it.
func (r release) recipe() string {
	sum := sha256.Sum256([]byte(strings.Join(r.modules, ",") + "\n" + prepareScript))
	return hex.EncodeToString(sum[:8])
}
