// Package erptest states what every ERP backend must show. Each behaviour of the port is stated once, in terms of the
// port alone, so that all backends are held to the same.
package erptest

import (
	"crypto/rand"
	"strconv"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"tandem/erp"
	"tandem/erp/salebatch"
)

// test is one behaviour. It uses a shop of its own, so it may run against an ERP that holds other things already.
type test struct {
	name string
	run  func(t *testing.T, s shop)
}

// suite is a group of behaviours under one name.
type suite struct {
	name  string
	tests []test
}

// Run holds a backend to the port, and one that keeps images or books credit notes to that too. Open is called once per behaviour; it may give the
// same ERP each time, and what it gives is closed at the end of the behaviour.
func Run(t *testing.T, open func(t *testing.T) erp.Backend) {
	suites := []suite{
		{"Settings", settingsTests},
		{"Batches", batchTests()},
		{"Catalog", catalogTests},
		{"Products", productTests},
		{"Prices", priceTests},
		{"Partners", partnerTests},
		{"Lookup", lookupTests},
		{"Stock", stockTests},
		{"Placeholders", placeholderTests},
		{"Moved", movedTests},
		{"Orders", orderTests},
		{"OrderChanges", orderChangeTests},
		{"Retyped", retypedTests},
		{"Sales", salesTests},
		{"StepBatches", stepBatchTests},
		{"Partial", partialTests},
		{"Money", moneyTests},
		{"Twins", twinTests},
	}
	if keepsImages(t, open) {
		suites = append(suites, suite{"Images", imageTests})
	}
	if booksRefunds(t, open) {
		suites = append(suites, suite{"Refunds", refundTests})
	}
	if readsRefunds(t, open) {
		suites = append(suites, suite{"RefundRecords", refundRecordTests})
	}
	if readsOrders(t, open) {
		suites = append(suites, suite{"OrderRecords", orderRecordTests})
	}
	if tellsShipments(t, open) {
		suites = append(suites, suite{"Shipments", shipmentTests})
	}
	if listsRecords(t, open) {
		suites = append(suites, suite{"Records", recordTests})
	}
	for _, suite := range suites {
		t.Run(suite.name, func(t *testing.T) { runAll(t, suite.tests, open) })
	}
}

// keepsImages reports whether a backend keeps copies of images, and not their addresses only.
func keepsImages(t *testing.T, open func(t *testing.T) erp.Backend) bool {
	backend := open(t)
	_, unsupported := erp.Images.Of(backend)
	require.NoError(t, backend.Close())
	return unsupported == nil
}

// booksRefunds reports whether a backend books credit notes.
func booksRefunds(t *testing.T, open func(t *testing.T) erp.Backend) bool {
	backend := open(t)
	_, unsupported := erp.Refunds.Of(backend)
	require.NoError(t, backend.Close())
	return unsupported == nil
}

// readsRefunds reports whether the credit notes that people make in a backend can be sent into a store.
func readsRefunds(t *testing.T, open func(t *testing.T) erp.Backend) bool {
	backend := open(t)
	_, unsupported := erp.RefundRecords.Of(backend)
	require.NoError(t, backend.Close())
	return unsupported == nil
}

// readsOrders reports whether the orders that people make in a backend can be sent into a store.
func readsOrders(t *testing.T, open func(t *testing.T) erp.Backend) bool {
	backend := open(t)
	_, unsupported := erp.OrderRecords.Of(backend)
	require.NoError(t, backend.Close())
	return unsupported == nil
}

// tellsShipments reports whether a backend tells which deliveries it has shipped.
func tellsShipments(t *testing.T, open func(t *testing.T) erp.Backend) bool {
	backend := open(t)
	_, unsupported := erp.Shipments.Of(backend)
	require.NoError(t, backend.Close())
	return unsupported == nil
}

// listsRecords reports whether what a backend holds can be listed, and so exported.
func listsRecords(t *testing.T, open func(t *testing.T) erp.Backend) bool {
	backend := open(t)
	_, unsupported := erp.Records.Of(backend)
	require.NoError(t, backend.Close())
	return unsupported == nil
}

func runAll(t *testing.T, tests []test, open func(t *testing.T) erp.Backend) {
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			backend := open(t)
			t.Cleanup(func() { require.NoError(t, backend.Close()) })
			test.run(t, shop{Backend: backend, Batcher: salebatch.New(backend), instance: "shop-" + strings.ToLower(rand.Text()[:10])})
		})
	}
}

// shop is a store connection that nothing was landed from yet, with the backend under test behind it. Single steps go to it the
// way they do at work.
type shop struct {
	erp.Backend
	*salebatch.Batcher
	instance string
}

func (s shop) key(entity string, id int) erp.Key {
	return erp.Key{Instance: s.instance, Entity: entity, ID: strconv.Itoa(id)}
}

// upsert is one of the port's methods that take a batch.
type upsert[T any] func(erp.Backend, *testing.T, []T) ([]erp.Outcome, error)

// land lands records and requires one status for each of them, in order.
func land[T any](t *testing.T, s shop, put upsert[T], records []T, statuses ...erp.Status) []erp.Outcome {
	t.Helper()
	outcomes, err := put(s.Backend, t, records)
	require.NoError(t, err)
	require.Len(t, outcomes, len(records))
	got := make([]erp.Status, len(outcomes))
	for i, outcome := range outcomes {
		got[i] = outcome.Status
		requireSound(t, outcome)
	}
	require.Equal(t, statuses, got, "outcomes: %v", outcomes)
	return outcomes
}

// requireSound checks what holds for every outcome whatever became of the record.
func requireSound(t *testing.T, o erp.Outcome) {
	t.Helper()
	if !o.Landed() {
		require.NotEmpty(t, o.Code, "what is not landed has a code")
		require.NotEmpty(t, o.Reason, "what is not landed has a reason")
		require.Equal(t, o.Before, o.After, "what is not landed leaves the content as it was")
		return
	}
	require.NotEmpty(t, o.ID, "what is landed has an id")
	require.NotEmpty(t, o.After, "what is landed has content")
	switch o.Status {
	case erp.Created:
		require.Empty(t, o.Before)
	case erp.Unchanged:
		require.Equal(t, o.Before, o.After)
	}
}

// times repeats a status.
func times(count int, status erp.Status) []erp.Status {
	statuses := make([]erp.Status, count)
	for i := range statuses {
		statuses[i] = status
	}
	return statuses
}
