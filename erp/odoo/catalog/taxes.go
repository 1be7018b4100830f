package catalog

import (
	"context"
	"fmt"

	"tandem/erp"
	"tandem/erp/check"
	"tandem/erp/landing"
	"tandem/erp/odoo/record"
	"tandem/erp/odoo/rpc"
)

// CompoundField says that a tax is calculated on other taxes, too, where Odoo has no field for it.
const CompoundField = "x_tandem_compound"

// UpsertTaxes lands tax rates as sales taxes. Odoo requires names to be unique in a company, so the name carries the rate and the
// key; what is printed on invoices is the store's name. An account that is not in Odoo fails the tax with the code
// "unknown_account".
func (w *Writer) UpsertTaxes(ctx context.Context, batch []erp.Tax) ([]erp.Outcome, error) {
	return record.Catalogue[erp.Tax]{
		Key:   func(t *erp.Tax) *erp.Key { return &t.Key },
		Check: check.Tax,
		Model: func(rpc.Release, *erp.Tax) string { return "account.tax" },
		Name:  record.ExternalName,
		Write: w.writeTaxes,
	}.Upsert(ctx, w.records, batch)
}

func (w *Writer) writeTaxes(ctx context.Context, drafts []*record.Draft[erp.Tax]) error {
	if err := w.refuseAccounts(ctx, drafts); err != nil {
		return err
	}
	for _, d := range drafts {
		d.Pending = d.Record.Account+d.Record.RefundAccount != ""
	}
	if err := record.LoadDrafts(ctx, w.records, "account.tax", drafts, w.taxRecord); err != nil {
		return err
	}
	if err := w.writeTaxAccounts(ctx, landing.Accepted(drafts)); err != nil {
		return err
	}
	return record.StampPending(ctx, w.records, "account.tax", record.ExternalName, drafts)
}

// taxName is the name of a tax in Odoo, which must be its own.
func taxName(t *erp.Tax) string {
	return fmt.Sprintf("%s %s%% (%s/%s)", t.Name, t.Rate, t.Key.Instance, t.Key.ID)
}

func (w *Writer) taxRecord(d *record.Draft[erp.Tax]) *record.Record {
	t := d.Record
	include := rpc.TaxIncludes.For(w.rpc.Release)
	included := include.No
	if t.PriceInclude {
		included = include.Yes
	}
	cells := []rpc.Cell{
		rpc.TextCell("name", taxName(t)), rpc.TextCell("type_tax_use", "sale"), rpc.TextCell("amount_type", "percent"), rpc.DecimalCell("amount", t.Rate),
		rpc.TextCell(rpc.TaxLabels.For(w.rpc.Release), t.Name), rpc.IntCell("sequence", t.Priority), rpc.TextCell(include.Field, included),
	}
	// A compound tax is added on top of the others. Where a tax can be told not to build on others, every simple one
	// passes its amount on, and only the compound ones take it up. Elsewhere it is noted, and orders are given their amounts.
	if field := rpc.TaxBases.For(w.rpc.Release); field != "" {
		cells = append(cells, rpc.BoolCell(field, t.Compound), rpc.BoolCell("include_base_amount", !t.Compound))
	}
	cells = append(cells, rpc.BoolCell(CompoundField, t.Compound))
	return &record.Record{Name: record.ExternalName(d.Key), Cells: append(cells, d.StampCell())}
}

// account is an account of the chart.
type account struct {
	rpc.Row
	Code rpc.Text `json:"code"`
	Name string   `json:"name"`
	Kind any      `json:"account_type"`
	Type rpc.Link `json:"user_type_id"`
}

// refuseAccounts fails the taxes whose accounts are not in Odoo.
func (w *Writer) refuseAccounts(ctx context.Context, drafts []*record.Draft[erp.Tax]) error {
	var wanted []int64
	for _, d := range drafts {
		for _, id := range []string{d.Record.Account, d.Record.RefundAccount} {
			if rpc.ParseID(id) != 0 {
				wanted = append(wanted, rpc.ParseID(id))
			}
		}
	}
	known := map[int64]bool{}
	if len(wanted) > 0 {
		rows, err := rpc.SearchBy[account](ctx, w.rpc, "account.account", "id", rpc.Distinct(wanted), nil, "name")
		if err != nil {
			return err
		}
		for _, r := range rows {
			known[r.ID] = true
		}
	}
	for _, d := range drafts {
		for _, id := range []string{d.Record.Account, d.Record.RefundAccount} {
			if id != "" && !known[rpc.ParseID(id)] {
				d.Refused = landing.Failed("unknown_account", "there is no account %q in Odoo: choose another in the instance's settings", id)
			}
		}
	}
	return nil
}

// writeTaxAccounts sets the accounts that taxes are posted to, on their distribution lines.
func (w *Writer) writeTaxAccounts(ctx context.Context, drafts []*record.Draft[erp.Tax]) error {
	fields := rpc.TaxAccounts.For(w.rpc.Release)
	for _, side := range []struct {
		field, document string
		account         func(*erp.Tax) string
	}{
		{fields.Invoice, "invoice", func(t *erp.Tax) string { return t.Account }},
		{fields.Refund, "refund", func(t *erp.Tax) string { return t.RefundAccount }},
	} {
		byAccount := map[int64][]int64{}
		for _, d := range drafts {
			if id := rpc.ParseID(side.account(d.Record)); id != 0 {
				byAccount[id] = append(byAccount[id], d.ID)
			}
		}
		for account, taxes := range byAccount {
			domain := []any{rpc.Where("repartition_type", "=", "tax")}
			if fields.Invoice == fields.Refund {
				domain = append(domain, rpc.Where("document_type", "=", side.document))
			}
			lines, err := rpc.SearchBy[rpc.Row](ctx, w.rpc, "account.tax.repartition.line", side.field, taxes, domain, "id")
			if err != nil {
				return err
			}
			err = w.rpc.Write(ctx, "account.tax.repartition.line", rpc.Map(lines, rpc.Row.RowID), map[string]any{"account_id": account})
			if err != nil {
				return err
			}
		}
	}
	return nil
}
