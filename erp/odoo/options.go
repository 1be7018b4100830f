package odoo

import (
	"cmp"
	"context"
	"slices"

	"tandem/erp"
	"tandem/erp/odoo/rpc"
)

// option is any record an instance may be configured with.
type option struct {
	rpc.Row
	Name     rpc.Text `json:"name"`
	Code     rpc.Text `json:"code"`
	Kind     any      `json:"type"`
	Account  any      `json:"account_type"`
	Type     rpc.Link `json:"user_type_id"`
	Currency rpc.Link `json:"currency_id"`
}

func (o option) choice() erp.Choice {
	choice := erp.Choice{ID: rpc.FormatID(o.ID), Code: string(o.Code), Name: string(o.Name), Currency: o.Currency.Name}
	choice.Kind, _ = o.Kind.(string)
	if kind, ok := o.Account.(string); ok {
		choice.Kind = kind
	} else if o.Type.Name != "" {
		choice.Kind = o.Type.Name
	}
	return choice
}

// Options lists what an instance may be configured with, in the company that is written to and without what is archived.
// An instance names records by Odoo's ids, currencies and payment methods by their codes.
func (b *Backend) Options(ctx context.Context) (erp.Options, error) {
	h, err := b.records.ReadSession(ctx)
	if err != nil {
		return erp.Options{}, err
	}
	its := rpc.Where("company_id", "=", h.Company.ID)
	shared := []any{"|", rpc.Where("company_id", "=", false), its}
	staff := []any{rpc.Where("share", "=", false), rpc.In("company_ids", []int64{h.Company.ID})}
	accounts := append([]any{rpc.In(rpc.AccountCompanies.For(b.rpc.Release), []int64{h.Company.ID})}, rpc.AccountsInUse.For(b.rpc.Release)...)
	var options erp.Options
	for _, list := range []struct {
		into   *[]erp.Choice
		model  string
		domain []any
		fields []string
	}{
		{&options.Companies, "res.company", []any{rpc.In("id", h.User.Companies)}, []string{"name", "currency_id"}},
		{&options.Warehouses, "stock.warehouse", []any{its}, []string{"name", "code"}},
		{&options.Journals, "account.journal", []any{its}, []string{"name", "code", "type", "currency_id"}},
		{&options.PaymentTerms, "account.payment.term", shared, []string{"name"}},
		{&options.SalesTeams, "crm.team", shared, []string{"name"}},
		{&options.Salespeople, "res.users", staff, []string{"name"}},
		{&options.Accounts, "account.account", accounts, []string{"name", "code", rpc.AccountKinds.For(b.rpc.Release)}},
		{&options.PriceLists, "product.pricelist", shared, []string{"name", "currency_id"}},
	} {
		rows, err := rpc.SearchIn[option](ctx, b.rpc, b.rpc.BaseContext(), list.model, list.domain, list.fields...)
		if err != nil {
			return erp.Options{}, err
		}
		*list.into = byName(rpc.Map(rows, option.choice))
	}
	if options.Taxes, err = b.taxChoices(ctx, its); err != nil {
		return erp.Options{}, err
	}
	if options.Currencies, err = b.currencyChoices(ctx); err != nil {
		return erp.Options{}, err
	}
	options.PaymentMethods, err = b.methodChoices(ctx, h.Company.ID)
	return options, err
}

func byName(choices []erp.Choice) []erp.Choice {
	slices.SortFunc(choices, func(a, b erp.Choice) int { return cmp.Or(cmp.Compare(a.Name, b.Name), cmp.Compare(a.ID, b.ID)) })
	return choices
}

// currencyChoices lists the active currencies, by code.
func (b *Backend) currencyChoices(ctx context.Context) ([]erp.Choice, error) {
	rows, err := rpc.SearchIn[option](ctx, b.rpc, b.rpc.BaseContext(), "res.currency", nil, "name")
	return byName(rpc.Map(rows, func(o option) erp.Choice {
		code := string(o.Name)
		return erp.Choice{ID: code, Code: code, Name: code, Currency: code}
	})), err
}

// taxChoices lists the taxes on sales. A tax that is made of others has no rate of its own.
func (b *Backend) taxChoices(ctx context.Context, its any) ([]erp.Choice, error) {
	type tax struct {
		rpc.Row
		Name     string     `json:"name"`
		Amount   rpc.Amount `json:"amount"`
		Type     rpc.Text   `json:"amount_type"`
		Included bool       `json:"price_include"`
	}
	rows, err := rpc.SearchIn[tax](ctx, b.rpc, b.rpc.BaseContext(), "account.tax", []any{its, rpc.Where("type_tax_use", "=", "sale")},
		"name", "amount", "amount_type", "price_include")
	return byName(rpc.Map(rows, func(t tax) erp.Choice {
		choice := erp.Choice{ID: rpc.FormatID(t.ID), Name: t.Name, Kind: "excluded"}
		if t.Included {
			choice.Kind = "included"
		}
		switch t.Type {
		case "percent", "division":
			choice.Code = t.Amount.String() + "%"
		case "fixed":
			choice.Code = t.Amount.String()
		}
		return choice
	})), err
}

// methodChoices lists the methods of incoming payments, by code: each journal has lines of its own for them.
func (b *Backend) methodChoices(ctx context.Context, company int64) ([]erp.Choice, error) {
	model, domain := "account.payment.method", []any{rpc.Where("payment_type", "=", "inbound")}
	if rpc.MethodLines.For(b.rpc.Release) {
		model = "account.payment.method.line"
		domain = append(domain, rpc.Where("journal_id.company_id", "=", company), rpc.Where("journal_id.active", "=", true))
	}
	rows, err := rpc.SearchIn[option](ctx, b.rpc, b.rpc.BaseContext(), model, domain, "name", "code")
	var choices []erp.Choice
	for _, o := range rows {
		code := string(o.Code)
		if !slices.ContainsFunc(choices, func(c erp.Choice) bool { return c.ID == code }) {
			choices = append(choices, erp.Choice{ID: code, Code: code, Name: string(o.Name)})
		}
	}
	return byName(choices), err
}
