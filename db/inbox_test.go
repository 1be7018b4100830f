package db

import (
	"crypto/sha256"
	"encoding/json"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"tandem/fault"
	"tandem/flow"
)

// receive keeps a delivery of instance "demo", of the kind of record that the topic begins with.
func receive(t testing.TB, d *DB, topic, id, body string) (waiting bool) {
	t.Helper()
	sum := sha256.Sum256([]byte(body))
	n := NewDelivery{
		Instance: "demo", Topic: topic, WooID: id, RecordID: id, Digest: sum[:], HookID: "1", DeliveryID: "d",
		Repeats: topic == "order.deleted" || topic == "product.deleted",
	}
	switch topic[0] {
	case 'o':
		n.Entity = "order"
	case 'p':
		n.Entity = "product"
	}
	waiting, err := d.ReceiveDelivery(t.Context(), n)
	require.NoError(t, err)
	return waiting
}

// setActive makes an instance active.
func setActive(t testing.TB, d *DB, id string) {
	t.Helper()
	_, err := d.pool.ExecContext(t.Context(), `UPDATE tandem.instances SET state = 'active' WHERE id = $1`, id)
	require.NoError(t, err)
}

// claimDeliveries hands what waits of instance "demo" to a new operation.
func claimDeliveries(t testing.TB, d *DB) Operation {
	t.Helper()
	op, err := d.ClaimDeliveries(t.Context(), Operation{
		ID: newID(), Kind: "import", Direction: "import", Instances: []string{"demo"}, Trigger: "webhook"}, 100)
	require.NoError(t, err)
	return op
}

func deliveries(t testing.TB, d *DB, f DeliveryFilter) []Delivery {
	t.Helper()
	list, _, err := d.Deliveries(t.Context(), f, Page{})
	require.NoError(t, err)
	return list
}

// settle moves the deliveries and gives them, oldest first.
func settle(t testing.TB, d *DB) []Delivery {
	t.Helper()
	_, err := d.SettleDeliveries(t.Context(), "demo")
	require.NoError(t, err)
	list := deliveries(t, d, DeliveryFilter{})
	out := make([]Delivery, len(list))
	for i, one := range list {
		out[len(list)-1-i] = one
	}
	return out
}

// N01, N11: the same notice is one, from however many webhooks and whatever the ids of its deliveries.
func TestADeliveryIsKeptOnce(t *testing.T) {
	d := newDB(t)
	newInstance(t, d, "demo")
	require.True(t, receive(t, d, "order.updated", "7", "a"))
	require.True(t, receive(t, d, "order.updated", "7", "a"), "it still waits")
	require.True(t, receive(t, d, "order.updated", "7", "b"))
	require.True(t, receive(t, d, "order.created", "7", "a"))
	require.Equal(t, 3, number(t, d, `SELECT count(*) FROM tandem.inbox`))

	list := deliveries(t, d, DeliveryFilter{Topic: "order.updated"})
	require.Len(t, list, 2)
	require.Equal(t, 2, list[1].Times)
	require.Equal(t, DeliveryWaiting, list[1].State)
	require.Contains(t, list[1].Reason, "the instance is draft")
	requireRecent(t, list[1].LastAt)
	one, err := d.Delivery(t.Context(), list[1].ID)
	require.NoError(t, err)
	require.Equal(t, list[1], one)
	_, err = d.Delivery(t.Context(), 9999)
	require.EqualError(t, err, "there is no delivery 9999")
}

func TestDeliveriesAreListedByFilter(t *testing.T) {
	d := newDB(t)
	newInstance(t, d, "demo")
	for _, id := range []string{"1", "2", "3"} {
		receive(t, d, "order.updated", id, id)
	}
	page, next, err := d.Deliveries(t.Context(), DeliveryFilter{Instance: "demo", State: DeliveryWaiting}, Page{Limit: 2})
	require.NoError(t, err)
	require.Len(t, page, 2)
	rest, next, err := d.Deliveries(t.Context(), DeliveryFilter{Instance: "demo"}, Page{After: next, Limit: 2})
	require.NoError(t, err)
	require.Empty(t, next)
	require.Equal(t, "1", rest[0].WooID)
	now := time.Now()
	require.Empty(t, deliveries(t, d, DeliveryFilter{From: now.Add(time.Hour)}))
	require.Empty(t, deliveries(t, d, DeliveryFilter{To: now.Add(-time.Hour)}))
	require.Len(t, deliveries(t, d, DeliveryFilter{From: now.Add(-time.Hour), To: now.Add(time.Hour)}), 3)
	require.Empty(t, deliveries(t, d, DeliveryFilter{State: DeliveryDone}))
	require.Empty(t, deliveries(t, d, DeliveryFilter{Instance: "other"}))
}

func TestClaimDeliveries(t *testing.T) {
	d := newDB(t)
	newInstance(t, d, "demo")
	receive(t, d, "order.created", "7", "a")
	receive(t, d, "order.updated", "7", "b")
	receive(t, d, "order.updated", "5", "c")
	receive(t, d, "product.updated", "3", "d")
	ids, err := d.InstancesWithDeliveries(t.Context())
	require.NoError(t, err)
	require.Empty(t, ids, "an instance that is not active keeps them")
	wanted := Operation{ID: newID(), Kind: "import", Direction: "import", Instances: []string{"demo"}, Trigger: "webhook"}
	_, err = d.ClaimDeliveries(t.Context(), wanted, 100)
	requireKind(t, fault.NotFound, err)

	setActive(t, d, "demo")
	ids, err = d.InstancesWithDeliveries(t.Context())
	require.NoError(t, err)
	require.Equal(t, []string{"demo"}, ids)
	for range 2 { // a lost reply
		op, err := d.ClaimDeliveries(t.Context(), wanted, 100)
		require.NoError(t, err)
		require.Equal(t, []string{"order", "product"}, op.Entities)
		require.Equal(t, wanted.ID, op.ID)
		require.Equal(t, "webhook", op.Trigger)
		var filter flow.Filter
		require.NoError(t, json.Unmarshal(op.Filter, &filter))
		require.Equal(t, flow.Filter{Kind: flow.Notified, Notified: map[string][]string{"order": {"5", "7"}, "product": {"3"}}}, filter)
	}
	for _, one := range deliveries(t, d, DeliveryFilter{}) {
		require.Equal(t, DeliveryInProgress, one.State)
		require.Equal(t, wanted.ID, one.Operation)
		require.Equal(t, 1, one.Attempts)
	}
	_, err = d.ClaimDeliveries(t.Context(), Operation{ID: newID(), Instances: []string{"demo"}}, 100)
	requireKind(t, fault.NotFound, err)
}

// N05: what names no record has the changes of its entity read.
func TestADeliveryWithoutARecordClaimsTheChanges(t *testing.T) {
	d := newDB(t)
	newInstance(t, d, "demo")
	setActive(t, d, "demo")
	receive(t, d, "order.updated", "7", "a")
	receive(t, d, "order.updated", "", "[]")
	receive(t, d, "order.updated", "8", "b")
	op := claimDeliveries(t, d)
	require.JSONEq(t, `{"kind":"notified","notified":{"order":null}}`, string(op.Filter))
}

// C02: a delivery is where its record is, and one that did not land is no reason to pass over the next.
func TestADeliveryIsDoneWhenItsRecordLanded(t *testing.T) {
	d := newDB(t)
	newInstance(t, d, "demo")
	setActive(t, d, "demo")
	for _, id := range []string{"1", "2", "3", "4"} {
		receive(t, d, "order.updated", id, id)
	}
	op := claimDeliveries(t, d)
	for _, one := range settle(t, d) {
		require.Equal(t, DeliveryInProgress, one.State, "nothing is known yet")
	}
	landPage(t, d, op.ID, "order", Created, "1")
	landPage(t, d, op.ID, "order", Failed, "2")
	parkPage(t, d, op.ID, "order", []string{"demo/product/9"}, "3")
	list := settle(t, d)
	require.Equal(t, []string{DeliveryDone, DeliveryFailed, DeliveryParked, DeliveryInProgress}, states(list))
	require.NotEmpty(t, list[1].Code)
	require.NotEmpty(t, list[1].Reason)
	requireRecent(t, list[0].SettledAt)

	require.NoError(t, d.SetOperationState(t.Context(), op.ID, OperationDone, "", ""))
	require.False(t, receive(t, d, "order.updated", "1", "1"), "it landed")
	require.True(t, receive(t, d, "order.updated", "2", "2"))
	require.True(t, receive(t, d, "order.updated", "3", "3"))
	require.Equal(t, []string{"2", "3"}, claimedOf(t, claimDeliveries(t, d), "order"))
}

// claimedOf are the records of an entity that an operation reads.
func claimedOf(t testing.TB, op Operation, entity string) []string {
	t.Helper()
	var filter flow.Filter
	require.NoError(t, json.Unmarshal(op.Filter, &filter))
	return filter.Of(entity).IDs
}

func states(list []Delivery) []string {
	return collect(list, func(one Delivery) string { return one.State })
}

func TestAParkedDeliveryIsDoneWhenItsRecordLandsLater(t *testing.T) {
	d := newDB(t)
	newInstance(t, d, "demo")
	setActive(t, d, "demo")
	receive(t, d, "order.updated", "3", "a")
	op := claimDeliveries(t, d)
	parkPage(t, d, op.ID, "order", []string{"demo/product/9"}, "3")
	require.NoError(t, d.SetOperationState(t.Context(), op.ID, OperationDone, "", ""))
	require.Equal(t, DeliveryParked, settle(t, d)[0].State)

	landPage(t, d, newOperation(t, d, "order"), "order", Created, "3")
	require.Equal(t, DeliveryDone, settle(t, d)[0].State)
}

// The body of a deletion holds the id only: after a restoration the next one looks the same.
func TestADeletionIsReadAgain(t *testing.T) {
	d := newDB(t)
	newInstance(t, d, "demo")
	setActive(t, d, "demo")
	receive(t, d, "product.deleted", "3", `{"id":3}`)
	first := claimDeliveries(t, d)
	require.True(t, receive(t, d, "product.deleted", "3", `{"id":3}`), "the record may have been read before this event")
	landPage(t, d, first.ID, "product", Unchanged, "3")
	require.NoError(t, d.SetOperationState(t.Context(), first.ID, OperationDone, "", ""))
	require.Equal(t, DeliveryWaiting, settle(t, d)[0].State)
	second := claimDeliveries(t, d)
	landPage(t, d, second.ID, "product", Unchanged, "3")
	require.NoError(t, d.SetOperationState(t.Context(), second.ID, OperationDone, "", ""))
	require.Equal(t, DeliveryDone, settle(t, d)[0].State)
	require.True(t, receive(t, d, "product.deleted", "3", `{"id":3}`))
	require.Equal(t, 1, number(t, d, `SELECT count(*) FROM tandem.inbox WHERE times = 3`))
}

// When the store refuses us as a whole nothing is lost: the deliveries wait, and are left to a person only after many tries.
func TestDeliveriesOfAFailedOperationWaitAgain(t *testing.T) {
	d := newDB(t)
	newInstance(t, d, "demo")
	setActive(t, d, "demo")
	receive(t, d, "order.updated", "7", "a")
	for attempt := 1; attempt <= maxDeliveryAttempts; attempt++ {
		op := claimDeliveries(t, d)
		require.NoError(t, d.SetOperationState(t.Context(), op.ID, OperationFailed, "unauthorized", "the store refuses the keys"))
		one := settle(t, d)[0]
		require.Equal(t, attempt, one.Attempts)
		require.Equal(t, "the store refuses the keys", one.Reason)
		if attempt < maxDeliveryAttempts {
			require.Equal(t, DeliveryWaiting, one.State)
			require.Empty(t, one.Operation)
		} else {
			require.Equal(t, DeliveryFailed, one.State)
		}
	}
}

func TestDeliveriesOfACancelledOperationFail(t *testing.T) {
	d := newDB(t)
	newInstance(t, d, "demo")
	setActive(t, d, "demo")
	receive(t, d, "order.updated", "7", "a")
	require.NoError(t, d.SetOperationState(t.Context(), claimDeliveries(t, d).ID, OperationCancelled, "", ""))
	one := settle(t, d)[0]
	require.Equal(t, DeliveryFailed, one.State)
	require.Equal(t, "cancelled", one.Code)
	require.Contains(t, one.Reason, "replay")
}

func TestReplayDeliveries(t *testing.T) {
	d := newDB(t)
	newInstance(t, d, "demo")
	setActive(t, d, "demo")
	receive(t, d, "order.updated", "1", "a")
	receive(t, d, "order.updated", "2", "b")
	op := claimDeliveries(t, d)
	landPage(t, d, op.ID, "order", Created, "1", "2")
	require.NoError(t, d.SetOperationState(t.Context(), op.ID, OperationDone, "", ""))
	settle(t, d)
	receive(t, d, "order.updated", "3", "c")
	sum := sha256.Sum256([]byte(`{"code":"x"}`))
	_, err := d.ReceiveDelivery(t.Context(), NewDelivery{Instance: "demo", Topic: "coupon.restored", Digest: sum[:], Code: "error", Reason: "it holds an error"})
	require.NoError(t, err)

	all := DeliveryFilter{Instance: "demo"}
	count, err := d.CountDeliveries(t.Context(), all)
	require.NoError(t, err)
	require.Equal(t, 2, count, "neither what waits nor what has nothing to read")
	count, err = d.CountDeliveries(t.Context(), DeliveryFilter{To: time.Now().Add(-time.Hour)})
	require.NoError(t, err)
	require.Zero(t, count)
	count, instances, err := d.ReplayDeliveries(t.Context(), all)
	require.NoError(t, err)
	require.Equal(t, 2, count)
	require.Equal(t, []string{"demo"}, instances)
	count, instances, err = d.ReplayDeliveries(t.Context(), all)
	require.NoError(t, err)
	require.Zero(t, count)
	require.Empty(t, instances)
	require.Equal(t, []string{"1", "2", "3"}, claimedOf(t, claimDeliveries(t, d), "order"))
}

func TestReplayOneDelivery(t *testing.T) {
	d := newDB(t)
	newInstance(t, d, "demo")
	setActive(t, d, "demo")
	receive(t, d, "order.updated", "1", "a")
	op := claimDeliveries(t, d)
	require.NoError(t, d.SetOperationState(t.Context(), op.ID, OperationCancelled, "", ""))
	failed := settle(t, d)[0]
	replayed, err := d.ReplayDelivery(t.Context(), failed.ID)
	require.NoError(t, err)
	require.Equal(t, DeliveryWaiting, replayed.State)
	require.Empty(t, replayed.Code)
	require.Zero(t, replayed.Attempts)
	_, err = d.ReplayDelivery(t.Context(), 9999)
	requireKind(t, fault.NotFound, err)

	sum := sha256.Sum256([]byte(`{"code":"x"}`))
	waiting, err := d.ReceiveDelivery(t.Context(), NewDelivery{Instance: "demo", Topic: "coupon.restored", Digest: sum[:], Code: "error", Reason: "it holds an error"})
	require.NoError(t, err)
	require.False(t, waiting)
	nothing := deliveries(t, d, DeliveryFilter{Topic: "coupon.restored"})[0]
	require.Equal(t, DeliveryDone, nothing.State)
	_, err = d.ReplayDelivery(t.Context(), nothing.ID)
	requireKind(t, fault.Conflict, err)
	require.ErrorContains(t, err, "it holds an error")
}

func TestOldDeliveriesArePruned(t *testing.T) {
	d := newDB(t)
	newInstance(t, d, "demo")
	setActive(t, d, "demo")
	receive(t, d, "order.updated", "1", "a")
	op := claimDeliveries(t, d)
	require.NoError(t, d.SetOperationState(t.Context(), op.ID, OperationCancelled, "", ""))
	settle(t, d)
	receive(t, d, "order.updated", "2", "b")
	_, err := d.pool.ExecContext(t.Context(), `UPDATE tandem.inbox SET received_at = now() - interval '10 days', last_at = now() - interval '10 days'`)
	require.NoError(t, err)
	gone, err := d.Prune(t.Context(), PrunePolicy{Jobs: 7 * 24 * time.Hour})
	require.NoError(t, err)
	require.Equal(t, 1, gone.Deliveries)
	require.Equal(t, []string{DeliveryWaiting}, states(deliveries(t, d, DeliveryFilter{})))
}

func TestLastDeliveryIsNoted(t *testing.T) {
	d := newDB(t)
	newInstance(t, d, "demo")
	require.NoError(t, d.SaveWebhook(t.Context(), Webhook{Instance: "demo", Topic: "order.updated"}, testSecret))
	receive(t, d, "order.updated", "1", "a")
	list, err := d.Webhooks(t.Context(), "demo")
	require.NoError(t, err)
	requireRecent(t, list[0].LastDeliveryAt)
}
