package api

import (
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
	return options, s.ofERP(in.Backend, err)
}

// askERP asks an instance's ERP who it is, whether it may be written to, and what it offers.
func (s *server) askERP(ctx context.Context, in instance.Instance) (instance.ERPInfo, erp.Options, error) {
	backend, err := s.backend(ctx, in)
	if err != nil {
		return instance.ERPInfo{}, erp.Options{}, err
	}
	found, err := backend.Probe(ctx)
	if err != nil {
		return instance.ERPInfo{}, erp.Options{}, s.ofERP(in.Backend, err)
	}
	info := entity.ERPInfo(found, in.Store, time.Now())
	options, err := backend.Options(ctx)
	return info, options, s.ofERP(in.Backend, err)
}

// desk is what the API asks of an ERP: what may be chosen, amounts and prices, and which record a key names. It lands nothing.
type desk interface {
	erp.Settings
	erp.Reader
	erp.Keys
}

func (s *server) backend(ctx context.Context, in instance.Instance) (desk, error) {
	backend, err := s.Backends.Backend(ctx, in)
	return backend, s.ofERP(in.Backend, err)
}

// backendOf gives an instance and its ERP.
func (s *server) backendOf(ctx context.Context, id string) (instance.Instance, desk, error) {
	in, err := s.DB.Instance(ctx, id)
	if err != nil {
		return in, nil, err
	}
	backend, err := s.backend(ctx, in)
	return in, backend, err
}

// ofERP names the ERP in its error: a person who connects an instance must see which of the two sides is at fault. A setting
// that the ERP finds at fault is named as requests name it.
func (s *server) ofERP(name string, err error) error {
	if err == nil {
		return nil
	}
	named := *fault.From(err)
	named.Message = "the ERP " + name + ": " + named.Message
	named.Field = s.erpField(name, named.Field)
	return &named
}

func (s *server) erpField(backend, field string) string {
	switch field {
	case "secret":
		return "erp_secret"
	case "company":
		return "config.general.company"
	}
	driver, err := s.ERPs.Find(backend)
	if err != nil {
		return field
	}
	if _, known := driver.Setting(field); known {
		return instance.ERPField(field)
	}
	return field
}
