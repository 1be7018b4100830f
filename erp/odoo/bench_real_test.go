//go:build odoo

package odoo

import (
	"fmt"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"tandem/erp"
	"tandem/erp/odoo/rpc"
	"tandem/fault"
)

// benchSize is how many records a batch of these benchmarks has, as in an import.
const benchSize = 100

// reportRate tells records per second.
func reportRate(b *testing.B, records int) {
	b.ReportMetric(float64(records*b.N)/b.Elapsed().Seconds(), "records/s")
	b.ReportMetric(0, "ns/op")
}

// BenchmarkLanding lands new partners, products and orders of two lines through the backend, and the same orders bare:
// with the one call to load that they take at least. A new instance each time makes all records new.
func BenchmarkLanding(b *testing.B) {
	r := ReadReal(b)
	protocols := r.Protocols()
	backend, err := Open(b.Context(), r.Settings(protocols[len(protocols)-1]))
	require.NoError(b, err)
	_, err = backend.records.Prepared(b.Context())
	require.NoError(b, err)
	for name, land := range map[string]func(*testing.B, story){
		"partners": func(b *testing.B, s story) {
			records := copies(s.partner, func(p *erp.Partner, i int) {
				p.Key.ID, p.Email = fmt.Sprint(1000+i), fmt.Sprintf("%d-%s", i, p.Email)
				p.Addresses = nil
			})
			requireCreated(b)(s.UpsertPartners(b.Context(), records))
		},
		"products": func(b *testing.B, s story) {
			records := copies(s.product, func(p *erp.Product, i int) {
				p.Key.ID = fmt.Sprint(1000 + i)
				p.Variants = []erp.Variant{{Key: p.Key, Active: true, TrackStock: true}}
			})
			requireCreated(b)(s.UpsertProducts(b.Context(), records))
		},
		"orders": func(b *testing.B, s story) {
			records := copies(s.order, func(o *erp.Order, i int) { o.Key.ID, o.Notes = fmt.Sprint(1000+i), nil })
			requireCreated(b)(s.UpsertOrders(b.Context(), records))
		},
		"orders bare": func(b *testing.B, s story) { loadBare(b, s) },
	} {
		b.Run(name, func(b *testing.B) {
			for b.Loop() {
				b.StopTimer()
				s := newStory(b, backend)
				s.stockUp(b)
				b.StartTimer()
				land(b, s)
			}
			reportRate(b, benchSize)
		})
	}
}

// copies gives a batch of records like one.
func copies[T any](record T, change func(*T, int)) []T {
	batch := make([]T, benchSize)
	for i := range batch {
		batch[i] = record
		change(&batch[i], i)
	}
	return batch
}

func requireCreated(b *testing.B) func([]erp.Outcome, error) {
	return func(outcomes []erp.Outcome, err error) {
		require.NoError(b, err)
		for _, o := range outcomes {
			require.Equal(b, erp.Created, o.Status, "%v", o)
		}
	}
}

// stockUp lands what the orders refer to.
func (s story) stockUp(b *testing.B) {
	_, err := s.UpsertTaxes(b.Context(), []erp.Tax{s.tax})
	require.NoError(b, err)
	_, err = s.UpsertProducts(b.Context(), []erp.Product{s.product})
	require.NoError(b, err)
	_, err = s.UpsertPartners(b.Context(), []erp.Partner{s.partner})
	require.NoError(b, err)
}

// loadBare sends the call with which the orders land, and reads nothing.
func loadBare(b *testing.B, s story) {
	b.StopTimer()
	var bare rpc.Call
	end := s.meddle("sale.order", "load", func(c rpc.Call, _ any) (bool, error) {
		bare = c
		return true, fault.New(fault.Unavailable, "it is sent later")
	})
	_, err := s.UpsertOrders(b.Context(), copies(s.order, func(o *erp.Order, i int) { o.Key.ID = fmt.Sprint(1000 + i) }))
	require.True(b, fault.Is(err, fault.Unavailable))
	end()
	require.NotEmpty(b, bare.Args)
	b.StartTimer()
	var landed any
	require.NoError(b, s.rpc.Call(b.Context(), bare, &landed))
}

// BenchmarkCycle takes orders from draft to shipped and paid, one after the other.
func BenchmarkCycle(b *testing.B) {
	r := ReadReal(b)
	protocols := r.Protocols()
	backend, err := Open(b.Context(), r.Settings(protocols[len(protocols)-1]))
	require.NoError(b, err)
	for b.Loop() {
		b.StopTimer()
		s := newStory(b, backend)
		s.stockUp(b)
		_, err := s.SetStock(b.Context(), []erp.StockCount{s.stock})
		require.NoError(b, err)
		_, err = s.UpsertOrders(b.Context(), []erp.Order{s.order})
		require.NoError(b, err)
		b.StartTimer()
		_, err = stepsOf(s.Backend).ConfirmOrder(b.Context(), s.order.Key)
		require.NoError(b, err)
		_, err = stepsOf(s.Backend).InvoiceOrder(b.Context(), s.order.Key, erp.InvoiceRequest{Date: time.Now()})
		require.NoError(b, err)
		_, err = stepsOf(s.Backend).PayOrder(b.Context(), s.order.Key, s.payment)
		require.NoError(b, err)
		_, err = stepsOf(s.Backend).ShipOrder(b.Context(), s.order.Key, erp.ShipRequest{})
		require.NoError(b, err)
	}
	reportRate(b, 1)
}
