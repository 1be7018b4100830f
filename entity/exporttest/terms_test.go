package exporttest

import (
	"net/http"
	"testing"

	"github.com/stretchr/testify/require"

	"tandem/erp"
	"tandem/flow"
	"tandem/woo/wootest"
)

// paths are the lists of the store by entity.
var paths = map[string]string{
	"category": "products/categories", "tag": "products/tags", "brand": "products/brands", "attribute": "products/attributes",
	"shipping_class": "products/shipping_classes",
}

var termKinds = map[string]erp.TermKind{
	"category": erp.Category, "tag": erp.Tag, "brand": erp.Brand, "attribute": erp.Attribute, "shipping_class": erp.ShippingClass,
}

// What was imported and not touched since is not written.
func TestTermsThatWereImportedAreNotWritten(t *testing.T) {
	t.Parallel()
	p := connect(t, wootest.Sized(40, 5, 0))
	for name := range paths {
		p.requireAll(flow.Import, name, flow.Created)
	}
	before := p.writes()
	for name := range paths {
		p.requireAll(flow.Export, name, flow.Unchanged)
	}
	require.Equal(t, before, p.writes())
}

func TestTermsMadeInTheERPReachTheStoreOnce(t *testing.T) {
	t.Parallel()
	p := connect(t, wootest.Options{})
	for name, kind := range termKinds {
		id := p.makeTerm(erp.Term{Kind: kind, Name: "Tea & cups", Description: "All for tea", Values: valuesOf(kind, "Red", "Green")})
		o := p.run(flow.Export, name, id)[id]
		require.Equal(t, flow.Created, o.Status, "%s: %s %s", name, o.Code, o.Reason)
		require.Contains(t, o.Also, erp.PendingKey("demo", name, id), "who waits for it goes on")
		require.Contains(t, []any{"Tea &amp; cups", "Tea & cups"}, p.stored(paths[name], o)["name"])

		require.Equal(t, flow.Unchanged, p.run(flow.Export, name, id)[id].Status, "no echo: %s", name)
		require.Equal(t, flow.Unchanged, p.run(flow.Import, name, o.Key.ID)[o.Key.ID].Status, "no echo: %s", name)
	}
}

func valuesOf(kind erp.TermKind, names ...string) []erp.Term {
	if kind != erp.Attribute {
		return nil
	}
	var values []erp.Term
	for i, name := range names {
		values = append(values, erp.Term{Name: name, Position: i})
	}
	return values
}

// An edit in the ledger makes both sides equal, sends what changed and no slug (N33), and does not come back.
func TestAnEditedTermIsUpdated(t *testing.T) {
	t.Parallel()
	p := connect(t, wootest.Sized(10, 2, 0))
	for name := range paths {
		p.run(flow.Import, name)
		var id string
		require.NoError(t, p.books.Get(&id, `SELECT max(id) FROM ledger.terms WHERE kind = $1`, termKinds[name]))
		slug := func(o flow.Outcome) any { return p.stored(paths[name], o)["slug"] }
		before := slug(p.run(flow.Export, name, id)[id])
		p.edit(`UPDATE ledger.terms SET name = 'Other name' WHERE id = $1`, id)

		o := p.run(flow.Export, name, id)[id]
		require.Equal(t, flow.Updated, o.Status, "%s: %s %s", name, o.Code, o.Reason)
		require.Contains(t, o.Steps, name+" "+o.Key.ID+` updated "name"`)
		require.Equal(t, "Other name", p.stored(paths[name], o)["name"])
		require.Equal(t, before, slug(o))
		require.Equal(t, flow.Unchanged, p.run(flow.Export, name, id)[id].Status, name)
		require.Equal(t, flow.Unchanged, p.run(flow.Import, name, o.Key.ID)[o.Key.ID].Status, name)
	}
}

func TestCategoriesGoParentsFirst(t *testing.T) {
	t.Parallel()
	p := connect(t, wootest.Options{})
	child := p.makeTerm(erp.Term{Kind: erp.Category, Name: "Leaf"})
	parent := p.makeTerm(erp.Term{Kind: erp.Category, Name: "Branch"})
	p.edit(`UPDATE ledger.terms SET parent_id = $1 WHERE id = $2`, parent, child)

	alone := p.run(flow.Export, "category", child)[child]
	require.Equal(t, "unlinked_reference", alone.Code)
	require.Equal(t, []erp.Key{erp.PendingKey("demo", "category", parent)}, alone.Waits)

	outcomes := p.run(flow.Export, "category")
	require.Equal(t, flow.Created, outcomes[child].Status, outcomes[child].Reason)
	leaf := p.stored(paths["category"], outcomes[child])
	require.Equal(t, outcomes[parent].Key.ID, jsonNumber(leaf["parent"]))
}

// A term that the store has already is taken over: it takes no second of the name.
func TestATermThatTheStoreHasIsTakenOver(t *testing.T) {
	t.Parallel()
	p := connect(t, wootest.Options{})
	for name, kind := range termKinds {
		there := p.ask(http.MethodPost, paths[name], map[string]any{"name": "Tea"})
		id := p.makeTerm(erp.Term{Kind: kind, Name: "tea", Values: valuesOf(kind, "Red")})
		o := p.run(flow.Export, name, id)[id]
		require.True(t, o.Landed(), "%s: %s %s", name, o.Code, o.Reason)
		require.Equal(t, jsonNumber(there["id"]), o.Key.ID, name)

		twin := p.makeTerm(erp.Term{Kind: kind, Name: "TEA"})
		second := p.run(flow.Export, name, twin)[twin]
		require.Equal(t, "linked_elsewhere", second.Code, "%s: %s", name, second.Reason)
	}
}

// N24: GREEN/shirts and GREEN/trousers cannot be told apart.
func TestTwoValuesOfOneNameAreParked(t *testing.T) {
	t.Parallel()
	p := connect(t, wootest.Options{})
	id := p.makeTerm(erp.Term{Kind: erp.Attribute, Name: "Colour", Values: valuesOf(erp.Attribute, "Green", "GREEN")})
	require.Equal(t, "ambiguous_term", p.run(flow.Export, "attribute", id)[id].Code)
	require.Zero(t, p.writes())
}

func TestATermThatTheStoreDeletedIsParked(t *testing.T) {
	t.Parallel()
	p := connect(t, wootest.Options{})
	id := p.makeTerm(erp.Term{Kind: erp.Tag, Name: "Tea"})
	o := p.run(flow.Export, "tag", id)[id]
	p.ask(http.MethodDelete, paths["tag"]+"/"+o.Key.ID+"?force=true", nil)
	require.Equal(t, "gone_in_store", p.run(flow.Export, "tag", id)[id].Code)
}

// A page of a hundred costs a read and a write, whether it creates or updates.
func TestAPageOfTermsCostsAReadAndAWrite(t *testing.T) {
	t.Parallel()
	p := connect(t, wootest.Options{})
	p.edit(`INSERT INTO ledger.terms (kind, name, code, description, position, active, extra)
		SELECT 'tag', 'Tag ' || n, '', '', 0, true, '{}' FROM generate_series(1, 100) n`)
	begin := p.allRequests()
	p.requireAll(flow.Export, "tag", flow.Created)
	require.LessOrEqual(t, p.allRequests()-begin, 2)
	p.edit(`UPDATE ledger.terms SET description = 'new'`)
	begin = p.allRequests()
	p.requireAll(flow.Export, "tag", flow.Updated)
	require.LessOrEqual(t, p.allRequests()-begin, 2)
	begin = p.allRequests()
	p.requireAll(flow.Export, "tag", flow.Unchanged)
	require.LessOrEqual(t, p.allRequests()-begin, 1)
}

// Every reply to a write may be lost, and only some of a batch may have been done (C17): nothing is made twice.
func TestLostRepliesMakeNoTermTwice(t *testing.T) {
	t.Parallel()
	for _, name := range []string{"category", "tag", "brand", "shipping_class"} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			p := connect(t, wootest.Options{})
			p.edit(`INSERT INTO ledger.terms (kind, name, code, description, position, active, extra)
				SELECT $1, 'Name ' || n, '', '', 0, true, '{}' FROM generate_series(1, 30) n`, name)
			p.shop.SetFaults(wootest.Faults{RateCut: 0.3, RateTimeout: 0.2, TimeoutAfter: 1, Seed: 3})
			p.untilThrough(flow.Export, name)
			p.shop.SetFaults(wootest.Faults{})
			p.requireAll(flow.Export, name, flow.Unchanged)
			names := map[string]int{}
			for _, record := range p.list(paths[name]) {
				names[record["name"].(string)]++
			}
			delete(names, "Uncategorized")
			require.Len(t, names, 30)
			for text, n := range names {
				require.Equal(t, 1, n, text)
			}
		})
	}
}

// A key that may only read is told so at the first write.
func TestAReadKeyIsSaid(t *testing.T) {
	t.Parallel()
	p := connect(t, wootest.Options{Keys: []wootest.Key{{Key: wootest.DefaultKey, Secret: wootest.DefaultSecret, Permission: wootest.Read}}})
	p.makeTerm(erp.Term{Kind: erp.Tag, Name: "Tea"})
	_, err := p.try(flow.Export, "tag")
	require.ErrorContains(t, err, "Read/Write")
}
