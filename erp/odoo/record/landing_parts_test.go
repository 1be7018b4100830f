package record

import (
	"context"
	"errors"
	"io"
	"net"
	"slices"
	"strconv"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"tandem/erp"
	"tandem/erp/odoo/rpc"
	"tandem/fault"
)

// brokenOff lands counts in an Odoo that breaks off at some of them.
type brokenOff struct {
	Writer[erp.StockCount]
	counts []*erp.StockCount
	at     func(part []int) error // nil is for what lands
	parts  [][]int
}

func newBrokenOff(n int) *brokenOff {
	b := &brokenOff{}
	for i := range n {
		b.counts = append(b.counts, &erp.StockCount{Key: erp.Key{Instance: "demo", Entity: "product", ID: strconv.Itoa(i)}})
	}
	b.Writer = Writer[erp.StockCount]{
		Key: func(c *erp.StockCount) *erp.Key { return &c.Key },
		Land: func(_ context.Context, records []*erp.StockCount) ([]erp.Outcome, error) {
			part := rpc.Map(records, func(c *erp.StockCount) int { id, _ := strconv.Atoi(c.Key.ID); return id })
			b.parts = append(b.parts, part)
			if err := b.at(part); err != nil {
				return nil, err
			}
			return rpc.Map(records, func(c *erp.StockCount) erp.Outcome { return erp.Outcome{Key: c.Key, Status: erp.Updated} }), nil
		},
	}
	return b
}

// contains breaks off at parts with one of the records.
func contains(err error, bad ...int) func([]int) error {
	return func(part []int) error {
		if slices.ContainsFunc(bad, func(i int) bool { return slices.Contains(part, i) }) {
			return err
		}
		return nil
	}
}

var (
	typeError = rpc.Exception{Name: "builtins.TypeError"}.Fault(rpc.Call{Model: "product.template", Method: "load"})
	forbidden = rpc.Exception{Name: "odoo.exceptions.AccessError"}.Fault(rpc.Call{Model: "res.partner", Method: "write"})
	gone      = rpc.Exception{Name: "odoo.exceptions.MissingError"}.Fault(rpc.Call{Model: "res.partner", Method: "write"})
	killed    = rpc.Unreachable(io.EOF, time.Second)
	tooSlow   = rpc.Unreachable(io.EOF, time.Minute)
)

func TestARecordThatOdooFailsAtFailsInTheEnd(t *testing.T) {
	for name, err := range map[string]error{"a crash": typeError, "a killed worker": killed, "a slow record": tooSlow, "a deleted one": gone} {
		t.Run(name, func(t *testing.T) {
			odoo, l := &Store{}, newBrokenOff(7)
			l.at = contains(err, 3)
			for range MostStrikes - 1 {
				_, again := l.landAll(t.Context(), odoo, l.counts)
				require.Equal(t, err, again, "it is tried again first")
				require.True(t, fault.Retryable(again))
			}
			for range 2 {
				l.parts = nil
				outcomes, last := l.landAll(t.Context(), odoo, l.counts)
				require.NoError(t, last)
				require.Len(t, outcomes, 7)
				for i, outcome := range outcomes {
					require.Equal(t, l.counts[i].Key, outcome.Key)
					require.Equal(t, i != 3, outcome.Landed())
				}
				require.Equal(t, "odoo_failed", outcomes[3].Code)
				require.Contains(t, l.parts, []int{3}, "alone from the start")
			}
			l.at = contains(nil)
			outcomes, last := l.landAll(t.Context(), odoo, l.counts)
			require.NoError(t, last)
			require.True(t, outcomes[3].Landed())
			require.NotContains(t, odoo.suspects.known, l.counts[3].Key, "it is like any other again")
		})
	}
}

// A bad connection loses the replies to one call after the other; a record that kills Odoo's worker does so at the same one.
func TestRepliesLostToDifferentCallsFailNoRecord(t *testing.T) {
	odoo, l := &Store{}, newBrokenOff(1)
	for i, method := range []string{"load", "create", "write", "unlink", "write", "action_cancel"} {
		lost := &fault.Error{Kind: fault.Unavailable, Code: rpc.CodeLost, Message: "the connection ended before Odoo replied to sale.order." + method}
		l.at = contains(lost, 0)
		_, err := l.landAll(t.Context(), odoo, l.counts)
		require.Equal(t, lost, err, "try %d", i+1)
	}
}

func TestAPanicOfALandingIsItsRecords(t *testing.T) {
	odoo, l := &Store{}, newBrokenOff(3)
	l.at = func(part []int) error {
		if slices.Contains(part, 1) {
			panic("jane@example.com")
		}
		return nil
	}
	for range MostStrikes - 1 {
		_, err := l.landAll(t.Context(), odoo, l.counts)
		require.True(t, fault.Is(err, fault.Internal))
	}
	outcomes, err := l.landAll(t.Context(), odoo, l.counts)
	require.NoError(t, err)
	require.Equal(t, []bool{true, false, true}, rpc.Map(outcomes, erp.Outcome.Landed))
	require.NotContains(t, outcomes[1].Reason, "jane@example.com")
}

func TestABatchThatTakesTooLongGoesInSmallerParts(t *testing.T) {
	odoo, l := &Store{}, newBrokenOff(100)
	l.at = func(part []int) error {
		if len(part) > 30 {
			return tooSlow
		}
		return nil
	}
	outcomes, err := l.landAll(t.Context(), odoo, l.counts)
	require.NoError(t, err)
	require.Len(t, outcomes, 100)
	require.Equal(t, 25, odoo.suspects.largest(), "and so do the next ones")

	next := newBrokenOff(100)
	next.at = l.at
	for _, c := range next.counts {
		c.Key.Entity = "customer"
	}
	_, err = next.landAll(t.Context(), odoo, next.counts)
	require.NoError(t, err)
	require.Len(t, next.parts, 4)

	next.at = contains(nil)
	for range 2 * goodParts {
		_, err = next.landAll(t.Context(), odoo, next.counts)
		require.NoError(t, err)
	}
	require.Equal(t, loadSize, odoo.suspects.largest(), "Odoo has time again")
}

func TestAnOdooThatIsTooSlowForAllIsLeftInPeace(t *testing.T) {
	odoo, l := &Store{}, newBrokenOff(100)
	l.at = func([]int) error { return tooSlow }
	_, err := l.landAll(t.Context(), odoo, l.counts)
	require.Equal(t, tooSlow, err)
	require.Len(t, l.parts, MostBreaks+1)
}

func TestAnOdooThatIsAwayIsNotAskedForHalves(t *testing.T) {
	l := newBrokenOff(10)
	away := rpc.Unreachable(&net.OpError{Op: "dial", Err: errors.New("refused")}, 0)
	l.at = func([]int) error { return away }
	_, err := l.landAll(t.Context(), &Store{}, l.counts)
	require.Equal(t, away, err)
	require.Len(t, l.parts, 1)
}

func TestOneRecordMayBeOutOfBounds(t *testing.T) {
	l := newBrokenOff(9)
	l.at = contains(forbidden, 2, 3, 4, 5, 6, 7)
	outcomes, err := l.landAll(t.Context(), &Store{}, l.counts)
	require.NoError(t, err)
	require.Equal(t, []bool{true, true, false, false, false, false, false, false, true}, rpc.Map(outcomes, erp.Outcome.Landed))
	require.Equal(t, "odoo_refused", outcomes[2].Code)
	require.Contains(t, outcomes[2].Reason, "no right")

	l.at = func([]int) error { return forbidden }
	_, err = l.landAll(t.Context(), &Store{}, l.counts)
	require.Equal(t, forbidden, err, "the user may do nothing of the kind")
}

func TestPartsKeepSuspectsApart(t *testing.T) {
	keys := rpc.Map(newBrokenOff(8).counts, func(c *erp.StockCount) erp.Key { return c.Key })
	s := suspects{size: 3, known: map[erp.Key]suspicion{keys[2]: {limit: 1}, keys[4]: {limit: 2}, keys[5]: {limit: 2}}}
	require.Equal(t, []int{2, 1, 2, 2, 1}, s.parts(keys))
}
