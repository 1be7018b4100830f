package sales

import (
	"context"
	"strings"

	"tandem/erp"
	"tandem/erp/check"
	"tandem/erp/odoo/catalog"
	"tandem/erp/odoo/record"
	"tandem/erp/odoo/rpc"
	"tandem/erp/salecycle"
)

// soldAsField holds the key under which the store sold the goods of an order's line: one variant may have several.
const soldAsField = "x_tandem_product"

// placeholderField marks a line whose product is the placeholder of one that the store did not have.
const placeholderField = "x_tandem_placeholder"

// soldGoods is what lines of orders have in Odoo.
type soldGoods struct {
	*Book
	orderLines
	snapshots map[int64]Snapshot
}

// Locked reports whether an order is invoiced or shipped.
func (g soldGoods) Locked(order int64) bool {
	s := g.snapshots[order]
	_, invoiced := s.Invoice()
	return salecycle.Held{Invoiced: invoiced, Delivered: s.delivered()}.Locked()
}

// SoldAs returns what the goods of orders were sold as, by the store's line id.
func (g soldGoods) SoldAs(ctx context.Context, orders []int64) (map[int64]map[string]check.SoldAs, error) {
	held := make(map[int64]map[string]check.SoldAs, len(orders))
	unsaid := map[string][]soldLine{} // by instance
	for _, order := range orders {
		held[order] = map[string]check.SoldAs{}
		for _, line := range g.lines[order] {
			named, _ := record.KeyOf(g.names[line.ID])
			_, id, _ := strings.Cut(named.ID, "/")
			product, err := erp.ParseKey(string(line.SoldAs))
			if err != nil || product.IsZero() {
				unsaid[named.Instance] = append(unsaid[named.Instance], soldLine{order, id, line.Product.ID})
				continue
			}
			held[order][id] = check.SoldAs{Product: product, Placeholder: line.StandsIn}
		}
	}
	return held, g.guessSold(ctx, unsaid, held)
}

// Siblings reports of each pair whether the variant that was sold belongs to the product that the store names now.
func (g soldGoods) Siblings(ctx context.Context, pairs []check.Renamed) (map[check.Renamed]bool, error) {
	var names []string
	for _, pair := range pairs {
		names = append(names, record.ExternalName(pair.Sold), record.TemplateName(pair.Named))
	}
	known, err := g.records.Resolve(ctx, names)
	if err != nil {
		return nil, err
	}
	templates, err := catalog.TemplatesOf(ctx, g.rpc, known)
	siblings := make(map[check.Renamed]bool, len(pairs))
	for _, pair := range pairs {
		template, landed := known[record.TemplateName(pair.Named)]
		siblings[pair] = landed && templates[known[record.ExternalName(pair.Sold)].ResID] == template.ResID
	}
	return siblings, err
}

// soldLine is a line that does not say under which key its goods were sold.
type soldLine struct {
	order   int64
	id      string // the store's
	variant int64
}

// guessSold takes, for lines that a version before landed, any key that the variant has in the store.
func (b *Book) guessSold(ctx context.Context, unsaid map[string][]soldLine, held map[int64]map[string]check.SoldAs) error {
	for instance, lines := range unsaid {
		keys, err := b.records.KeysFor(ctx, instance, "product.product", rpc.Map(lines, func(l soldLine) int64 { return l.variant }))
		if err != nil {
			return err
		}
		for _, line := range lines {
			if key, ok := keys[line.variant]; ok {
				held[line.order][line.id] = check.SoldAs{Product: key}
			}
		}
	}
	return nil
}
