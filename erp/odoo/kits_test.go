package odoo

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"tandem/erp"
	"tandem/erp/odoo/odootest"
	"tandem/erp/odoo/record"
	"tandem/erp/odoo/rpc"
)

// kitShop is an Odoo with parts on the shelf and products that bills of materials make kits of.
type kitShop struct {
	t         *testing.T
	b         *Backend
	instance  string
	warehouse string
	ids       map[string]int64 // variants by the store's id
	templates map[string]int64
}

func (s kitShop) key(id string) erp.Key {
	return erp.Key{Instance: s.instance, Entity: "product", ID: id}
}

// newKitShop lands products, and counts those of which there is stock.
func newKitShop(t *testing.T, b *Backend, warehouse string, stock map[string]string, without ...string) kitShop {
	t.Helper()
	s := kitShop{t: t, b: b, instance: "kits" + time.Now().Format("150405.000000")[7:], warehouse: warehouse, ids: map[string]int64{}, templates: map[string]int64{}}
	var products []erp.Product
	var counts []erp.StockCount
	add := func(id string, tracked bool) {
		products = append(products, erp.Product{Key: s.key(id), Kind: erp.Simple, Name: "Product " + id, Status: "publish", SKU: s.instance + id,
			Variants: []erp.Variant{{Key: s.key(id), SKU: s.instance + id, Active: true, TrackStock: tracked}}})
	}
	for id, free := range stock {
		add(id, true)
		counts = append(counts, erp.StockCount{Key: s.key(id), Warehouse: warehouse, Free: dec(free), CountedAt: time.Now().UTC()})
	}
	for _, id := range without {
		add(id, false)
	}
	outcomes, err := b.UpsertProducts(t.Context(), products)
	require.NoError(t, err)
	var keys []erp.Key
	for i, o := range outcomes {
		require.True(t, o.Landed(), o.Reason)
		keys = append(keys, products[i].Key)
	}
	outcomes, err = b.SetStock(t.Context(), counts)
	require.NoError(t, err)
	for _, o := range outcomes {
		require.True(t, o.Landed(), o.Reason)
	}
	found, err := b.records.IDsOf(t.Context(), "product.product", keys, record.ExternalName)
	require.NoError(t, err)
	type variant struct {
		rpc.Row
		Template rpc.Link `json:"product_tmpl_id"`
	}
	for key, id := range found {
		rows, err := rpc.SearchBy[variant](t.Context(), b.rpc, "product.product", "id", []int64{id}, nil, "product_tmpl_id")
		require.NoError(t, err)
		s.ids[key.ID], s.templates[key.ID] = id, rows[0].Template.ID
	}
	return s
}

// bill makes a product a kit of parts: so many pieces of the kit are made of these quantities.
func (s kitShop) bill(of string, pieces float64, parts map[string]float64) {
	s.t.Helper()
	var lines []any
	for part, quantity := range parts {
		lines = append(lines, []any{0, 0, map[string]any{"product_id": s.ids[part], "product_qty": quantity}})
	}
	_, err := s.b.rpc.Create(s.t.Context(), "mrp.bom", []map[string]any{{"product_tmpl_id": s.templates[of], "product_qty": pieces, "type": "phantom", "bom_line_ids": lines}})
	require.NoError(s.t, err)
}

// figures gives what is on hand, free and forecast of a product.
func (s kitShop) figures(id string) [3]string {
	s.t.Helper()
	q, err := s.b.Quantities(s.t.Context(), s.warehouse, []erp.Key{s.key(id)})
	require.NoError(s.t, err)
	require.True(s.t, q[0].Tracked)
	return [3]string{q[0].OnHand.String(), q[0].Free().String(), q[0].Forecast().String()}
}

// TestAKitHasTheLeastOfItsParts: of a kit there is as much as the scarcest of its parts is enough for (U07).
func TestAKitHasTheLeastOfItsParts(t *testing.T) {
	for _, version := range []int{14, 19} {
		server := odootest.StartManufacturing(t, version)
		b, err := Open(t.Context(), Settings{URL: server.URL, Database: odootest.Database, Login: odootest.Login, Secret: odootest.Key, Protocol: JSONRPC})
		require.NoError(t, err)
		kitsIn(t, b, taleIn("kits").stock.Warehouse)
	}
}

// kitsIn makes kits in an Odoo and looks at their figures.
func kitsIn(t *testing.T, b *Backend, warehouse string) kitShop {
	t.Helper()
	s := newKitShop(t, b, warehouse, map[string]string{"1": "10", "2": "7", "3": "2"}, "11", "12", "13", "14", "20")
	s.bill("11", 1, map[string]float64{"1": 1, "2": 2})
	s.bill("12", 1, map[string]float64{"11": 2, "3": 1}) // a kit in a kit
	s.bill("13", 3, map[string]float64{"3": 2})          // three of two
	s.bill("14", 1, map[string]float64{"20": 1, "1": 3}) // with a part that is not counted
	require.Equal(t, [3]string{"3", "3", "3"}, s.figures("11"), "seven are enough for three times two")
	require.Equal(t, [3]string{"1", "1", "1"}, s.figures("12"))
	require.Equal(t, [3]string{"3", "3", "3"}, s.figures("13"), "2 ÷ ⅔ is 3")
	require.Equal(t, [3]string{"3", "3", "3"}, s.figures("14"))
	require.Equal(t, [3]string{"10", "10", "10"}, s.figures("1"), "a part has its own")
	return s
}

func TestFreeOfAKitIsTheLeastOfWhatIsFree(t *testing.T) {
	server := odootest.StartManufacturing(t, 19)
	b, err := Open(t.Context(), Settings{URL: server.URL, Database: odootest.Database, Login: odootest.Login, Secret: odootest.Key, Protocol: JSONRPC})
	require.NoError(t, err)
	tale := taleIn("tale")
	for _, do := range []act{tale.landTax, tale.landProduct, tale.landPartner, tale.count("10")} {
		_, err := do(t.Context(), b)
		require.NoError(t, err)
	}
	outcomes, err := b.UpsertOrders(t.Context(), []erp.Order{tale.order})
	require.NoError(t, err)
	require.True(t, outcomes[0].Landed(), outcomes[0].Reason)
	mugs, err := b.Quantities(t.Context(), tale.stock.Warehouse, []erp.Key{tale.product.Key})
	require.NoError(t, err)
	require.True(t, mugs[0].Reserved.IsPositive(), "the order takes some")

	s := newKitShop(t, b, tale.stock.Warehouse, map[string]string{"1": "50"}, "11")
	ids, err := b.records.IDsOf(t.Context(), "product.product", []erp.Key{tale.product.Key}, record.ExternalName)
	require.NoError(t, err)
	s.ids["mug"] = ids[tale.product.Key]
	s.bill("11", 1, map[string]float64{"1": 1, "mug": 1})
	require.Equal(t, [3]string{mugs[0].OnHand.String(), mugs[0].Free().String(), mugs[0].Forecast().String()}, s.figures("11"))
}
