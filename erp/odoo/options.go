package odoo

import (
	"cmp"
	"context"
	"slices"

	"tandem/erp"
)

// option is any record an instance may be configured with.
type option struct {
	row
	Name     text `json:"name"`
	Code     text `json:"code"`
	Kind     any  `json:"type"`
	Account  any  `json:"account_type"`
	Type     link `json:"user_type_id"`
	Currency link `json:"currency_id"`
}

func (o option) choice() erp.Choice {
	choice := erp.Choice{ID: idText(o.ID), Code: string(o.Code), Name: string(o.Name), Currency: o.Currency.Name}
	choice.Kind, _ = o.Kind.(string)
	if kind, ok := o.Account.(string); ok {
		choice.Kind = kind
	} else if o.Type.Name != "" {
		choice.Kind = o.Type.Name
	}
	return choice
}

// Options lists what an instance may be configured with, in the company that is written to. An instance names records by
// Odoo's ids, currencies and payment methods by their codes.
func (b *Backend) Options(ctx context.Context) (erp.Options, error) {
	home, err := b.readCompany(ctx)
	if err != nil {
		return erp.Options{}, err
	}
	own := []any{"|", term("company_id", "=", false), term("company_id", "=", home.ID)}
	accounts := []any{in(pick(b.release, accountCompanies), []int64{home.ID})}
	var options erp.Options
	for _, list := range []struct {
		into   *[]erp.Choice
		model  string
		domain []any
		fields []string
	}{
		{&options.Companies, "res.company", nil, []string{"name", "currency_id"}},
		{&options.Warehouses, "stock.warehouse", []any{term("company_id", "=", home.ID)}, []string{"name", "code"}},
		{&options.Journals, "account.journal", []any{term("company_id", "=", home.ID)}, []string{"name", "code", "type", "currency_id"}},
		{&options.PaymentTerms, "account.payment.term", own, []string{"name"}},
		{&options.SalesTeams, "crm.team", own, []string{"name"}},
		{&options.Salespeople, "res.users", []any{term("share", "=", false)}, []string{"name"}},
		{&options.Accounts, "account.account", accounts, []string{"name", "code", pick(b.release, accountKinds)}},
		{&options.PriceLists, "product.pricelist", own, []string{"name", "currency_id"}},
	} {
		rows, err := searchIn[option](ctx, b, b.base(), list.model, list.domain, list.fields...)
		if err != nil {
			return erp.Options{}, err
		}
		*list.into = byName(mapped(rows, option.choice))
	}
	if options.Currencies, err = b.currencyChoices(ctx); err != nil {
		return erp.Options{}, err
	}
	options.PaymentMethods, err = b.methodChoices(ctx)
	return options, err
}

func byName(choices []erp.Choice) []erp.Choice {
	slices.SortFunc(choices, func(a, b erp.Choice) int { return cmp.Or(cmp.Compare(a.Name, b.Name), cmp.Compare(a.ID, b.ID)) })
	return choices
}

// currencyChoices lists the active currencies, by code.
func (b *Backend) currencyChoices(ctx context.Context) ([]erp.Choice, error) {
	rows, err := searchIn[option](ctx, b, b.base(), "res.currency", nil, "name")
	return byName(mapped(rows, func(o option) erp.Choice {
		code := string(o.Name)
		return erp.Choice{ID: code, Code: code, Name: code, Currency: code}
	})), err
}

// methodChoices lists the methods of incoming payments, by code: each journal has lines of its own for them.
func (b *Backend) methodChoices(ctx context.Context) ([]erp.Choice, error) {
	rows, err := searchIn[option](ctx, b, b.base(), "account.payment.method", []any{term("payment_type", "=", "inbound")}, "name", "code")
	var choices []erp.Choice
	for _, o := range rows {
		code := string(o.Code)
		if !slices.ContainsFunc(choices, func(c erp.Choice) bool { return c.ID == code }) {
			choices = append(choices, erp.Choice{ID: code, Code: code, Name: string(o.Name)})
		}
	}
	return byName(choices), err
}
