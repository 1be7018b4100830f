package instance

import (
	"regexp"
	"strings"

	"tandem/fault"
)

// The ERPs an instance may be kept in step with.
const (
	Ledger = "ledger" // built in
	Odoo   = "odoo"   // 14 or later, through its external API
)

// Protocols of Odoo's external API.
const (
	JSONRPC = "jsonrpc" // every version up to 21
	JSON2   = "json2"   // from 19 on
)

// ERPConnection says how to reach an ERP's API. Its key is one of the Credentials, the company that is written to is
// Config.General.Company.
type ERPConnection struct {
	URL      string `json:"url"`
	Database string `json:"database"`
	Login    string `json:"login"`    // of the user the key belongs to; JSONRPC only
	Protocol string `json:"protocol"` // JSONRPC or JSON2; empty is the best one the ERP has
	Language string `json:"language"` // in which names are written, e.g. "fr_FR"; empty is "en_US"
}

// languagePattern is how Odoo names languages: "fr", "fr_FR", "es_419", "sr@latin".
var languagePattern = regexp.MustCompile(`^[a-z]{2,3}(_[A-Z0-9]{2,3})?(@[a-z]+)?$`)

// checkERP notes what is wrong with the choice of the ERP and with the way to it.
func (i Instance) checkERP(p *Problems) {
	switch i.Backend {
	case Ledger:
		if i.ERPConnection != (ERPConnection{}) {
			p.add("erp_connection", "must be left out: the ledger is built in")
		}
	case Odoo:
		i.ERPConnection.check(p)
	case "":
		p.add("backend", "is missing: choose the ERP this store is kept in step with")
	default:
		p.add("backend", "must be %s or %s", Ledger, Odoo)
	}
}

func (c ERPConnection) check(p *Problems) {
	if _, err := NormalizeERPURL(c.URL); err != nil {
		*p = append(*p, fault.From(err))
	}
	if strings.TrimSpace(c.Database) == "" {
		p.add("erp_connection.database", "is missing: give the name of Odoo's database; on Odoo Online it is the first part of the address")
	}
	p.oneOf("erp_connection.protocol", c.Protocol, JSONRPC, JSON2)
	if c.Protocol == JSONRPC && c.Login == "" {
		p.add("erp_connection.login", "is missing: JSON-RPC needs the login of the user the key belongs to")
	}
	if c.Language != "" && !languagePattern.MatchString(c.Language) {
		p.add("erp_connection.language", "must be the code of a language that is installed in Odoo, e.g. fr_FR")
	}
}

// NeedsERPSecret reports whether the ERP asks for a key of its own.
func (i Instance) NeedsERPSecret() bool { return i.Backend != Ledger }

// SameERP reports whether the records of both are kept in the same books. What was landed in other books is not there,
// and ids of the ERP name other records. The ledger has one company only.
func (i Instance) SameERP(o Instance) bool {
	return i.books() == o.books()
}

// books is what tells the places records are landed in apart.
type books struct{ backend, url, database, company string }

func (i Instance) books() books {
	b := books{backend: i.Backend, url: i.ERPConnection.URL, database: i.ERPConnection.Database}
	if i.Backend != Ledger {
		b.company = i.Config.General.Company
	}
	return b
}

// SameStore reports whether both read one store, however it is reached: a store answers under http and https, with and
// without a slash at the end. Another sub-folder, port or subdomain may be a store of its own.
func (i Instance) SameStore(o Instance) bool {
	return storeSite(i.StoreURL) == storeSite(o.StoreURL)
}

// storeSite is what of a store's address says which store it is. An address that cannot be read is a store of its own.
func storeSite(address string) string {
	normal, err := NormalizeStoreURL(address)
	if err != nil {
		return address
	}
	_, site, _ := strings.Cut(normal, "://")
	return site
}

// Missing names what the instance cannot connect without: the store's keys, and the ERP's where it needs one. The error
// is a Problems and quotes none of them.
func (i Instance) Missing(c Credentials) error {
	var p Problems
	c.check(&p)
	if i.NeedsERPSecret() && c.ERPSecret == "" {
		p.add("erp_secret", "is missing: make an API key for its user in the ERP, and set it as the ERP's credentials")
	}
	return p.Err()
}
