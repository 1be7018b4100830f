package api

import (
	"context"
	"slices"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/require"

	"tandem/api/gen"
	"tandem/fault"
)

// book is the operations of a database, and how often they were read.
type book struct {
	mu    sync.Mutex
	rows  map[string]gen.Operation
	looks int
	err   error
}

func newBook(ids ...string) *book {
	b := &book{rows: map[string]gen.Operation{}}
	for _, id := range ids {
		b.set(id, "waiting", 0)
	}
	return b
}

func (b *book) set(id, state string, read int) {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.rows[id] = gen.Operation{
		ID: id, State: gen.OperationState(state), Instances: []string{"of " + id}, Progress: []gen.Progress{{Read: read}},
	}
}

func (b *book) look(_ context.Context, ids []string) ([]gen.Operation, error) {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.looks++
	var found []gen.Operation
	for id, op := range b.rows {
		if !ended(op) || slices.Contains(ids, id) {
			found = append(found, op)
		}
	}
	return found, b.err
}

// took gives what a stream has to send, as "id state".
func took(t *testing.T, s *subscription) []string {
	t.Helper()
	events, err := s.take()
	require.NoError(t, err)
	var texts []string
	for _, e := range events {
		texts = append(texts, e.op.ID+" "+string(e.op.State))
	}
	return texts
}

// looked waits until the database was read once more.
func looked() {
	time.Sleep(pollEvery)
	synctest.Wait()
}

func TestManyStreamsReadTheDatabaseAsOne(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		rows := newBook("a", "b")
		b := &broadcaster{look: rows.look}
		var streams []*subscription
		for i := range 500 {
			streams = append(streams, b.subscribe([]string{"", "a"}[i%2], ""))
		}
		for read := range 120 {
			synctest.Wait()
			rows.set("a", "running", read)
			looked()
		}
		require.LessOrEqual(t, rows.looks, 122, "twice a second for a minute")
		require.GreaterOrEqual(t, rows.looks, 120)
		for i, s := range streams {
			require.Equal(t, [][]string{{"a running", "b waiting"}, {"a running"}}[i%2], took(t, s))
			s.close()
		}
		looked()
		seen := rows.looks
		time.Sleep(time.Minute)
		require.Equal(t, seen, rows.looks, "without a stream the database is left alone")
		again := b.subscribe("", "")
		synctest.Wait()
		require.Equal(t, []string{"a running", "b waiting"}, took(t, again))
		again.close()
		looked()
	})
}

func TestASlowReaderHoldsUpNoOther(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		rows := newBook("a")
		b := &broadcaster{look: rows.look}
		slow, quick := b.subscribe("", ""), b.subscribe("", "")
		for read := range 100 {
			rows.set("a", "running", read)
			looked()
			<-quick.news
			require.Equal(t, []string{"a running"}, took(t, quick))
		}
		rows.set("a", "done", 100)
		looked()
		require.Equal(t, []string{"a done"}, took(t, quick))
		require.Equal(t, []string{"a done"}, took(t, slow), "of all it missed, how it stands")
		slow.close()
		quick.close()
		looked()
	})
}

func TestWhoComesLateGetsTheCurrentState(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		rows := newBook("a", "b", "old")
		rows.set("old", "done", 0)
		b := &broadcaster{look: rows.look}
		first := b.subscribe("", "")
		rows.set("a", "running", 1)
		looked()
		late, one, past := b.subscribe("", "of b"), b.subscribe("a", ""), b.subscribe("old", "")
		require.Equal(t, []string{"b waiting"}, took(t, late), "at once, and of its instance alone")
		require.Equal(t, []string{"a running"}, took(t, one))
		looked()
		require.Equal(t, []string{"old done"}, took(t, past))
		require.Equal(t, []string{"a running", "b waiting"}, took(t, first), "what ended long ago is sent to those alone who follow it")
		for _, s := range []*subscription{first, late, one, past} {
			s.close()
		}
		looked()
	})
}

func TestTheStateAtOpeningReplacesNothingNewer(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		rows := newBook("a")
		older, err := newOperationEvent(rows.rows["a"])
		require.NoError(t, err)
		b := &broadcaster{look: rows.look}
		rows.set("a", "done", 1)
		s := b.subscribe("a", "")
		synctest.Wait()
		s.begin(older)
		require.Equal(t, []string{"a done"}, took(t, s))
		s.close()
		looked()
	})
}

func TestStreamsEndWhenTheDatabaseIsAway(t *testing.T) {
	for name, look := range map[string]func(context.Context, []string) ([]gen.Operation, error){
		"away": func(context.Context, []string) ([]gen.Operation, error) {
			return nil, fault.New(fault.Unavailable, "away")
		},
		"defect": func(context.Context, []string) ([]gen.Operation, error) { panic("a defect") },
	} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				b := &broadcaster{look: look}
				s := b.subscribe("", "")
				<-s.news
				_, err := s.take()
				require.Error(t, err)
				s.close()
				looked()
			})
		})
	}
}
