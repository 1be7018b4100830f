package catalog

import (
	"context"

	"tandem/erp"
	"tandem/erp/check"
	"tandem/erp/landing"
	"tandem/erp/odoo/record"
	"tandem/erp/odoo/rpc"
)

// variantFields are the names under which a meta mapping may fill Odoo's own fields of variants. They are the same for every ERP.
var variantFields = map[string]string{"barcode": "barcode", "reference": "default_code"}

// productFields are the names under which a meta mapping may fill Odoo's own fields of products. They are the same for every ERP.
var productFields = map[string]string{"barcode": "barcode", "comment": "description", "reference": "default_code"}

// UpsertProducts lands products as templates with their variants and prices. A term or price list that has not landed
// parks the product, with a code like "unknown_category". Variants the product no longer has are archived, because
// orders may name them. Odoo takes a barcode once: the first product keeps it, others land without.
func (w *Writer) UpsertProducts(ctx context.Context, batch []erp.Product) ([]erp.Outcome, error) {
	return record.Catalogue[erp.Product]{
		Key:   func(p *erp.Product) *erp.Key { return &p.Key },
		Check: check.Product,
		Model: func(rpc.Release, *erp.Product) string { return "product.template" },
		Name:  record.TemplateName,
		Write: w.writeProducts,
	}.Upsert(ctx, w.records, batch)
}

// productRefs are the ids behind the keys that products name.
type productRefs struct {
	terms    map[erp.Key]int64
	lists    map[erp.Key]int64
	barcodes map[string]string // who has a barcode: the external id of its variant, "" for one that is not Tandem's
}

func (w *Writer) writeProducts(ctx context.Context, drafts []*record.Draft[erp.Product]) error {
	s, err := w.records.Prepared(ctx)
	if err != nil {
		return err
	}
	refs, err := w.productRefs(ctx, drafts)
	if err != nil {
		return err
	}
	for _, d := range drafts {
		d.Pending = d.Record.Kind == erp.Variable || len(check.PriceListsOf(d.Record)) > 0 || !d.Created
		if d.Refused = checkProductFields(s, d.Record); d.Refused == nil {
			d.Refused = check.ProductRefs(d.Record, check.In(refs.terms), check.In(refs.lists))
		}
	}
	var single, variable []*record.Draft[erp.Product]
	for _, d := range landing.Accepted(drafts) {
		if d.Record.Kind == erp.Variable {
			variable = append(variable, d)
		} else {
			single = append(single, d)
		}
	}
	products := productWriter{Writer: w, currency: s.Currency, refs: refs, variants: map[erp.Key]int64{}}
	if products.lost, err = products.lostBy(ctx, landing.Accepted(drafts)); err != nil {
		return err
	}
	if err := products.writeSingle(ctx, single); err != nil {
		return err
	}
	if err := products.writeVariable(ctx, variable); err != nil {
		return err
	}
	if err := products.writePrices(ctx, landing.Accepted(drafts)); err != nil {
		return err
	}
	return record.StampPending(ctx, w.records, "product.template", record.TemplateName, drafts)
}

// productWriter writes the products of one batch.
type productWriter struct {
	*Writer
	currency string // the company's
	refs     productRefs
	lost     lost
	variants map[erp.Key]int64 // of the products that have landed
}

func checkProductFields(s *record.Setup, p *erp.Product) *landing.Refusal {
	if r := s.CheckFields("product.template", p.Fields, productFields); r != nil {
		return r
	}
	for _, v := range p.Variants {
		if r := s.CheckFields("product.product", v.Fields, variantFields); r != nil {
			return r
		}
	}
	return nil
}

func (w *Writer) productRefs(ctx context.Context, drafts []*record.Draft[erp.Product]) (productRefs, error) {
	refs := productRefs{terms: map[erp.Key]int64{}, lists: map[erp.Key]int64{}}
	var names, barcodes []string
	for _, d := range drafts {
		for _, key := range namedBy(d.Record) {
			if id := record.PendingID(key); id != 0 {
				refs.terms[key] = id // no store has it
			}
			names = append(names, record.ExternalName(key))
		}
		barcodes = append(barcodes, barcodesOf(d.Record)...)
	}
	known, err := w.records.Resolve(ctx, names)
	if err != nil {
		return refs, err
	}
	for name, at := range known {
		if key, ok := record.KeyOf(name); ok && at.Model == "product.pricelist" {
			refs.lists[key] = at.ResID
		} else if ok {
			refs.terms[key] = at.ResID
		}
	}
	refs.barcodes, err = w.barcodes(ctx, barcodes)
	return refs, err
}

func namedBy(p *erp.Product) []erp.Key {
	keys := check.PriceListsOf(p)
	for _, use := range check.TermsOf(p) {
		keys = append(keys, use.Keys...)
	}
	return keys
}

// barcodesOf lists the barcodes a product comes with, from wherever.
func barcodesOf(p *erp.Product) []string {
	codes := []string{p.Barcode, p.Fields["barcode"]}
	for _, v := range p.Variants {
		codes = append(codes, v.Barcode, v.Fields["barcode"])
	}
	return codes
}

// barcodes finds out who has which barcode.
func (w *Writer) barcodes(ctx context.Context, wanted []string) (map[string]string, error) {
	type coded struct {
		rpc.Row
		Barcode rpc.Text `json:"barcode"`
	}
	var codes []string
	for _, code := range rpc.Distinct(wanted) {
		if code != "" {
			codes = append(codes, code)
		}
	}
	rows, err := rpc.SearchBy[coded](ctx, w.rpc, "product.product", "barcode", codes, nil, "barcode")
	if err != nil || len(rows) == 0 {
		return map[string]string{}, err
	}
	names, err := w.records.NamesOf(ctx, "product.product", rpc.Map(rows, func(r coded) int64 { return r.ID }))
	owners := make(map[string]string, len(rows))
	for _, r := range rows {
		owners[string(r.Barcode)] = names[r.ID]
	}
	return owners, err
}
