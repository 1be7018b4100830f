package exporttest

import (
	"context"
	"net/http"
	"strconv"
	"testing"

	"github.com/stretchr/testify/require"

	"tandem/entity"
	"tandem/entity/mapping"
	"tandem/erp"
	"tandem/erp/ledger"
	"tandem/fault"
	"tandem/flow"
	"tandem/woo/wootest"
)

// lamp is a product that both sides have, and whose price is 50.
type lamp struct {
	*pair
	id, wooID string
}

func newLamp(t *testing.T, owners string) lamp {
	t.Helper()
	l := lamp{pair: connect(t, wootest.Options{})}
	l.keepLinks()
	l.giveOwners(owners)
	l.run(flow.Import, "tax_class")
	l.run(flow.Import, "category")
	l.id = l.makeProduct(erp.Product{Kind: erp.Simple, Name: "Lamp", SKU: "L-1"}, "50")
	o := l.run(flow.Export, "product", l.id)[l.id]
	require.Equal(t, flow.Created, o.Status, "%s: %s", o.Code, o.Reason)
	l.wooID = o.Key.ID
	return l
}

func (l lamp) inERP(price string) {
	l.t.Helper()
	l.edit(`UPDATE ledger.prices SET amount = $1::numeric`, price)
}

func (l lamp) inStore(price string) {
	l.t.Helper()
	l.ask(http.MethodPut, "products/"+l.wooID, map[string]any{"regular_price": price})
}

func (l lamp) prices() (inERP, inStore string) {
	l.t.Helper()
	require.NoError(l.t, l.books.Get(&inERP, `SELECT trim_scale(amount)::text FROM ledger.prices`))
	inStore, _ = l.ask(http.MethodGet, "products/"+l.wooID, nil)["regular_price"].(string)
	return inERP, inStore
}

func (l lamp) requirePrices(inERP, inStore string) {
	l.t.Helper()
	nowERP, nowStore := l.prices()
	require.Equal(l.t, []string{inERP, inStore}, []string{nowERP, nowStore})
}

func (l lamp) imported() flow.Outcome { return l.run(flow.Import, "product", l.wooID)[l.wooID] }
func (l lamp) exported() flow.Outcome { return l.run(flow.Export, "product", l.id)[l.id] }

// requireQuiet checks that neither direction has anything left to write.
func (l lamp) requireQuiet() {
	l.t.Helper()
	before := l.writes()
	for _, o := range []flow.Outcome{l.imported(), l.exported(), l.imported()} {
		require.Equal(l.t, []any{flow.Unchanged, false, false}, []any{o.Status, o.Partial, o.StoreAhead}, "%s: %s", o.Code, o.Reason)
	}
	require.Equal(l.t, before, l.writes(), "no echo")
}

// Whoever owns the price, an edit of the other side neither reaches the owner nor stays.
func TestTheOwnersValueCounts(t *testing.T) {
	t.Parallel()
	for owner, c := range map[string]struct {
		exported, imported flow.Status
		price              string
	}{
		"store": {flow.Unchanged, flow.Updated, "60"},
		"erp":   {flow.Updated, flow.Unchanged, "70"},
	} {
		t.Run(owner, func(t *testing.T) {
			t.Parallel()
			l := newLamp(t, `{"product":{"price":"`+owner+`"}}`)
			l.inStore("60")
			l.inERP("70")
			for range 2 { // whichever direction is first
				out, in := l.exported(), l.imported()
				if out.Status == flow.Unchanged && in.Status == flow.Unchanged {
					break
				}
				require.Equal(t, []flow.Status{c.exported, c.imported}, []flow.Status{out.Status, in.Status}, "%v %v", out.Steps, in.Steps)
			}
			l.requirePrices(c.price, c.price)
			l.requireQuiet()

			l.inERP("71")
			if owner == "store" {
				o := l.exported()
				require.Equal(t, []any{flow.Unchanged, true}, []any{o.Status, o.StoreAhead})
				l.requirePrices("71", "60")
				require.Equal(t, flow.Updated, l.imported().Status, "what the ERP made of it is undone")
				l.requirePrices("60", "60")
			} else {
				l.inStore("61")
				o := l.imported()
				require.True(t, o.Landed() && o.Partial, "%s: %s", o.Code, o.Reason)
				l.requirePrices("71", "61")
				require.Equal(t, flow.Updated, l.exported().Status)
				l.requirePrices("71", "71")
			}
			l.requireQuiet()
		})
	}
}

// What nobody owns of a record goes as before, and what is owned stays, though the record is written for something else.
func TestOtherPartsAreWrittenAlong(t *testing.T) {
	t.Parallel()
	l := newLamp(t, `{"product":{"price":"erp"}}`)
	l.ask(http.MethodPut, "products/"+l.wooID, map[string]any{"regular_price": "60", "name": "Better lamp"})
	l.inERP("70")
	o := l.imported()
	require.Equal(t, []any{flow.Updated, true}, []any{o.Status, o.Partial}, "%s: %s", o.Code, o.Reason)
	var name string
	require.NoError(t, l.books.Get(&name, `SELECT name FROM ledger.products`))
	require.Equal(t, "Better lamp", name)
	l.requirePrices("70", "60")
	o = l.exported()
	require.Equal(t, []any{flow.Updated, false}, []any{o.Status, o.Partial})
	require.Equal(t, "Better lamp", l.stored("products", o)["name"])
	l.requirePrices("70", "70")
	l.requireQuiet()
}

// The newest counts: the side that changed it, and of both the one that changed its record later.
func TestTheNewestCounts(t *testing.T) {
	t.Parallel()
	l := newLamp(t, `{"product":{"price":"newest"}}`)
	l.inStore("60")
	require.Equal(t, flow.Unchanged, l.exported().Status, "an export takes nothing back that the store changed")
	require.Equal(t, flow.Updated, l.imported().Status, "though the ERP was told that it has it")
	l.requirePrices("60", "60")
	l.inERP("70")
	require.Equal(t, flow.Unchanged, l.imported().Status)
	require.Equal(t, flow.Updated, l.exported().Status)
	l.requirePrices("70", "70")
	l.requireQuiet()

	l.inStore("61")
	l.inERP("71")
	l.age("products", "1 hour")
	l.exported()
	require.Equal(t, flow.Updated, l.imported().Status)
	l.requirePrices("61", "61")
	l.requireQuiet()
	l.inERP("72")
	l.inStore("62")
	l.age("products", "-1 hour")
	l.imported()
	require.Equal(t, flow.Updated, l.exported().Status)
	l.requirePrices("72", "72")
	l.requireQuiet()

	l.inStore("63")
	l.inERP("73")
	l.age("products", "")
	require.Equal(t, mapping.BothChanged, l.imported().Code, "it is not known when the ERP changed it")
}

// age dates the last change of the records of a table back.
func (p *pair) age(table, by string) {
	p.t.Helper()
	tx, err := p.books.Beginx()
	require.NoError(p.t, err)
	defer tx.Rollback() //nolint:errcheck // it may be committed
	_, err = tx.Exec(`SET LOCAL session_replication_role = replica`)
	require.NoError(p.t, err)
	_, err = tx.Exec(`UPDATE ledger.`+table+` SET changed_at = now() - nullif($1, '')::interval`, by)
	require.NoError(p.t, err)
	require.NoError(p.t, tx.Commit())
}

// Where a person is asked, the record waits with both values in whichever direction goes first, and the choice holds for both, for these
// values alone.
func TestAPersonIsAskedAboutBothValues(t *testing.T) {
	t.Parallel()
	for choice, price := range map[string]string{mapping.TakeStore: "60", mapping.TakeERP: "70"} {
		t.Run(choice, func(t *testing.T) {
			t.Parallel()
			l := newLamp(t, `{"product":{"price":"ask"}}`)
			l.inStore("60")
			l.inERP("70")
			in, out := l.imported(), l.exported()
			for _, o := range []flow.Outcome{in, out} {
				require.Equal(t, []any{flow.Parked, mapping.BothChanged}, []any{o.Status, o.Code})
				require.Equal(t, []flow.Difference{{Field: "Regular price", ERP: "70", Store: "60"}}, o.Differences)
				require.NotContains(t, o.Reason, "60")
			}
			require.Equal(t, in.Subject, out.Subject)
			require.Equal(t, []string{l.id, l.wooID}, []string{in.ID, out.Key.ID}, "either job names both records")
			l.requirePrices("70", "60")

			l.book.decided["product/"+l.wooID] = flow.Decision{Choice: choice, Subject: in.Subject}
			l.imported()
			l.exported()
			l.requirePrices(price, price)
			l.requireQuiet()
			l.inStore("61")
			l.inERP("71")
			require.Equal(t, mapping.BothChanged, l.imported().Code, "other values are asked about again")
		})
	}
}

// What one side changed goes without asking, and so does the same change of both.
func TestOneSidedChangesAreNotAskedAbout(t *testing.T) {
	t.Parallel()
	l := newLamp(t, `{"product":{"price":"ask","basic":"ask"}}`)
	l.inERP("70")
	l.ask(http.MethodPut, "products/"+l.wooID, map[string]any{"name": "Better lamp"})
	require.Equal(t, flow.Updated, l.imported().Status)
	require.Equal(t, flow.Updated, l.exported().Status)
	l.requirePrices("70", "70")
	require.Equal(t, "Better lamp", l.ask(http.MethodGet, "products/"+l.wooID, nil)["name"])
	l.inERP("80")
	l.inStore("80")
	require.True(t, l.imported().Landed())
	l.requirePrices("80", "80")
	l.requireQuiet()
}

// What the ERP holds already is not written once more, though the store changed the record: neither the same edit on both sides, nor one that
// is kept back.
func TestWhatTheERPHoldsIsNotWrittenAgain(t *testing.T) {
	t.Parallel()
	l := newLamp(t, `{"product":{"price":"erp","basic":"newest"}}`)
	changed := func() (number string) {
		t.Helper()
		require.NoError(t, l.books.Get(&number, `SELECT changed FROM ledger.products`))
		return number
	}
	l.inStore("60")
	before := changed()
	kept := l.imported()
	require.Equal(t, []any{flow.Unchanged, true, before}, []any{kept.Status, kept.Partial, changed()})
	l.inERP("60")
	before = changed()
	require.Equal(t, []any{flow.Unchanged, before}, []any{l.imported().Status, changed()}, "both sides hold 60")
	l.requireQuiet()
	l.ask(http.MethodPut, "products/"+l.wooID, map[string]any{"name": "Better lamp"})
	require.Equal(t, flow.Updated, l.imported().Status)
	require.NotEqual(t, before, changed())
	l.requirePrices("60", "60")
}

// hasty is a ledger in which somebody works whenever products are about to land.
type hasty struct {
	*ledger.Ledger
	edit func()
}

func (h *hasty) UpsertProducts(ctx context.Context, batch []erp.Product) ([]erp.Outcome, error) {
	if h.edit != nil {
		h.edit()
	}
	return h.Ledger.UpsertProducts(ctx, batch)
}

// What a person changes in the ERP between its being read and being written is not lost: both sides are compared again.
func TestAnEditWhileARecordLandsIsNotLost(t *testing.T) {
	t.Parallel()
	l := newLamp(t, `{"product":{"basic":"erp","price":"store"}}`)
	edits := 0
	books := &hasty{Ledger: ledger.Open(l.books)}
	books.edit = func() {
		if edits++; edits < 3 {
			l.edit(`UPDATE ledger.products SET name = 'Edited ' || $1::text`, strconv.Itoa(edits))
		}
	}
	l.ec.Backend = books
	l.inStore("60")
	o := l.imported()
	require.Equal(t, []any{flow.Updated, true}, []any{o.Status, o.Partial}, "%s: %s", o.Code, o.Reason)
	var name string
	require.NoError(t, l.books.Get(&name, `SELECT name FROM ledger.products`))
	require.Equal(t, "Edited 2", name)
	l.requirePrices("60", "60")
	require.Equal(t, flow.Updated, l.exported().Status)
	l.requireQuiet()

	books.edit = func() { l.edit(`UPDATE ledger.products SET name = name || '!'`) }
	l.inStore("61")
	_, err := l.try(flow.Import, "product", l.wooID)
	require.True(t, fault.Is(err, fault.Unavailable), "it is tried again later: %v", err)
	books.edit = nil
	require.Equal(t, flow.Updated, l.imported().Status)
	require.NoError(t, l.books.Get(&name, `SELECT name FROM ledger.products`))
	require.Equal(t, "Edited 2!!!", name)
	l.requirePrices("61", "61")
}

// Records that were paired by hand were never equal: where they differ, a person is asked.
func TestRecordsThatWereNeverEqualAreAskedAbout(t *testing.T) {
	t.Parallel()
	l := newLamp(t, `{"product":{"price":"newest"}}`)
	l.inStore("60")
	l.inERP("70")
	l.keepLinks()
	l.age("products", "")
	require.Equal(t, mapping.BothChanged, l.exported().Code)
}

// Variations have their own values: one changed in the store and another in the ERP are no conflict.
func TestVariationsAreComparedEachByItself(t *testing.T) {
	t.Parallel()
	p := connect(t, wootest.Options{})
	p.keepLinks()
	p.giveOwners(`{"product":{"price":"ask","basic":"ask","status":"ask","stock":"ask"}}`)
	p.run(flow.Import, "tax_class")
	p.run(flow.Import, "category")
	id := p.makeProduct(variable(), "20")
	o := p.run(flow.Export, "product", id)[id]
	require.Equal(t, flow.Created, o.Status, "%s: %s", o.Code, o.Reason)
	path := "products/" + o.Key.ID + "/variations"
	bySKU := func(sku string) map[string]any {
		for _, v := range p.list(path) {
			if v["sku"] == sku {
				return v
			}
		}
		return nil
	}
	p.ask(http.MethodPut, path+"/"+jsonNumber(bySKU("")["id"]), map[string]any{"regular_price": "21"})
	p.edit(`UPDATE ledger.prices SET amount = 22 WHERE variant_id = (SELECT id FROM ledger.variants WHERE sku = 'S-S')`)
	in, out := p.run(flow.Import, "product", o.Key.ID)[o.Key.ID], p.run(flow.Export, "product", id)[id]
	require.Equal(t, []flow.Status{flow.Updated, flow.Updated}, []flow.Status{in.Status, out.Status}, "%s %s", in.Reason, out.Reason)
	require.Equal(t, []any{"22", "21"}, []any{bySKU("S-S")["regular_price"], bySKU("")["regular_price"]})
	var inERP []string
	require.NoError(t, p.books.Select(&inERP, `SELECT trim_scale(amount)::text FROM ledger.prices ORDER BY amount`))
	require.Equal(t, []string{"21", "22"}, inERP)
	before := p.writes()
	p.requireAll(flow.Import, "product", flow.Unchanged)
	p.requireAll(flow.Export, "product", flow.Unchanged)
	require.Equal(t, before, p.writes())

	p.ask(http.MethodPut, path+"/"+jsonNumber(bySKU("S-S")["id"]), map[string]any{"regular_price": "23"})
	p.edit(`UPDATE ledger.prices SET amount = 24 WHERE variant_id = (SELECT id FROM ledger.variants WHERE sku = 'S-S')`)
	in = p.run(flow.Import, "product", o.Key.ID)[o.Key.ID]
	require.Equal(t, []flow.Difference{{Field: "variation S-S S: Regular price", ERP: "24", Store: "23"}}, in.Differences)
}

// Variants that a person made in the ERP, and terms that no store has, stay when an import lands what the store changed: they are the ERP's
// to export.
func TestWhatTheStoreLacksStays(t *testing.T) {
	t.Parallel()
	p := connect(t, wootest.Options{})
	p.keepLinks()
	p.giveOwners(`{"product":{"basic":"erp","price":"store"}}`)
	p.run(flow.Import, "tax_class")
	p.run(flow.Import, "category")
	id := p.makeProduct(variable(), "20")
	o := p.run(flow.Export, "product", id)[id]
	p.edit(`INSERT INTO ledger.variants SELECT (jsonb_populate_record(v, jsonb_build_object('sku', 'S-L', 'position', 2,
		'id', nextval(pg_get_serial_sequence('ledger.variants', 'id'))))).* FROM ledger.variants v WHERE sku = 'S-S'`)
	p.edit(`INSERT INTO ledger.variant_options (variant_id, position, attribute, value) SELECT id, 0, 'Size', 'L' FROM ledger.variants WHERE sku = 'S-L'`)
	p.edit(`UPDATE ledger.product_attributes SET options = '{S,M,L}'`)
	tag := p.makeTerm(erp.Term{Kind: erp.Tag, Name: "New"})
	p.edit(`INSERT INTO ledger.product_terms VALUES ($1, $2)`, id, tag)
	path := "products/" + o.Key.ID + "/variations"
	p.ask(http.MethodPut, path+"/"+jsonNumber(p.list(path)[0]["id"]), map[string]any{"regular_price": "21"})
	landed := p.run(flow.Import, "product", o.Key.ID)[o.Key.ID]
	require.Equal(t, []any{flow.Updated, true}, []any{landed.Status, landed.Partial}, "%s: %s", landed.Code, landed.Reason)
	requireHeld := func() {
		t.Helper()
		var held struct{ Active, Tags, Priced int }
		require.NoError(t, p.books.Get(&held, `SELECT (SELECT count(*) FROM ledger.variants WHERE active) AS active,
			(SELECT count(*) FROM ledger.product_terms WHERE term_id = $1) AS tags, (SELECT count(*) FROM ledger.prices WHERE amount = 21) AS priced`, tag))
		require.Equal(t, []int{3, 1, 1}, []int{held.Active, held.Tags, held.Priced})
	}
	requireHeld()

	p.run(flow.Export, "tag", tag)
	out := p.run(flow.Export, "product", id)[id]
	require.Equal(t, flow.Updated, out.Status, "%s: %s", out.Code, out.Reason)
	require.Len(t, p.list(path), 3)
	require.Len(t, p.stored("products", out)["tags"], 1)
	require.True(t, p.run(flow.Import, "product", o.Key.ID)[o.Key.ID].Landed())
	requireHeld()
}

// A new record gets all its parts, whoever owns them.
func TestNewRecordsGetAllParts(t *testing.T) {
	t.Parallel()
	p := connect(t, wootest.Sized(5, 0, 0))
	p.keepLinks()
	p.giveOwners(`{"product":{"basic":"erp","price":"erp","status":"erp","stock":"erp"},"category":{"basic":"erp"}}`)
	p.importCatalogue()
	p.requireAll(flow.Export, "product", flow.Unchanged)
	p.giveOwners(`{"product":{"basic":"store","price":"store","status":"store","stock":"store"}}`)
	id := p.makeProduct(erp.Product{Kind: erp.Simple, Name: "Lamp", SKU: "L-1"}, "50")
	made := p.stored("products", p.run(flow.Export, "product", id)[id])
	require.Equal(t, []any{"Lamp", "50", "publish"}, []any{made["name"], made["regular_price"], made["status"]})
}

// Every kind of record with an owner keeps what it owns, and asks where it has to: terms have no dates in the store.
func TestEveryKindHasOwners(t *testing.T) {
	t.Parallel()
	for _, c := range []struct{ entity, path, field, edit, look string }{
		{"category", "products/categories", "description", `UPDATE ledger.terms SET description = 'ERP' WHERE kind = 'category'`, `SELECT min(description) FROM ledger.terms WHERE kind = 'category'`},
		{"tag", "products/tags", "description", `UPDATE ledger.terms SET description = 'ERP' WHERE kind = 'tag'`, `SELECT min(description) FROM ledger.terms WHERE kind = 'tag'`},
		{"attribute", "products/attributes", "name", `UPDATE ledger.terms SET name = 'ERP' WHERE kind = 'attribute'`, `SELECT min(name) FROM ledger.terms WHERE kind = 'attribute'`},
		{"shipping_class", "products/shipping_classes", "description", `UPDATE ledger.terms SET description = 'ERP' WHERE kind = 'shipping_class'`, `SELECT min(description) FROM ledger.terms WHERE kind = 'shipping_class'`},
		{"coupon", "coupons", "description", `UPDATE ledger.coupons SET description = 'ERP'`, `SELECT min(description) FROM ledger.coupons`},
		{"customer", "customers", "last_name", `UPDATE ledger.partners SET last_name = 'ERP'`, `SELECT min(last_name) FROM ledger.partners`},
	} {
		t.Run(c.entity, func(t *testing.T) {
			t.Parallel()
			p := connect(t, wootest.Options{})
			p.keepLinks()
			fresh := map[string]any{"name": "Name", "code": "code", "email": "a@example.com", "first_name": "A"}
			fresh[c.field] = "First"
			id := jsonNumber(p.ask(http.MethodPost, c.path, fresh)["id"])
			p.giveOwners(`{"` + c.entity + `":{"basic":"ask"}}`)
			o := p.run(flow.Import, c.entity, id)[id]
			require.Equal(t, flow.Created, o.Status, "%s: %s", o.Code, o.Reason)
			p.edit(c.edit)
			p.ask(http.MethodPut, c.path+"/"+id, map[string]any{c.field: "Store"})
			in, out := p.run(flow.Import, c.entity, id)[id], p.run(flow.Export, c.entity, o.ID)[o.ID]
			require.Equal(t, []string{mapping.BothChanged, mapping.BothChanged}, []string{in.Code, out.Code})
			require.Equal(t, in.Subject, out.Subject)
			require.Equal(t, []string{"ERP", "Store"}, []string{in.Differences[0].ERP, in.Differences[0].Store})

			p.giveOwners(`{"` + c.entity + `":{"basic":"erp"}}`)
			require.Equal(t, flow.Updated, p.run(flow.Export, c.entity, o.ID)[o.ID].Status)
			p.ask(http.MethodPut, c.path+"/"+id, map[string]any{c.field: "Again"})
			in = p.run(flow.Import, c.entity, id)[id]
			require.True(t, in.Landed() && in.Partial, "%s: %s", in.Code, in.Reason)
			var held string
			require.NoError(t, p.books.Get(&held, c.look))
			require.Equal(t, "ERP", held)
			require.Equal(t, flow.Updated, p.run(flow.Export, c.entity, o.ID)[o.ID].Status)
			require.Equal(t, "ERP", p.ask(http.MethodGet, c.path+"/"+id, nil)[c.field])

			p.giveOwners(`{"` + c.entity + `":{"basic":"store"}}`)
			p.ask(http.MethodPut, c.path+"/"+id, map[string]any{c.field: "Store"})
			require.True(t, p.run(flow.Export, c.entity, o.ID)[o.ID].StoreAhead)
			require.Equal(t, flow.Updated, p.run(flow.Import, c.entity, id)[id].Status)
			require.NoError(t, p.books.Get(&held, c.look))
			require.Equal(t, "Store", held)
			before := p.writes()
			require.Equal(t, flow.Unchanged, p.run(flow.Export, c.entity, o.ID)[o.ID].Status)
			require.Equal(t, flow.Unchanged, p.run(flow.Import, c.entity, id)[id].Status)
			require.Equal(t, before, p.writes())
		})
	}
}

// By hand, what is kept back is said beforehand, in both directions, and forcing writes it.
func TestPlansSayWhatIsKeptBackAndForceWritesIt(t *testing.T) {
	t.Parallel()
	l := newLamp(t, `{"product":{"price":"store"}}`)
	l.inERP("70")
	kept := []flow.Difference{{Field: "Regular price", ERP: "70", Store: "50"}}
	planned := l.planOf("product", l.id)[l.id]
	require.Equal(t, []any{mapping.PlanUnchanged, kept}, []any{planned.Action, planned.Kept})
	pull := l.pullPlan(l.wooID)
	require.Equal(t, []any{mapping.PlanUpdate, kept, 0}, []any{pull.Action, pull.Differences, len(pull.Kept)})
	l.ec.Force = true
	require.Equal(t, kept, l.planOf("product", l.id)[l.id].Differences)
	require.Equal(t, flow.Updated, l.exported().Status)
	l.requirePrices("70", "70")
	l.ec.Force = false

	l.giveOwners(`{"product":{"price":"erp"}}`)
	l.inStore("60")
	kept = []flow.Difference{{Field: "Regular price", ERP: "70", Store: "60"}}
	pull = l.pullPlan(l.wooID)
	require.Equal(t, []any{mapping.PlanUnchanged, kept}, []any{pull.Action, pull.Kept})
	l.ec.Overwrite, l.ec.Force = true, true
	require.Equal(t, kept, l.pullPlan(l.wooID).Differences)
	require.Equal(t, flow.Updated, l.imported().Status)
	l.ec.Overwrite, l.ec.Force = false, false
	l.requirePrices("60", "60")

	l.giveOwners(`{"product":{"price":"ask"}}`)
	l.inStore("61")
	l.inERP("71")
	kept = []flow.Difference{{Field: "Regular price", ERP: "71", Store: "61"}}
	for _, planned := range []mapping.Planned{l.planOf("product", l.id)[l.id], l.pullPlan(l.wooID)} {
		require.Equal(t, []any{"parked", mapping.BothChanged, kept}, []any{planned.Action, planned.Code, planned.Kept})
	}
}

// pullPlan says what a pull of a product would write.
func (l lamp) pullPlan(id string) mapping.Planned {
	l.t.Helper()
	planner, err := entity.Planner(flow.Import, "product")
	require.NoError(l.t, err)
	plan, err := planner.Plan(context.Background(), l.ec, []string{id})
	require.NoError(l.t, err)
	require.Len(l.t, plan, 1)
	return plan[0]
}
