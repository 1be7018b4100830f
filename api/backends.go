package api

import (
	"cmp"
	"context"
	"time"

	"tandem/api/gen"
	"tandem/entity"
	"tandem/erp"
	"tandem/fault"
	"tandem/instance"
)

// GetInstanceOptions reads what the instance's configuration may choose from.
func (s *server) GetInstanceOptions(ctx context.Context, in gen.GetInstanceOptionsRequestObject) (gen.GetInstanceOptionsResponseObject, error) {
	found, err := s.DB.Instance(ctx, in.Instance)
	if err != nil {
		return nil, err
	}
	o, err := s.options(ctx, found)
	return gen.GetInstanceOptions200JSONResponse{
		Companies: collect(o.Companies, choice), Warehouses: collect(o.Warehouses, choice),
		Currencies: collect(o.Currencies, choice), Journals: collect(o.Journals, choice),
		PaymentMethods: collect(o.PaymentMethods, choice), PaymentTerms: collect(o.PaymentTerms, choice),
		SalesTeams: collect(o.SalesTeams, choice), Salespeople: collect(o.Salespeople, choice),
		Accounts: collect(o.Accounts, choice), Taxes: collect(o.Taxes, choice), PriceLists: collect(o.PriceLists, choice),
		WebhookTopics: instance.WebhookTopics(),
	}, err
}

func choice(c erp.Choice) gen.Choice {
	return gen.Choice{ID: c.ID, Code: c.Code, Name: c.Name, Currency: c.Currency, Kind: c.Kind}
}

// options asks an instance's ERP what it offers.
func (s *server) options(ctx context.Context, in instance.Instance) (erp.Options, error) {
	backend, err := s.backend(ctx, in)
	if err != nil {
		return erp.Options{}, err
	}
	options, err := backend.Options(ctx)
	return options, ofERP(in.Backend, err)
}

// askERP asks an instance's ERP who it is, whether it may be written to, and what it offers.
func (s *server) askERP(ctx context.Context, in instance.Instance) (instance.ERPInfo, erp.Options, error) {
	backend, err := s.backend(ctx, in)
	if err != nil {
		return instance.ERPInfo{}, erp.Options{}, err
	}
	found, err := backend.Probe(ctx)
	if err != nil {
		return instance.ERPInfo{}, erp.Options{}, ofERP(in.Backend, err)
	}
	info := entity.ERPInfo(found, in.Store, time.Now())
	options, err := backend.Options(ctx)
	return info, options, ofERP(in.Backend, err)
}

func (s *server) backend(ctx context.Context, in instance.Instance) (erp.Backend, error) {
	backend, err := s.Backends.Backend(ctx, in)
	return backend, ofERP(in.Backend, err)
}

// backendOf gives an instance and its ERP.
func (s *server) backendOf(ctx context.Context, id string) (instance.Instance, erp.Backend, error) {
	in, err := s.DB.Instance(ctx, id)
	if err != nil {
		return in, nil, err
	}
	backend, err := s.backend(ctx, in)
	return in, backend, err
}

// erpFields says how requests name what a backend finds at fault in its settings.
var erpFields = map[string]string{
	"url": "erp_connection.url", "database": "erp_connection.database", "login": "erp_connection.login",
	"protocol": "erp_connection.protocol", "language": "erp_connection.language",
	"secret": "erp_secret", "company": "config.general.company",
}

// ofERP names the ERP in its error: a person who connects an instance must see which of the two sides is at fault.
func ofERP(name string, err error) error {
	if err == nil {
		return nil
	}
	named := *fault.From(err)
	named.Message = "the ERP " + name + ": " + named.Message
	named.Field = cmp.Or(erpFields[named.Field], named.Field)
	return &named
}
