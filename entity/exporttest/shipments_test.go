package exporttest

import (
	"context"
	"encoding/json"
	"net/http"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/shopspring/decimal"
	"github.com/stretchr/testify/require"

	"tandem/erp"
	"tandem/fault"
	"tandem/flow"
	"tandem/schema/schematest"
	"tandem/woo/wootest"
)

// shipping is a ledger with a confirmed order of three mugs and a shirt, which the store has.
type shipping struct {
	*buying
	links links
	quote string // the ledger's id of the order
	order string // the store's
	ships int
}

func connectShipping(t *testing.T, o wootest.Options, target string) *shipping {
	t.Helper()
	s := &shipping{buying: connectBuyers(t, o), links: links{}}
	s.ec.Noted = s.links
	s.ec.Instance.Config.Export.OrderStatus = "processing"
	s.ec.Instance.Store.Tracking = target
	s.edit(`UPDATE ledger.stock_quants SET on_hand = 100 WHERE on_hand < 100`)
	s.quote = s.buying.quote().ID
	made := s.run(flow.Export, "order", s.quote)[s.quote]
	require.Equal(t, flow.Created, made.Status, "%s: %s", made.Code, made.Reason)
	s.order = made.Key.ID
	confirmed := s.ec.Backend.ConfirmOrders(t.Context(), []erp.Ask[erp.ConfirmRequest]{{Order: erp.OwnKey("order", s.quote)}})
	require.NoError(t, confirmed[0].Err)
	return s
}

// links are what Tandem's database would know of what was pushed: digests by the store's ids.
type links map[string]string

func (l links) LinkDigests(_ context.Context, _, entity string, ids []string) (map[string]string, error) {
	found := map[string]string{}
	for _, id := range ids {
		if digest, known := l[id]; known && entity == "shipment" {
			found[id] = digest
		}
	}
	return found, nil
}

func (links) Commons(context.Context, string, string, []string) (map[string]flow.Common, error) {
	return nil, nil
}

func (links) ERPDigests(context.Context, string, string, []string) (map[string]string, error) {
	return nil, nil
}

func (links) Watermark(context.Context, string, string) (time.Time, error) { return time.Time{}, nil }

// ship ships so many mugs, or with 0 all that is left, and gives the delivery's id.
func (s *shipping) ship(mugs int64, number string) string {
	s.t.Helper()
	var lines []erp.ShipmentLine
	if mugs > 0 {
		lines = []erp.ShipmentLine{{Line: s.lineOf(s.quote, "product"), Quantity: decimal.NewFromInt(mugs)}}
	}
	s.ships++
	made, err := s.desk().ShipLines(s.t.Context(), "shipment-"+strconv.Itoa(s.ships), s.quote, lines, parcelOf(number))
	require.NoError(s.t, err)
	return made.ID
}

func parcelOf(number string) erp.Tracking {
	if number == "" {
		return erp.Tracking{}
	}
	return erp.Tracking{Carrier: "Own van", Number: number, URL: "https://van.example/" + number}
}

// push tells the store of deliveries, keeps their links, and gives the outcomes.
func (s *shipping) push(ids ...string) map[string]flow.Outcome {
	s.t.Helper()
	filter := flow.Filter{Kind: flow.All}
	if len(ids) > 0 {
		filter = flow.Filter{Kind: flow.IDs, IDs: ids}
	}
	recorded := s.record(flow.Export, "shipment", filter, nil)
	outcomes := map[string]flow.Outcome{}
	for _, r := range recorded.Results {
		if outcomes[r.Record.ID] = r.Outcome; r.Outcome.Landed() {
			s.links[r.Outcome.Key.ID] = r.Outcome.After
		}
	}
	return outcomes
}

func (s *shipping) fulfillments() []map[string]any {
	return s.list("orders/" + s.order + "/fulfillments")
}

// metaOf gives the fields of a fulfillment by their keys.
func metaOf(record map[string]any) map[string]any {
	fields := map[string]any{}
	for _, field := range record["meta_data"].([]any) {
		fields[field.(map[string]any)["key"].(string)] = field.(map[string]any)["value"]
	}
	return fields
}

// B12, U02: each part of an order is a fulfillment of its own, made once.
func TestEachDeliveryBecomesAFulfillmentOnce(t *testing.T) {
	t.Parallel()
	s := connectShipping(t, wootest.Options{Fulfillments: true}, "fulfillments,note")
	first := s.ship(1, "A1")
	rest := s.ship(0, "B2")
	for id, o := range s.push() {
		require.Equal(t, flow.Created, o.Status, "%s: %s: %s", id, o.Code, o.Reason)
	}
	kept := s.fulfillments()
	require.Len(t, kept, 2)
	meta := metaOf(kept[0])
	require.Equal(t, []any{"A1", "https://van.example/A1", "other", "Own van", "demo/" + first},
		[]any{meta["_tracking_number"], meta["_tracking_url"], meta["_shipment_provider"], meta["_provider_name"], meta["_tandem_erp_id"]})
	require.Len(t, meta["_items"], 1)
	require.Len(t, metaOf(kept[1])["_items"], 2)
	order := s.ask(http.MethodGet, "orders/"+s.order, nil)
	require.Equal(t, []any{"processing", "fulfilled"}, []any{order["status"], metaOf(order)["_fulfillment_status"]}, "the status is not touched")

	before := s.writes()
	for id, o := range s.push(first, rest) {
		require.Equal(t, flow.Unchanged, o.Status, "%s: %s: %s", id, o.Code, o.Reason)
	}
	require.Equal(t, before, s.writes())
	back := s.run(flow.Import, "order", s.order)[s.order]
	require.Equal(t, flow.Unchanged, back.Status, "no echo: %s: %s", back.Code, back.Reason)
}

// An update drops the meta fields that it does not name: those of others go along.
func TestAnotherTrackingNumberUpdatesTheFulfillment(t *testing.T) {
	t.Parallel()
	s := connectShipping(t, wootest.Options{Fulfillments: true}, "fulfillments,note")
	id := s.ship(2, "")
	require.Equal(t, flow.Created, s.push(id)[id].Status, "goods are told without a number too")
	kept := s.fulfillments()[0]
	require.NotContains(t, metaOf(kept), "_tracking_number")
	fields := append(kept["meta_data"].([]any), map[string]any{"key": "_label", "value": "printed"})
	s.ask(http.MethodPut, "orders/"+s.order+"/fulfillments/"+jsonNumber(kept["id"]), map[string]any{"meta_data": fields})

	_, err := s.desk().TrackDelivery(t.Context(), id, parcelOf("A1"))
	require.NoError(t, err)
	o := s.push(id)[id]
	require.Equal(t, flow.Updated, o.Status, "%s: %s", o.Code, o.Reason)
	now := s.fulfillments()
	require.Len(t, now, 1)
	meta := metaOf(now[0])
	require.Equal(t, []any{"A1", "printed"}, []any{meta["_tracking_number"], meta["_label"]})
	require.Equal(t, flow.Unchanged, s.push(id)[id].Status)
}

// The store takes any quantity.
func TestMoreThanWasOrderedIsHeld(t *testing.T) {
	t.Parallel()
	s := connectShipping(t, wootest.Options{Fulfillments: true}, "fulfillments,note")
	line, err := strconv.Atoi(s.lineOf(s.quote, "product"))
	require.NoError(t, err)
	s.ask(http.MethodPost, "orders/"+s.order+"/fulfillments", map[string]any{"status": "fulfilled", "meta_data": []any{
		map[string]any{"id": 0, "key": "_items", "value": []any{map[string]any{"item_id": line, "qty": 2}}},
	}})
	id := s.ship(2, "A1")
	o := s.push(id)[id]
	require.Equal(t, []any{flow.Parked, "more_than_ordered"}, []any{o.Status, o.Code}, o.Reason)
	require.Len(t, s.fulfillments(), 1)
	one := s.ship(1, "A2")
	require.Equal(t, flow.Created, s.push(one)[one].Status)
}

func TestWhatAPersonDeletedIsNotToldAgain(t *testing.T) {
	t.Parallel()
	s := connectShipping(t, wootest.Options{Fulfillments: true}, "fulfillments,note")
	id := s.ship(1, "A1")
	_, fulfillment, _ := strings.Cut(s.push(id)[id].After, "/")
	s.ask(http.MethodDelete, "orders/"+s.order+"/fulfillments/"+fulfillment, nil)
	o := s.push(id)[id]
	require.Equal(t, []any{flow.Parked, "deleted_in_store"}, []any{o.Status, o.Code}, o.Reason)
	require.Empty(t, s.fulfillments())
}

func TestShipmentsThatCannotBeTold(t *testing.T) {
	t.Parallel()
	s := connectShipping(t, wootest.Options{Fulfillments: true}, "fulfillments,note")
	id := s.ship(1, "A1")
	unlinked := s.buying.quote().ID
	require.NoError(t, s.ec.Backend.ConfirmOrders(t.Context(), []erp.Ask[erp.ConfirmRequest]{{Order: erp.OwnKey("order", unlinked)}})[0].Err)
	other, err := s.desk().ShipLines(t.Context(), "other-request", unlinked, nil, parcelOf("C3"))
	require.NoError(t, err)
	o := s.push(other.ID)[other.ID]
	require.Equal(t, []any{flow.Parked, "unlinked_reference"}, []any{o.Status, o.Code}, o.Reason)
	require.Equal(t, "not_shipped", s.push("987654")["987654"].Code)

	s.edit(`UPDATE ledger.order_lines SET store_line = '99999' WHERE order_id = $1 AND kind = 'product'`, s.quote)
	require.Equal(t, "unknown_line", s.push(id)[id].Code)
	s.edit(`DELETE FROM ledger.delivery_lines`)
	s.ask(http.MethodDelete, "orders/"+s.order+"?force=true", nil)
	require.Equal(t, "gone_in_store", s.push(id)[id].Code)
}

// A first run for changes tells nothing of what is over.
func TestOnlyWhatIsShippedFromNowOnIsTold(t *testing.T) {
	t.Parallel()
	s := connectShipping(t, wootest.Options{Fulfillments: true}, "fulfillments,note")
	s.ship(1, "A1")
	schematest.AwaitTransactions(t, s.books)
	changes := flow.Filter{Kind: flow.Changes}
	first := s.record(flow.Export, "shipment", changes, nil)
	require.Empty(t, first.Results)
	rest := s.ship(0, "B2")
	schematest.AwaitTransactions(t, s.books)
	next := s.record(flow.Export, "shipment", changes, first.Pages[len(first.Pages)-1].Next)
	require.Len(t, next.Results, 1)
	require.Equal(t, []any{rest, flow.Created}, []any{next.Results[0].Record.ID, next.Results[0].Outcome.Status})
	again := s.record(flow.Export, "shipment", changes, next.Pages[len(next.Pages)-1].Next)
	require.Empty(t, again.Results)
}

func TestLostRepliesMakeNoShipmentTwice(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		options       wootest.Options
		target, route string
		kept          func(*shipping) int
	}{
		"fulfillments": {wootest.Options{Fulfillments: true}, "fulfillments", "orders/#/fulfillments", func(s *shipping) int { return len(s.fulfillments()) }},
		"plugin": {wootest.Options{ShipmentTracking: true}, "shipment_tracking", "wc-shipment-tracking/v3/orders/#/shipment-trackings",
			func(s *shipping) int { return len(s.trackings()) }},
		"notes": {wootest.Options{}, "note", "orders/#/notes", func(s *shipping) int { return len(s.notes("Tracking number")) }},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s := connectShipping(t, c.options, c.target)
			id := s.ship(1, "A1")
			s.shop.SetFaults(wootest.Faults{Routes: []wootest.RouteFault{{Route: c.route, Method: http.MethodPost, Times: 1, Body: json.RawMessage(`{`)}}})
			_, err := s.try(flow.Export, "shipment", id)
			require.Error(t, err, "nothing is known of it")
			require.Equal(t, 1, c.kept(s))
			o := s.push(id)[id]
			require.True(t, o.Landed(), "%s: %s", o.Code, o.Reason)
			require.Equal(t, 1, c.kept(s))
		})
	}
}

func (s *shipping) trackings() []map[string]any {
	return s.listOf("wc-shipment-tracking/v3/orders/" + s.order + "/shipment-trackings")
}

// notes gives the texts of the order's notes that contain something.
func (s *shipping) notes(text string) []string {
	var found []string
	for _, note := range s.list("orders/" + s.order + "/notes") {
		if strings.Contains(note["note"].(string), text) {
			found = append(found, note["note"].(string))
		}
	}
	return found
}

func TestAPluginKeepsTrackingNumbers(t *testing.T) {
	t.Parallel()
	s := connectShipping(t, wootest.Options{ShipmentTracking: true}, "shipment_tracking,note")
	id := s.ship(1, "A1")
	require.Equal(t, flow.Created, s.push(id)[id].Status)
	kept := s.trackings()
	require.Len(t, kept, 1)
	require.Equal(t, []any{"A1", "Own van", "https://van.example/A1"}, []any{kept[0]["tracking_number"], kept[0]["tracking_provider"], kept[0]["tracking_link"]})
	require.Equal(t, flow.Unchanged, s.push(id)[id].Status)

	_, err := s.desk().TrackDelivery(t.Context(), id, erp.Tracking{Carrier: "dhl", Number: "A2"})
	require.NoError(t, err)
	o := s.push(id)[id]
	require.Equal(t, flow.Updated, o.Status, "%s: %s", o.Code, o.Reason)
	kept = s.trackings()
	require.Len(t, kept, 1, "the number before is gone")
	require.Equal(t, []any{"A2", "DHL", "https://www.dhl.com/track?id=A2"}, []any{kept[0]["tracking_number"], kept[0]["tracking_provider"], kept[0]["tracking_link"]})

	same := s.ship(0, "A2")
	require.Equal(t, flow.Unchanged, s.push(same)[same].Status, "both deliveries went out in one parcel")
	require.NotEqual(t, s.push(same)[same].Key, s.push(id)[id].Key, "each has a link of its own")
}

func TestADeliveryWithoutANumberWaitsForOne(t *testing.T) {
	t.Parallel()
	s := connectShipping(t, wootest.Options{AdvancedShipmentTracking: true}, "ast,note")
	id := s.ship(1, "")
	require.Equal(t, "no_tracking_number", s.push(id)[id].Code)
	_, err := s.desk().TrackDelivery(t.Context(), id, parcelOf("A1"))
	require.NoError(t, err)
	require.Equal(t, flow.Created, s.push(id)[id].Status)
	require.Equal(t, "processing", s.ask(http.MethodGet, "orders/"+s.order, nil)["status"])
}

// N44: the order is given meta fields and nothing else. N65: they are read back.
func TestNotesAndMetaFieldsWhereTheStoreHasNothingElse(t *testing.T) {
	t.Parallel()
	s := connectShipping(t, wootest.Options{}, "note")
	s.ec.Instance.Config.Tracking.Note = "customer"
	s.ec.Instance.Config.Tracking.NumberMeta, s.ec.Instance.Config.Tracking.CarrierMeta = "_parcel_number", "_parcel_carrier"
	before := s.ask(http.MethodGet, "orders/"+s.order, nil)
	first, second := s.ship(1, "A1"), s.ship(1, "B2")
	for id, o := range s.push(first, second) {
		require.Equal(t, flow.Created, o.Status, "%s: %s: %s", id, o.Code, o.Reason)
	}
	order := s.ask(http.MethodGet, "orders/"+s.order, nil)
	require.Equal(t, []any{"A1, B2", "Own van"}, []any{metaOf(order)["_parcel_number"], metaOf(order)["_parcel_carrier"]})
	require.Equal(t, []any{before["total"], before["total_tax"], before["status"]}, []any{order["total"], order["total_tax"], order["status"]})
	require.Equal(t, before["line_items"], order["line_items"])
	require.Equal(t, []string{"Shipped with Own van. Tracking number: A1, https://van.example/A1 (OUT/0000" + first + ")"}, s.notes("A1"))
	for _, note := range s.list("orders/" + s.order + "/notes") {
		require.Equal(t, strings.HasPrefix(note["note"].(string), "Shipped"), note["customer_note"])
	}
	writes := s.writes()
	for id, o := range s.push(first, second) {
		require.Equal(t, flow.Unchanged, o.Status, "%s: %s: %s", id, o.Code, o.Reason)
	}
	require.Equal(t, writes, s.writes())

	_, err := s.desk().TrackDelivery(t.Context(), second, parcelOf("C3"))
	require.NoError(t, err)
	require.Equal(t, flow.Updated, s.push(second)[second].Status)
	require.Equal(t, "A1, C3", metaOf(s.ask(http.MethodGet, "orders/"+s.order, nil))["_parcel_number"])
	require.Len(t, s.notes("C3"), 1)
}

// Fulfillments that are switched off are no reason to write a note instead: customers would get a mail.
func TestATargetThatIsGoneIsSaid(t *testing.T) {
	t.Parallel()
	s := connectShipping(t, wootest.Options{}, "fulfillments,note")
	id := s.ship(1, "A1")
	o := s.push(id)[id]
	require.Equal(t, []any{flow.Parked, "tracking_target_gone"}, []any{o.Status, o.Code}, o.Reason)
	s.ec.Instance.Config.Tracking.Target = "note"
	require.Equal(t, flow.Created, s.push(id)[id].Status)
	require.Len(t, s.notes("A1"), 1)
}

func TestGoodsThatCameBackAreSaid(t *testing.T) {
	t.Parallel()
	s := connectShipping(t, wootest.Options{Fulfillments: true}, "fulfillments")
	id := s.ship(0, "A1")
	require.Equal(t, flow.Created, s.push(id)[id].Status)
	ctx, key := t.Context(), erp.OwnKey("order", s.quote)
	require.NoError(t, s.ec.Backend.InvoiceOrders(ctx, []erp.Ask[erp.InvoiceRequest]{{Order: key}})[0].Err)
	s.credit(s.quote, erp.CreditRequest{Restock: true, Lines: []erp.CreditedLine{{Of: s.lineOf(s.quote, "product"), Quantity: decimal.NewFromInt(1)}}})
	o := s.push(id)[id]
	require.Equal(t, flow.Unchanged, o.Status)
	require.Contains(t, o.Steps, "goods of it came back in the ERP: the store goes on showing it as shipped")
	require.Len(t, s.fulfillments(), 1)
}

// A switch that is turned off while a push is under way stops it before the next write.
func TestASwitchThatIsTurnedOffStopsThePush(t *testing.T) {
	t.Parallel()
	s := connectShipping(t, wootest.Options{Fulfillments: true}, "fulfillments")
	id := s.ship(1, "A1")
	s.ec.Confirm = func(context.Context) error { return fault.New(fault.Conflict, "export.tracking is off") }
	_, err := s.try(flow.Export, "shipment", id)
	require.ErrorContains(t, err, "export.tracking is off")
	require.Empty(t, s.fulfillments())
}
