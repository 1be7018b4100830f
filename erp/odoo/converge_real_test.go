//go:build odoo

package odoo

import (
	"flag"
	"math/rand/v2"
	"strings"
	"testing"
	"time"

	"github.com/shopspring/decimal"
	"github.com/stretchr/testify/require"

	"tandem/entity/convergetest"
	"tandem/erp"
	"tandem/erp/odoo/record"
	"tandem/erp/odoo/rpc"
	"tandem/schema/schematest"
)

var (
	seed  = flag.Uint64("seed", 0, "makes the same random edits again; 0 makes others each time")
	edits = flag.Int("edits", 0, "how many random edits are made; 0 makes a thousand in the newest Odoo, and fewer in others")
)

func TestMain(m *testing.M) { schematest.Main(m) }

// Random edits on both sides, whoever owns what, end as the owners say, and then nothing more is written. Odoo tells no time of a change
// that is only a person's, so that the newest asks where both sides changed.
func TestBothSidesConverge(t *testing.T) {
	if *seed == 0 {
		*seed = rand.Uint64()
	}
	t.Logf("seed %d", *seed)
	real := ReadReal(t)
	Prepare(t, real.Settings(JSONRPC))
	protocols := real.Protocols()
	b, sale := opened(t, real.Settings(protocols[len(protocols)-1]))
	fields := map[string][]string{
		"category": {"name"}, "tag": {"name"}, "product": {"name", "weight", "regular_price"},
		"customer": {"billing.city", "billing.address_1", "shipping.city"},
	}
	if rpc.TagModels.For(b.rpc.Release) == "" {
		delete(fields, "tag")
	}
	if *edits == 0 {
		if *edits = 200; b.rpc.Release.Major == rpc.Newest {
			*edits = 1000
		}
	}
	hand := odooHand{t: t, b: b, instance: sale.product.Key.Instance}
	convergetest.Run(t, schematest.URL(t), convergetest.Books{
		Backend: b, Edit: hand.edit, Create: hand.create, Values: hand.values, Changes: hand.changes,
	}, convergetest.Options{
		Instance: hand.instance, Seed: *seed, Edits: *edits, Batch: 50, Records: 6, Named: true,
		Kinds: convergetest.Narrow(convergetest.Kinds(), fields),
	})
}

// odooHand works in Odoo as a person does.
type odooHand struct {
	t        *testing.T
	b        *Backend
	instance string
}

var odooModels = map[string]string{"category": "product.category", "tag": "product.tag", "product": "product.template", "customer": "res.partner"}

// addressOf gives the kind of contact that an address is, and its field.
func addressOf(name string) (kind, field string) {
	group, field, _ := strings.Cut(name, ".")
	if kind = "invoice"; group == "shipping" {
		kind = "delivery"
	}
	if field == "address_1" {
		field = "street"
	}
	return kind, field
}

func (h odooHand) edit(e convergetest.Edit) {
	h.t.Helper()
	ctx, id := h.t.Context(), rpc.ParseID(e.ID)
	for field, value := range e.Values {
		switch {
		case strings.Contains(field.Name, "."):
			kind, column := addressOf(field.Name)
			contacts, err := rpc.Search[rpc.Row](ctx, h.b.rpc, "res.partner", []any{rpc.Where("parent_id", "=", id), rpc.Where("type", "=", kind)}, "id")
			require.NoError(h.t, err)
			require.Len(h.t, contacts, 1)
			require.NoError(h.t, h.b.rpc.Write(ctx, "res.partner", []int64{contacts[0].ID}, map[string]any{column: value}))
		case field.Name == "regular_price":
			items := h.items([]int64{id})
			amount, _ := decimal.RequireFromString(value).Float64()
			if len(items) == 0 {
				require.NoError(h.t, h.b.rpc.Write(ctx, "product.template", []int64{id}, map[string]any{"list_price": amount}))
			} else {
				require.NoError(h.t, h.b.rpc.Write(ctx, "product.pricelist.item", []int64{items[0].ID}, map[string]any{"fixed_price": amount}))
			}
		case field.Name == "weight":
			weight, _ := decimal.RequireFromString(value).Float64()
			require.NoError(h.t, h.b.rpc.Write(ctx, "product.template", []int64{id}, map[string]any{"weight": weight}))
		default:
			require.NoError(h.t, h.b.rpc.Write(ctx, odooModels[e.Kind.Entity], []int64{id}, map[string]any{field.Name: value}))
		}
	}
}

// pricedItem is a price of a product in one of the instance's lists.
type pricedItem struct {
	rpc.Row
	Template rpc.Link   `json:"product_tmpl_id"`
	Price    rpc.Amount `json:"fixed_price"`
}

// items gives what the instance's regular list says of templates.
func (h odooHand) items(templates []int64) []pricedItem {
	h.t.Helper()
	ctx := h.t.Context()
	key := erp.Key{Instance: h.instance, Entity: "price_list", ID: erp.PriceListID(erp.Regular, "EUR")}
	lists, err := h.b.records.IDsOf(ctx, "product.pricelist", []erp.Key{key}, record.ExternalName)
	require.NoError(h.t, err)
	items, err := rpc.SearchBy[pricedItem](ctx, h.b.rpc, "product.pricelist.item", "product_tmpl_id", templates,
		[]any{rpc.Where("pricelist_id", "=", lists[key])}, "product_tmpl_id", "fixed_price")
	require.NoError(h.t, err)
	return items
}

func (h odooHand) create(e convergetest.Edit) string {
	h.t.Helper()
	value := func(name string) string { return e.Values[convergetest.FieldID{Name: name}] }
	record := map[string]any{"name": value("name")}
	switch e.Kind.Entity {
	case "product":
		price, _ := decimal.RequireFromString(value("regular_price")).Float64()
		weight, _ := decimal.RequireFromString(value("weight")).Float64()
		record["list_price"], record["weight"], record["default_code"], record["sale_ok"] = price, weight, convergetest.SKU(e.Number, 0), true
	case "customer":
		record = map[string]any{"name": h.instance, "email": convergetest.Email(e.Number), "customer_rank": 1, "child_ids": []any{
			[]any{0, 0, map[string]any{"type": "invoice", "city": value("billing.city"), "street": value("billing.address_1")}},
			[]any{0, 0, map[string]any{"type": "delivery", "city": value("shipping.city")}},
		}}
	}
	ids, err := h.b.rpc.Create(h.t.Context(), odooModels[e.Kind.Entity], []map[string]any{record})
	require.NoError(h.t, err)
	return rpc.FormatID(ids[0])
}

// heldByHand are the fields of records of all kinds.
type heldByHand struct {
	rpc.Row
	Name   rpc.Text   `json:"name"`
	Weight rpc.Amount `json:"weight"`
	Price  rpc.Amount `json:"list_price"`
	Parent rpc.Link   `json:"parent_id"`
	Type   rpc.Text   `json:"type"`
	City   rpc.Text   `json:"city"`
	Street rpc.Text   `json:"street"`
}

func (h odooHand) values(kind *convergetest.Kind, texts []string) map[string]convergetest.Values {
	h.t.Helper()
	ctx, all := h.t.Context(), map[string]convergetest.Values{}
	var ids []int64
	for _, text := range texts {
		ids, all[text] = append(ids, rpc.ParseID(text)), convergetest.Values{}
	}
	fields := []string{"name"}
	if kind.Entity == "product" {
		fields = []string{"name", "weight", "list_price"}
	}
	rows, err := rpc.SearchBy[heldByHand](ctx, h.b.rpc, odooModels[kind.Entity], "id", ids, nil, fields...)
	require.NoError(h.t, err)
	for _, row := range rows {
		held := all[rpc.FormatID(row.ID)]
		held[convergetest.FieldID{Name: "name"}] = string(row.Name)
		held[convergetest.FieldID{Name: "weight"}] = row.Weight.String()
		held[convergetest.FieldID{Name: "regular_price"}] = row.Price.String()
	}
	switch kind.Entity {
	case "product":
		for _, item := range h.items(ids) {
			all[rpc.FormatID(item.Template.ID)][convergetest.FieldID{Name: "regular_price"}] = item.Price.String()
		}
	case "customer":
		contacts, err := rpc.SearchBy[heldByHand](ctx, h.b.rpc, "res.partner", "parent_id", ids, nil, "parent_id", "type", "city", "street")
		require.NoError(h.t, err)
		for _, row := range contacts {
			held := all[rpc.FormatID(row.Parent.ID)]
			if row.Type == "delivery" {
				held[convergetest.FieldID{Name: "shipping.city"}] = string(row.City)
			} else {
				held[convergetest.FieldID{Name: "billing.city"}], held[convergetest.FieldID{Name: "billing.address_1"}] = string(row.City), string(row.Street)
			}
		}
	}
	return all
}

// changes tells by the dates of all kinds, and by Odoo's seconds, whether anything was written.
func (h odooHand) changes() string {
	h.t.Helper()
	time.Sleep(1100 * time.Millisecond)
	text := ""
	models := []string{"product.category", "product.template", "product.product", "product.pricelist.item", "res.partner"}
	if tags := rpc.TagModels.For(h.b.rpc.Release); tags != "" {
		models = append(models, tags)
	}
	for _, model := range models {
		rows, err := rpc.Search[dated](h.t.Context(), h.b.rpc, model, nil, "write_date")
		require.NoError(h.t, err)
		last := ""
		for _, row := range rows {
			last = max(last, string(row.Written))
		}
		text += model + " " + last + "\n"
	}
	return text
}

type dated struct {
	rpc.Row
	Written rpc.Text `json:"write_date"`
}
