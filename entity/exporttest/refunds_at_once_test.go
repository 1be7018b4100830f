package exporttest

import (
	"context"
	"net/http"
	"sync"
	"testing"
	"time"

	"github.com/jmoiron/sqlx"
	"github.com/shopspring/decimal"
	"github.com/stretchr/testify/require"

	"tandem/entity"
	"tandem/erp"
	"tandem/erp/ledger"
	"tandem/erp/open"
	"tandem/flow"
	"tandem/flow/flowtest"
	"tandem/woo/wootest"
)

// slowReader is a ledger that answers what is left of an order only when two ask for it, or when one of them has to wait for the other.
type slowReader struct {
	*ledger.Ledger
	books *sqlx.DB
	asked *sync.WaitGroup
	once  *sync.Once
}

func (l slowReader) OrderFigures(ctx context.Context, orders []erp.Key) ([]erp.OrderFigures, error) {
	figures, err := l.Ledger.OrderFigures(ctx, orders)
	l.once.Do(l.asked.Done)
	both := make(chan struct{})
	go func() { l.asked.Wait(); close(both) }()
	for {
		select {
		case <-both:
			return figures, err
		case <-ctx.Done():
			return nil, ctx.Err()
		case <-time.After(5 * time.Millisecond):
		}
		var waiting bool
		if err := l.books.Get(&waiting, `SELECT EXISTS (SELECT FROM pg_locks l JOIN pg_database d ON d.oid = l.database
			WHERE l.locktype = 'advisory' AND NOT l.granted AND d.datname = current_database())`); err != nil || waiting {
			return figures, err
		}
	}
}

// Of two refunds that fit singly only, and that two operations book at the same moment, one is booked and the other waits for a person.
func TestRefundsThatAreBookedAtOnceAreCheckedInTurn(t *testing.T) {
	t.Parallel()
	b := connectBuyers(t, wootest.Options{})
	quote, store := b.sold()
	b.credit(quote.ID, erp.CreditRequest{Amount: decimal.NewFromInt(50)}) // of 115.80
	var ids []string
	for range 2 {
		made := b.ask(http.MethodPost, "orders/"+store+"/refunds", map[string]any{"amount": "40.00", "api_refund": false})
		ids = append(ids, store+"/"+jsonNumber(made["id"]))
	}
	host := open.Host(b.books)
	asked := &sync.WaitGroup{}
	asked.Add(2)
	refunds, err := entity.Get(flow.Import, "refund")
	require.NoError(t, err)
	recorded, failed := make([]flowtest.Recorder, 2), make([]error, 2)
	var operations sync.WaitGroup
	ctx, cancel := context.WithTimeout(t.Context(), 2*time.Minute)
	defer cancel()
	for i := range ids {
		ec := b.ec
		ec.Turns = host.Turns("operations") // of a process each
		ec.Backend = slowReader{Ledger: ledger.Open(b.books), books: b.books, asked: asked, once: &sync.Once{}}
		operations.Go(func() {
			failed[i] = refunds.Run(ctx, ec, flow.Scan{Filter: flow.Filter{Kind: flow.IDs, IDs: ids[i : i+1]}}, &recorded[i])
		})
	}
	operations.Wait()
	became := map[string]int{}
	for i := range ids {
		require.NoError(t, failed[i])
		o := recorded[i].Outcomes()[0]
		became[string(o.Status)+" "+o.Code]++
	}
	require.Equal(t, map[string]int{"created ": 1, "parked refund_mismatch": 1}, became)
	require.Equal(t, 2, b.creditNotes(), "that by hand and one of the two")
}
