package odoo

import (
	"context"
	"regexp"

	"tandem/erp"
	"tandem/erp/odoo/rpc"
	"tandem/fault"
	"tandem/siteurl"
)

// languagePattern is how Odoo names languages: "fr", "fr_FR", "es_419", "sr@latin".
var languagePattern = regexp.MustCompile(`^[a-z]{2,3}(_[A-Z0-9]{2,3})?(@[a-z]+)?$`)

// address is how the address of an Odoo is written.
var address = siteurl.Kind{
	What: "the ERP", Example: "https://erp.example.com",
	Suffixes: []string{"/web/login", "/web/database/selector", "/web", "/odoo", "/jsonrpc"},
}

// Driver says what Tandem has to know of Odoo to connect instances with one.
func Driver() erp.Driver {
	return erp.Driver{
		Name: "odoo", Title: "Odoo", PerCompany: true,
		Secret: "API key of its user; up to Odoo 18 the user's password does too",
		Settings: []erp.Setting{
			{
				Name: "url", Label: "Address", Help: "its address, e.g. https://mycompany.odoo.com",
				Required:  "give the address of the ERP, e.g. https://erp.example.com",
				MaxLength: 2048, Books: true, Address: true, Normalize: address.Normalize,
			},
			{
				Name: "database", Label: "Database", Help: "name of its database; on Odoo Online, the first part of the address",
				Required:  "give the name of Odoo's database; on Odoo Online it is the first part of the address",
				MaxLength: 128, Books: true,
			},
			{Name: "login", Label: "Login", Help: "login of the user the key belongs to; needed up to Odoo 18", MaxLength: 254},
			{
				Name: "protocol", Label: "Protocol", Help: "jsonrpc or json2; by default the best one the Odoo has",
				Choices: []string{string(JSONRPC), string(JSON2)}, MaxLength: 16,
			},
			{
				Name: "language", Label: "Language", Help: "in which names are written, e.g. fr_FR; en_US by default",
				MaxLength: 16, Normalize: checkLanguage,
			},
		},
		Check:    checkLogin,
		WebPages: webPages,
		Open:     openDriver,
	}
}

func checkLanguage(code string) (string, error) {
	if !languagePattern.MatchString(code) {
		return code, fault.New(fault.Invalid, "must be the code of a language that is installed in Odoo, e.g. fr_FR")
	}
	return code, nil
}

func checkLogin(c erp.Connection) *fault.Error {
	if c["protocol"] == string(JSONRPC) && c["login"] == "" {
		return fault.Field("login", "is missing: JSON-RPC needs the login of the user the key belongs to")
	}
	return nil
}

func openDriver(ctx context.Context, a erp.Access) (erp.Backend, error) {
	c := a.Connection
	settings := Settings{
		URL: c["url"], Database: c["database"], Login: c["login"], Secret: a.Secret, Protocol: Protocol(c["protocol"]),
		Company: a.Company, Language: c["language"], Budget: a.Host.Budgets.Get(c["url"], rpc.NewBudget),
	}
	if a.Host.Turns != nil {
		settings.Turns = a.Host.Turns(settings.URL + " " + settings.Database)
	}
	backend, err := Open(ctx, settings)
	if err != nil {
		return nil, err
	}
	return backend, nil
}
