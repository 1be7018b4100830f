package e2e

import (
	"fmt"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"testing"

	"github.com/stretchr/testify/require"

	"tandem/api/gen"
	"tandem/erp"
	"tandem/flow"
	"tandem/woo/wootest"
)

// office is where people make orders and see them through, in one ERP or another.
type office interface {
	// quote makes a quotation of three of a product that the store has at 20.00 and of shipping for 4.90, with 20 % on top, and gives its id.
	quote() string
	confirm(order string)
	ship(order, trackingNumber string)
	invoice(order string)
	// giveBack makes a credit note of all that was invoiced, and gives its id.
	giveBack(order string) string
	// look gives what people see of an order: its number, its stage and its total.
	look(order string) []string
}

// madeOrders is an installation in which orders are made in the ERP.
type madeOrders struct {
	*tandem
	office
	store             *shop
	parcels, statuses gen.Schedule // push what was shipped, and how far orders have come
	runs              int          // of the two so far
}

// followMadeOrders lets everything go into the store that concerns orders, from now on.
func followMadeOrders(x *tandem, store *shop, at office) *madeOrders {
	x.t.Helper()
	require.NoError(x.t, x.api.Patch(x.t.Context(), "/instances/"+instanceID, map[string]any{"config": map[string]any{
		"export": map[string]any{"orders": true, "refunds": true, "tracking": true, "order_status": "processing"}}}, nil))
	x.allowStatusUpdates()
	m := &madeOrders{tandem: x, office: at, store: store}
	m.parcels = post[gen.Schedule](x, "/schedules", gen.NewSchedule{Instance: instanceID, Kind: "tracking_push", EverySeconds: 3600})
	m.statuses = post[gen.Schedule](x, "/schedules", gen.NewSchedule{Instance: instanceID, Kind: "order_status_push", EverySeconds: 3600})
	require.Zero(x.t, progressOf(m.push(m.parcels), "shipment").Read)
	m.push(m.statuses)
	return m
}

func (m *madeOrders) push(schedule gen.Schedule) gen.Operation {
	m.t.Helper()
	m.runs++
	op := m.runSchedule(schedule, m.runs)
	require.Equal(m.t, "done", string(op.State), op.Error)
	return op
}

// export brings an order into the store, and gives the store's id.
func (m *madeOrders) exported(order string) string {
	m.t.Helper()
	m.exportRecord("order", order, 1, 0)
	id := get[gen.LinkPage](m.tandem, "/links?entity=order&erp_id="+order).Items[0].WooID
	m.requireNoEcho(order, id)
	require.Equal(m.t, m.look(order)[2], m.store.amountsOf(id)[0])
	m.requireShown(order, id)
	return id
}

// requireShown looks for an order that was exported, by its id in the store and by its number in the ERP.
func (m *madeOrders) requireShown(order, id string) {
	m.t.Helper()
	shown := get[gen.Order](m.tandem, "/orders/"+instanceID+"/"+id)
	require.Equal(m.t, []any{gen.OrderStateInERP, order, order, m.look(order)[1], 0}, []any{shown.State, shown.ERPID, shown.Link.ERPID, string(shown.Figures.Stage), len(shown.Steps)})
	require.True(m.t, slices.ContainsFunc(shown.History, func(j gen.Job) bool { return j.Direction == flow.Export && j.Outcome == "created" }), "%+v", shown.History)
	found := get[gen.RecordSearch](m.tandem, "/records/search?local_only=true&q="+url.QueryEscape(m.look(order)[0])).Items
	require.True(m.t, slices.ContainsFunc(found, func(r gen.FoundRecord) bool { return r.Entity == "order" && r.WooID == id }), "%+v", found)
}

// requireNoEcho has neither side write what the other has.
func (m *madeOrders) requireNoEcho(order, id string) {
	m.t.Helper()
	before := m.look(order)
	m.exportRecord("order", order, 0, 0)
	back := m.importAll(flow.Filter{Kind: flow.IDs, IDs: []string{id}}, "order")
	require.Equal(m.t, 1, back.Progress[0].Unchanged, "%+v", back.Progress[0])
	require.Equal(m.t, before, m.look(order))
	require.Zero(m.t, m.number(`SELECT count(*) FROM tandem.order_runs WHERE woo_id = $1`, id), "its steps are taken in the ERP")
}

// read imports one order of the store as it is now.
func (m *madeOrders) read(id string) gen.Progress {
	m.t.Helper()
	return m.importAll(flow.Filter{Kind: flow.IDs, IDs: []string{id}}, "order").Progress[0]
}

// edit has the store sell so many pieces at 20.00.
func (m *madeOrders) edit(id string, pieces int) {
	m.t.Helper()
	var o struct {
		Lines []struct{ ID int } `json:"line_items"`
	}
	m.store.ask(http.MethodGet, "orders/"+id, nil, &o)
	total := fmt.Sprintf("%d.00", 20*pieces)
	m.store.write(http.MethodPut, "orders/"+id, map[string]any{"line_items": []map[string]any{
		{"id": o.Lines[0].ID, "quantity": pieces, "subtotal": total, "total": total}}}, nil)
}

// requireTold waits until the store has one shipment of an order, with all of its pieces, and the status that follows from it.
func (m *madeOrders) requireTold(id, number, status string) {
	m.t.Helper()
	eventually(m.t, "the shipment "+number+" to be told", func() bool {
		m.push(m.parcels)
		return len(m.store.fulfillments(id)) > 0
	})
	require.Equal(m.t, []string{number}, trackingNumbers(m.store.fulfillments(id)), "it is told once")
	require.Equal(m.t, "[map[item_id:"+m.line(id)+" qty:3]]", m.store.fulfilled(id))
	m.push(m.statuses)
	require.Equal(m.t, status, m.store.orderStatus(id))
	require.Zero(m.t, progressOf(m.push(m.statuses), "order_status").Read, "nothing is told twice")
}

func (m *madeOrders) line(id string) string {
	var o struct {
		Lines []struct{ ID int } `json:"line_items"`
	}
	m.store.ask(http.MethodGet, "orders/"+id, nil, &o)
	return strconv.Itoa(o.Lines[0].ID)
}

// fulfilled gives the goods of an order's one fulfillment.
func (s *shop) fulfilled(order string) string {
	s.t.Helper()
	for _, f := range s.fulfillments(order) {
		for _, m := range f.Meta {
			if m.Key == "_items" {
				return fmt.Sprint(m.Value)
			}
		}
	}
	return ""
}

// life takes orders that were made in the ERP through all that follows on their export.
func (m *madeOrders) life(t *testing.T) {
	m.shippedBefore(t)
	m.refundedInStore(t)
	m.refundedMore(t)
	m.editedInStore(t)
	m.cancelledInStore(t)
}

// shippedBefore ships and invoices an order that the store has only later, and gives it back in the ERP.
func (m *madeOrders) shippedBefore(t *testing.T) {
	order := m.quote()
	m.confirm(order)
	m.ship(order, "JD1")
	m.push(m.parcels)
	id := m.exported(order)
	m.requireTold(id, "JD1", "completed")

	m.invoice(order)
	note := m.giveBack(order)
	m.exportRecord("refund", note, 1, 0)
	m.exportRecord("refund", note, 0, 0)
	type kept struct {
		ID     int
		Amount string
		Paid   bool `json:"refunded_payment"`
	}
	refunds := list[kept](m.store, "orders/"+id+"/refunds", nil)
	require.Len(t, refunds, 1)
	require.Equal(t, []any{m.look(order)[2], false}, []any{refunds[0].Amount, refunds[0].Paid})
	back := m.importAll(flow.Filter{Kind: flow.IDs, IDs: []string{fmt.Sprintf("%s/%d", id, refunds[0].ID)}}, "refund")
	require.Equal(t, 1, back.Progress[0].Unchanged, "%+v", back.Progress[0])
	require.Equal(t, "refunded", m.store.orderStatus(id))
	m.push(m.statuses)
	require.Equal(t, "refunded", m.store.orderStatus(id), "the store has the last word")
	m.read(id)
	require.Len(t, m.refunds(id), 1, "it is booked once")
	require.Empty(t, m.parked())
}

// refunds gives the credit notes of an order in the ERP that the store has as refunds: id, total and tax.
func (m *madeOrders) refunds(id string) [][]string {
	m.t.Helper()
	figures, err := m.backend.OrderFigures(m.t.Context(), []erp.Key{{Instance: instanceID, Entity: "order", ID: id}})
	require.NoError(m.t, err)
	var refunds [][]string
	for _, r := range figures[0].Refunds {
		refunds = append(refunds, []string{r.Key.ID, r.Total.String(), r.Tax.String()})
	}
	return refunds
}

// refundedInStore ships an order after its export, and has the store give back one piece.
func (m *madeOrders) refundedInStore(t *testing.T) {
	order := m.quote()
	id := m.exported(order)
	m.confirm(order)
	m.push(m.statuses)
	require.Equal(t, "processing", m.store.orderStatus(id))
	m.ship(order, "JD2")
	m.requireTold(id, "JD2", "completed")
	m.invoice(order)
	before := m.look(order)
	line, err := strconv.Atoi(m.line(id))
	require.NoError(t, err)
	refund := m.store.refundIn(id, map[string]any{"amount": "24.00", "line_items": []map[string]any{
		{"id": line, "quantity": 1, "refund_total": 20, "refund_tax": []map[string]any{{"id": m.rate(id), "refund_total": 4}}}}})
	m.read(id)
	eventually(t, "the refund to be booked", func() bool { return len(m.refunds(id)) == 1 })
	require.Equal(t, [][]string{{refund, "24", "4"}}, m.refunds(id))
	require.Equal(t, before, m.look(order))
	require.Zero(t, m.export(everything, "refund").Progress[0].Read, "what the store gave back is not sent to it")
	m.importAll(everything, "refund")
	require.Len(t, m.refunds(id), 1, "it is booked once")
	require.Empty(t, m.parked())
}

// refundedMore has the store sell more of an order than the ERP, which keeps its own, and give back more than the ERP invoiced, piece by piece:
// a person decides about that.
func (m *madeOrders) refundedMore(t *testing.T) {
	order := m.quote()
	id := m.exported(order)
	m.confirm(order)
	m.invoice(order)
	m.edit(id, 4)
	m.read(id)
	m.decide(t, "order", "order_locked", "keep")
	require.Equal(t, []string{"77.88", "101.88"}, []string{m.look(order)[2], m.store.amountsOf(id)[0]})
	fits := m.store.refundIn(id, map[string]any{"amount": "50.00"})
	m.read(id)
	eventually(t, "the refund to be booked", func() bool { return len(m.refunds(id)) == 1 })

	larger := m.store.refundIn(id, map[string]any{"amount": "30.00"})
	m.read(id)
	eventually(t, "the refund to be held", func() bool { return len(m.parkedFor("refund", "refund_mismatch")) == 1 })
	held := m.parkedFor("refund", "refund_mismatch")[0]
	require.Equal(t, []string{larger, "27.88", "30"}, []string{held.WooID, held.Differences[0].ERP, held.Differences[0].Store})
	require.Len(t, m.refunds(id), 1, "no more is credited than was invoiced")
	m.decide(t, "refund", "refund_mismatch", "accept")
	booked := m.refunds(id)
	require.Equal(t, []string{fits, "50", larger, "30"}, []string{booked[0][0], booked[0][1], booked[1][0], booked[1][1]})

	m.store.refundIn(id, map[string]any{"amount": "10.00"})
	m.read(id)
	eventually(t, "the refund to be held", func() bool { return len(m.parkedFor("refund", "refund_mismatch")) == 1 })
	m.decide(t, "refund", "refund_mismatch", "keep")
	m.importAll(everything, "refund")
	require.Equal(t, booked, m.refunds(id), "what was left out stays so")
	require.Empty(t, get[gen.JobPage](m.tandem, "/jobs?state=parked&entity=refund").Items)
}

// rate gives the store's id of the one tax rate of an order.
func (m *madeOrders) rate(id string) int {
	var o shopOrder
	m.store.ask(http.MethodGet, "orders/"+id, nil, &o)
	require.Len(m.t, o.Taxes, 1)
	return o.Taxes[0].Rate
}

// editedInStore changes in the store what was sold: of a quotation it is applied, of an order a person decides, and what is invoiced stays.
func (m *madeOrders) editedInStore(t *testing.T) {
	order := m.quote()
	id := m.exported(order)
	number := m.look(order)[0]
	m.edit(id, 4)
	require.Equal(t, 1, m.read(id).Updated)
	require.Equal(t, []string{number, "quotation", "101.88"}, m.look(order))
	m.requireNoEcho(order, id)

	m.confirm(order)
	m.store.setStatus(id, "on-hold")
	require.Equal(t, 1, m.read(id).Updated)
	require.Equal(t, []string{number, "confirmed", "101.88"}, m.look(order), "the status of the store is no edit")
	m.edit(id, 2)
	require.Equal(t, 1, m.read(id).Parked)
	require.Contains(t, fieldsOf(m.parkedFor("order", "order_edited")[0]), "total")
	m.decide(t, "order", "order_edited", "accept")
	require.Equal(t, []string{number, "confirmed", "53.88"}, m.look(order))
	m.requireNoEcho(order, id)

	m.edit(id, 1)
	m.read(id)
	m.decide(t, "order", "order_edited", "keep")
	require.Equal(t, []string{number, "confirmed", "53.88"}, m.look(order))
	m.invoice(order)
	m.edit(id, 3)
	m.read(id)
	m.decide(t, "order", "order_locked", "keep")
	require.Equal(t, []string{number, "confirmed", "53.88"}, m.look(order), "what is invoiced stays")
	require.Empty(t, m.parked())

	m.store.setStatus(id, "cancelled")
	m.read(id)
	m.decide(t, "order", "cancel_needs_person", "credit_note")
	eventually(t, "the credit note to be held", func() bool { return len(m.parkedFor("refund", "refund_mismatch")) == 1 })
	require.Empty(t, m.refunds(id), "no more is credited than was invoiced")
	m.edit(id, 2)
	m.read(id)
	eventually(t, "the credit note", func() bool { return len(m.refunds(id)) == 1 })
	require.Equal(t, "53.88", m.refunds(id)[0][1])
	require.Zero(t, m.export(everything, "refund").Progress[0].Read, "the store has cancelled the order itself")
}

// cancelledInStore cancels an order in the store that is confirmed in the ERP, and takes that back.
func (m *madeOrders) cancelledInStore(t *testing.T) {
	order := m.quote()
	id := m.exported(order)
	number := m.look(order)[0]
	m.confirm(order)
	m.store.setStatus(id, "cancelled")
	require.Equal(t, 1, m.read(id).Updated)
	require.Equal(t, []string{number, "cancelled", "77.88"}, m.look(order))
	m.push(m.statuses)
	require.Equal(t, "cancelled", m.store.orderStatus(id))
	m.store.setStatus(id, "processing")
	require.Equal(t, 1, m.read(id).Updated)
	require.Equal(t, []string{number, "quotation", "77.88"}, m.look(order))
	require.Empty(t, m.parked())
}

// TestOrdersMadeInTheLedger takes orders that were made on the command line through all that follows on their export.
func TestOrdersMadeInTheLedger(t *testing.T) {
	t.Parallel()
	options := wootest.Sized(8, 3, 0)
	options.Fulfillments = true
	store := openShop(t, options)
	x := serve(t)
	x.connect(store.URL)
	x.importAll(everything)
	x.allowExports()
	x.env = append(x.env, "TANDEM_URL="+x.url, "TANDEM_TOKEN="+x.token)
	followMadeOrders(x, store, newLedgerOffice(x, store)).life(t)
	requireBalanced(t, x)
}

// ledgerOffice works on the command line.
type ledgerOffice struct {
	*tandem
	product, buyer, address, vat string
}

func newLedgerOffice(x *tandem, store *shop) ledgerOffice {
	mug := made[gen.LedgerProduct](x, "ledger", "products", "create", "--name", "Mug by hand", "--price", "20", "--currency", "EUR", "--status", "publish", "--track-stock")
	x.command("ledger", "stock", "count", mug.ID, "50")
	x.exportStocked(store, mug.ID)
	buyer := made[gen.LedgerPartner](x, "ledger", "partners", "create", "--file", x.file(`{"first_name": "Ada", "last_name": "Lovelace",
		"email": "ada@hand.example", "addresses": [{"kind": "invoice", "street": "1 Road", "city": "Paris", "zip": "75001", "country": "FR"}]}`))
	x.exportRecord("customer", buyer.ID, 1, 0)
	vat := x.text(`SELECT id::text FROM ledger.taxes WHERE country = 'FR' AND rate = 20 AND class = 'standard' LIMIT 1`)
	return ledgerOffice{x, mug.ID, buyer.ID, buyer.Addresses[0].ID, vat}
}

// exportStocked exports a product, of which the store has fifty too: it counts them when goods come back.
func (x *tandem) exportStocked(store *shop, product string) {
	x.t.Helper()
	x.exportRecord("product", product, 1, 0)
	id, err := strconv.Atoi(get[gen.LinkPage](x, "/links?entity=product&erp_id="+product).Items[0].WooID)
	require.NoError(x.t, err)
	store.setStock(id, 50)
}

func (o ledgerOffice) quote() string {
	order := made[gen.LedgerOrder](o.tandem, "ledger", "orders", "create", "--partner", o.buyer, "--invoice-address", o.address,
		"--delivery-address", o.address, "--currency", "EUR", "--file", o.file(fmt.Sprintf(`{"lines": [
			{"product": %q, "quantity": "3", "unit_price": "20", "taxes": [%q]},
			{"kind": "shipping", "description": "Parcel", "unit_price": "4.90", "taxes": [%q]}]}`, o.product, o.vat, o.vat)))
	return order.ID
}

func (o ledgerOffice) confirm(order string) { o.command("ledger", "orders", "validate", order) }

func (o ledgerOffice) ship(order, number string) {
	o.command("ledger", "deliveries", "ship", order, "--carrier", "DHL", "--tracking-number", number)
}

func (o ledgerOffice) invoice(order string) { o.command("ledger", "orders", "invoice", order) }

func (o ledgerOffice) giveBack(order string) string {
	return made[gen.LedgerCreditNote](o.tandem, "ledger", "credit-notes", "create", order, "--all", "--reason", "Broken").ID
}

func (o ledgerOffice) look(order string) []string {
	found := made[gen.LedgerOrder](o.tandem, "ledger", "orders", "show", order)
	return []string{found.Number, string(found.Stage), found.Total}
}
