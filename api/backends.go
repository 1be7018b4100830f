package api

import (
	"context"

	"tandem/api/gen"
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
	o, err := s.options(ctx, found.Backend)
	return gen.GetInstanceOptions200JSONResponse{
		Companies: collect(o.Companies, choice), Warehouses: collect(o.Warehouses, choice),
		Currencies: collect(o.Currencies, choice), Journals: collect(o.Journals, choice),
		PaymentMethods: collect(o.PaymentMethods, choice), PaymentTerms: collect(o.PaymentTerms, choice),
		SalesTeams: collect(o.SalesTeams, choice), Salespeople: collect(o.Salespeople, choice),
		Accounts: collect(o.Accounts, choice), PriceLists: collect(o.PriceLists, choice),
		WebhookTopics: instance.WebhookTopics(),
	}, err
}

func choice(c erp.Choice) gen.Choice {
	return gen.Choice{ID: c.ID, Code: c.Code, Name: c.Name, Currency: c.Currency, Kind: c.Kind}
}

// options asks an ERP what it offers.
func (s *server) options(ctx context.Context, name string) (erp.Options, error) {
	backend, err := s.backend(ctx, name)
	if err != nil {
		return erp.Options{}, err
	}
	options, err := backend.Options(ctx)
	return options, ofERP(name, err)
}

// askERP asks an ERP who it is, whether it may be written to, and what it offers.
func (s *server) askERP(ctx context.Context, name string) (instance.ERPInfo, erp.Options, error) {
	backend, err := s.backend(ctx, name)
	if err != nil {
		return instance.ERPInfo{}, erp.Options{}, err
	}
	found, err := backend.Probe(ctx)
	if err != nil {
		return instance.ERPInfo{}, erp.Options{}, ofERP(name, err)
	}
	info := instance.ERPInfo{Name: found.Name, Version: found.Version, Company: found.Company, Warnings: found.Warnings}
	options, err := backend.Options(ctx)
	return info, options, ofERP(name, err)
}

// backend gives an ERP by its name. One that nobody knows is the backend field's fault.
func (s *server) backend(ctx context.Context, name string) (erp.Backend, error) {
	backend, err := s.Backends.Backend(ctx, name)
	if fault.Is(err, fault.Invalid) || fault.Is(err, fault.NotFound) {
		return nil, fault.Field("backend", "there is no ERP %q", name)
	}
	return backend, ofERP(name, err)
}

// backendOf gives an instance and its ERP.
func (s *server) backendOf(ctx context.Context, id string) (instance.Instance, erp.Backend, error) {
	in, err := s.DB.Instance(ctx, id)
	if err != nil {
		return in, nil, err
	}
	backend, err := s.backend(ctx, in.Backend)
	return in, backend, err
}

// ofERP names the ERP in its error: a person who connects an instance must see which of the two sides is at fault.
func ofERP(name string, err error) error {
	if err == nil {
		return nil
	}
	named := *fault.From(err)
	named.Message = "the ERP " + name + ": " + named.Message
	return &named
}
