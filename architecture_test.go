package tandem_test

import (
	"bytes"
	"encoding/json"
	"errors"
	"io"
	"os/exec"
	"path"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

// mayImport says which of Tandem's packages each package may import. A package that is not listed fails the test: decide
// where it belongs. Sub-packages follow their parent unless they are listed themselves; "x/*" stands for every package right
// below x that is not.
var mayImport = map[string][]string{
	"fault": {},
	// The request budget of a store and of an ERP.
	"budget": {},
	// The engine of one direction of one entity. What the port of an ERP, the mappings and the database say of a record is said in
	// its terms.
	"flow":    {"fault"},
	"siteurl": {"fault"},
	// The addresses under which stores fetch images: exports make them, the API checks them.
	"imageurl": {"fault"},
	// An instance is checked, and its ERP told from another, by what the ERP's driver says; which ones there are is handed in.
	"instance":    {"erp", "fault", "siteurl"},
	"schema":      {"fault", "devstack"},
	"devstack":    {"fault"},
	"db":          {"erp", "fault", "flow", "instance", "report", "report/fact", "siteurl"},
	"woo":         {"budget", "fault"},
	"woo/wootest": {"fault"},
	"erp":         {"budget", "fault", "flow"},
	"erp/erptest": {"erp", "erp/salebatch", "fault"},
	// What stands above the port of an ERP and joins the steps of orders.
	"erp/salebatch": {"erp", "fault"},
	// What every backend does alike; none of these asks a database or an ERP.
	"erp/landing":     {"erp", "fault"},
	"erp/check":       {"erp", "erp/landing", "fault"},
	"erp/partnerbook": {"erp", "erp/landing", "fault"},
	"erp/salecycle":   {"erp", "erp/landing", "fault"},
	// An ERP: the port, what all ERPs do alike, and no other ERP.
	"erp/*":    {"budget", "erp", "erp/check", "erp/landing", "erp/partnerbook", "erp/salecycle", "fault", "siteurl"},
	"erp/odoo": {"budget", "erp", "erp/landing", "fault", "siteurl"},
	// The packages of erp/odoo import each other in one way: odoo → sales → stock → catalog → record → rpc, and
	// sales → partner → record.
	"erp/odoo/catalog": {"erp", "erp/check", "erp/landing", "erp/odoo/record", "erp/odoo/rpc", "fault"},
	"erp/odoo/partner": {"erp", "erp/check", "erp/landing", "erp/odoo/record", "erp/odoo/rpc", "erp/partnerbook", "fault"},
	"erp/odoo/record":  {"erp", "erp/landing", "erp/odoo/rpc", "fault"},
	"erp/odoo/sales":   {"erp", "erp/check", "erp/landing", "erp/odoo/catalog", "erp/odoo/partner", "erp/odoo/record", "erp/odoo/rpc", "erp/odoo/stock", "erp/salecycle", "fault"},
	"erp/odoo/stock":   {"erp", "erp/check", "erp/landing", "erp/odoo/catalog", "erp/odoo/record", "erp/odoo/rpc", "fault"},
	"erp/odoo/rpc":     {"budget", "fault"},
	// odootest is a fake for the tests of erp/odoo; it knows Odoo's API and none of our packages.
	"erp/odoo/odootest": {},
	// odoodev brings up a real Odoo for the tests of erp/odoo; nothing else uses it.
	"erp/odoo/odoodev": {"devstack", "fault"},
	"erp/open":         {"budget", "erp", "erp/*", "fault"},
	// The registry. Below it the mappings by area, which import each other in one way: sales → partner, catalog → tax, stock → mapping.
	"entity":         {"entity/catalog", "entity/mapping", "entity/partner", "entity/sales", "entity/stock", "entity/tax", "woo", "erp", "instance", "fault", "flow"},
	"entity/sales":   {"entity/catalog", "entity/mapping", "entity/partner", "entity/stock", "entity/tax", "erp", "fault", "flow", "instance", "report/fact", "woo"},
	"entity/catalog": {"entity/mapping", "entity/stock", "entity/tax", "erp", "fault", "flow", "imageurl", "instance", "report/fact", "woo"},
	"entity/partner": {"entity/mapping", "erp", "flow", "instance", "woo"},
	"entity/tax":     {"entity/mapping", "erp", "flow", "woo"},
	"entity/stock":   {"entity/mapping", "erp", "fault", "flow", "instance", "woo"},
	// What the mappings of all kinds of records share; it maps none itself.
	"entity/mapping": {"erp", "fault", "flow", "instance", "woo"},
	// What the tests of all areas share.
	"entity/entitytest": {"budget", "entity/mapping", "erp", "fault", "flow", "flow/flowtest", "instance", "woo", "woo/wootest"},
	// Random edits on both sides, for the tests with each ERP.
	"entity/convergetest": {"activities", "budget", "db", "entity", "entity/mapping", "erp", "flow", "instance", "woo", "woo/wootest"},
	"activities":          {"entity", "entity/mapping", "erp", "woo", "instance", "db", "fault", "flow", "report"},
	"workflows":           {"instance", "activities", "entity", "erp", "fault", "flow"},
	"worker":              {"budget", "workflows", "activities", "entity", "entity/catalog", "entity/mapping", "erp", "erp/salebatch", "woo", "db", "hooks", "imageurl", "instance", "fault", "flow", "mail", "report"},
	// What reports count: imports make it, the database keeps it, and reports add it up. A report knows neither store nor ERP.
	"report/fact": {},
	"report":      {"fault", "instance"},
	// How a message reaches one recipient, and nothing of what it says or who gets it.
	"mail": {"fault"},
	// What webhooks send, and nothing of what becomes of it.
	"hooks": {},
	// The built web page. What it does goes through the API, like everything else.
	"web":        {},
	"api":        {"web", "workflows", "db", "entity", "entity/mapping", "erp", "hooks", "imageurl", "instance", "mail", "report", "fault", "flow"},
	"cmd/tandem": {"api", "worker", "schema", "devstack", "woo/wootest", "erp", "erp/open", "db", "entity", "imageurl", "instance", "fault", "flow"},
	"e2e":        {"mail/mailtest", "woo/wootest", "woo/wootest/oddstore", "hooks", "devstack", "erp", "erp/open", "schema", "fault", "flow", "api", "workflows", "db"},
}

type goPackage struct {
	ImportPath string
	Imports    []string
}

// TestImportRules keeps the layers apart: mapping knows no database, an ERP knows no store, workflows do no I/O.
func TestImportRules(t *testing.T) {
	packages := listPackages(t)
	require.NotEmpty(t, packages)
	for _, p := range packages {
		name := strings.TrimPrefix(p.ImportPath, "tandem/")
		rule, allowed, ok := ruleFor(name)
		if !ok {
			t.Errorf("no import rule for package %q: add it to mayImport", name)
			continue
		}
		for _, imported := range p.Imports {
			local, ours := strings.CutPrefix(imported, "tandem/")
			if !ours || local == rule || strings.HasPrefix(local, rule+"/") {
				continue
			}
			if !permits(allowed, local) {
				t.Errorf("%s imports %s, which the layout does not allow", name, local)
			}
		}
	}
}

func listPackages(t *testing.T) []goPackage {
	t.Helper()
	out, err := exec.Command("go", "list", "-json=ImportPath,Imports", "./...").Output()
	require.NoError(t, err)
	var packages []goPackage
	for decoder := json.NewDecoder(bytes.NewReader(out)); ; {
		var p goPackage
		err := decoder.Decode(&p)
		if errors.Is(err, io.EOF) {
			return packages
		}
		require.NoError(t, err)
		if p.ImportPath != "tandem" {
			packages = append(packages, p)
		}
	}
}

// ruleFor finds the rule of a package or of its nearest parent that has one.
func ruleFor(name string) (rule string, allowed []string, ok bool) {
	for {
		if allowed, ok := mayImport[name]; ok {
			return name, allowed, true
		}
		if allowed, ok := mayImport[siblings(name)]; ok {
			return name, allowed, true
		}
		cut := strings.LastIndex(name, "/")
		if cut < 0 {
			return "", nil, false
		}
		name = name[:cut]
	}
}

func permits(allowed []string, name string) bool {
	rule, _, _ := ruleFor(name)
	return slices.Contains(allowed, name) || slices.Contains(allowed, rule) || slices.Contains(allowed, siblings(rule))
}

// siblings is what stands for a package and those beside it.
func siblings(name string) string { return path.Dir(name) + "/*" }
