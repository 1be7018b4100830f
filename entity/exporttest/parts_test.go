package exporttest

import (
	"context"
	"net/http"
	"testing"

	"github.com/stretchr/testify/require"

	"tandem/entity"
	"tandem/entity/mapping"
	"tandem/erp"
	"tandem/flow"
	"tandem/woo/wootest"
)

// planOf says what an export would write, by the ERP's ids.
func (p *pair) planOf(name string, ids ...string) map[string]mapping.Planned {
	p.t.Helper()
	planner, err := entity.Planner(flow.Export, name)
	require.NoError(p.t, err)
	before := p.writes()
	list, err := planner.Plan(context.Background(), p.ec, ids)
	require.NoError(p.t, err)
	require.Equal(p.t, before, p.writes(), "a plan writes nothing")
	plan := map[string]mapping.Planned{}
	for _, planned := range list {
		plan[planned.ERPID] = planned
	}
	return plan
}

// S30: a push writes what was chosen and nothing else, and says whether that made both sides equal.
func TestAPushOfPartsWritesThoseOnly(t *testing.T) {
	t.Parallel()
	p := connect(t, wootest.Options{})
	id := p.makeProduct(erp.Product{Kind: erp.Simple, Name: "Lamp", SKU: "L-1"}, "50")
	variableID := p.makeProduct(variable(), "20")
	p.ec.Parts = []string{mapping.PricePart}
	require.Equal(t, "not_yet_in_store", p.run(flow.Export, "product", id)[id].Code, "without basic info nothing is created")
	p.ec.Parts = []string{mapping.BasicPart, mapping.PricePart}
	o := p.run(flow.Export, "product", id)[id]
	require.Equal(t, flow.Created, o.Status, o.Reason)
	require.Equal(t, "draft", p.stored("products", o)["status"], "what was not chosen to be published is not")
	require.True(t, o.Partial)
	p.ec.Parts = nil
	o = p.run(flow.Export, "product", id)[id]
	require.Equal(t, []any{"publish", false}, []any{p.stored("products", o)["status"], o.Partial})
	v := p.run(flow.Export, "product", variableID)[variableID]
	require.Equal(t, flow.Created, v.Status, v.Reason)

	p.edit(`UPDATE ledger.products SET name = name || ' 2'`)
	p.edit(`UPDATE ledger.variants SET barcode = '4006381333931' WHERE sku = 'S-S'`)
	p.edit(`UPDATE ledger.prices SET amount = amount + 1`)
	p.ec.Parts = []string{mapping.PricePart}
	for erpID, before := range map[string]flow.Outcome{id: o, variableID: v} {
		pushed := p.run(flow.Export, "product", erpID)[erpID]
		require.Equal(t, flow.Updated, pushed.Status, pushed.Reason)
		require.True(t, pushed.Partial, "the name is still otherwise")
		require.NotContains(t, p.stored("products", before)["name"], " 2")
	}
	require.Equal(t, "51", p.stored("products", o)["regular_price"])
	for _, variation := range p.list("products/" + v.Key.ID + "/variations") {
		require.Equal(t, []any{"21", ""}, []any{variation["regular_price"], variation["global_unique_id"]})
	}
	p.ec.Parts = []string{mapping.BasicPart}
	for _, erpID := range []string{id, variableID} {
		pushed := p.run(flow.Export, "product", erpID)[erpID]
		require.Equal(t, flow.Updated, pushed.Status, pushed.Reason)
		require.False(t, pushed.Partial, "now both are equal")
	}
	p.ec.Parts = nil
	p.requireAll(flow.Export, "product", flow.Unchanged)
}

// S30: a plan says field by field what would be written, of variations too, and what would be refused.
func TestAPlanSaysWhatAPushWouldWrite(t *testing.T) {
	t.Parallel()
	p := connect(t, wootest.Options{})
	id := p.makeProduct(erp.Product{Kind: erp.Simple, Name: "Lamp", SKU: "L-1"}, "50")
	planned := p.planOf("product", id, "999999")
	require.Equal(t, mapping.PlanCreate, planned[id].Action)
	require.Contains(t, planned[id].Differences, flow.Difference{Field: "Regular price", ERP: "50"})
	require.Contains(t, planned[id].Differences, flow.Difference{Field: "SKU", ERP: "L-1"})
	require.Equal(t, []any{"failed", "not_in_erp"}, []any{planned["999999"].Action, planned["999999"].Code})

	variableID := p.makeProduct(variable(), "20")
	tag := p.makeTerm(erp.Term{Kind: erp.Tag, Name: "New"})
	o := p.run(flow.Export, "product", id, variableID)
	require.Equal(t, mapping.PlanUnchanged, p.planOf("product", id)[id].Action)
	require.Equal(t, mapping.PlanUnchanged, p.planOf("product", variableID)[variableID].Action)

	p.edit(`UPDATE ledger.prices SET amount = amount + 1`)
	p.edit(`UPDATE ledger.products SET name = 'Better lamp' WHERE id = $1`, id)
	planned = p.planOf("product", id, variableID)
	require.Equal(t, []flow.Difference{{Field: "Name", ERP: "Better lamp", Store: "Lamp"}, {Field: "Regular price", ERP: "51", Store: "50"}}, planned[id].Differences)
	require.Equal(t, o[id].Key.ID, planned[id].WooID)
	require.Contains(t, planned[variableID].Differences, flow.Difference{Field: "variation S-S S: Regular price", ERP: "21", Store: "20"})
	p.ec.Parts = []string{mapping.PricePart}
	require.Equal(t, []flow.Difference{{Field: "Regular price", ERP: "51", Store: "50"}}, p.planOf("product", id)[id].Differences, "only what is chosen")
	p.ec.Parts = nil

	p.edit(`INSERT INTO ledger.product_terms (product_id, term_id) VALUES ($1, $2)`, id, tag)
	refused := p.planOf("product", id)[id]
	require.Equal(t, []any{"parked", "unlinked_reference"}, []any{refused.Action, refused.Code})
	p.edit(`DELETE FROM ledger.product_terms`)
	p.ask(http.MethodDelete, "products/"+o[id].Key.ID+"?force=true", nil)
	require.Equal(t, "gone_in_store", p.planOf("product", id)[id].Code)
}
