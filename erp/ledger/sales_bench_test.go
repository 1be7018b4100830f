package ledger_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	"tandem/erp"
)

// BenchmarkUpsertOrders lands new orders in batches of 100.
func BenchmarkUpsertOrders(b *testing.B) {
	s := newSeller(b, 300, 200)
	for b.Loop() {
		b.StopTimer()
		batch := s.batch(perBatch)
		b.StartTimer()
		s.landed(s.UpsertOrders(b.Context(), batch))
	}
	b.ReportMetric(float64(b.N*perBatch)/b.Elapsed().Seconds(), "orders/s")
}

// BenchmarkUnchangedOrders lands the same orders again.
func BenchmarkUnchangedOrders(b *testing.B) {
	s := newSeller(b, 300, 200)
	batch := s.batch(perBatch)
	s.landed(s.UpsertOrders(b.Context(), batch))
	for b.Loop() {
		s.landed(s.UpsertOrders(b.Context(), batch))
	}
	b.ReportMetric(float64(b.N*perBatch)/b.Elapsed().Seconds(), "orders/s")
}

// BenchmarkCycle confirms, invoices, pays and ships orders one after the other.
func BenchmarkCycle(b *testing.B) {
	s := newSeller(b, 300, 200)
	payment := erp.PaymentRequest{Journal: "BNK1", Method: "manual"}
	var batch []erp.Order
	for b.Loop() {
		if len(batch) == 0 {
			b.StopTimer()
			batch = s.batch(perBatch)
			s.landed(s.UpsertOrders(b.Context(), batch))
			b.StartTimer()
		}
		key := batch[0].Key
		batch = batch[1:]
		_, err := s.ConfirmOrder(b.Context(), key)
		require.NoError(b, err)
		_, err = s.InvoiceOrder(b.Context(), key, erp.InvoiceRequest{})
		require.NoError(b, err)
		_, err = s.PayOrder(b.Context(), key, payment)
		require.NoError(b, err)
		state, err := s.ShipOrder(b.Context(), key, erp.ShipRequest{})
		require.NoError(b, err)
		require.True(b, state.Shipped && state.Paid)
	}
	b.ReportMetric(float64(b.N)/b.Elapsed().Seconds(), "cycles/s")
}
