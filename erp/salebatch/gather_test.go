package salebatch

import (
	"context"
	"fmt"
	"slices"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/require"

	"tandem/erp"
	"tandem/fault"
)

// ask is a question about an order, by its id.
func ask(id string) erp.Ask[string] {
	return erp.Ask[string]{Order: erp.Key{Instance: "shop", Entity: "order", ID: id}, With: id}
}

// recorded is a gather that keeps the batches it asked for; each takes until the test lets it go on.
type recorded struct {
	*gather[string]
	batches [][]string
	goOn    chan struct{}
	slowIn  string // an order whose batches take too long
	mu      sync.Mutex
}

const most = 50

func newRecorded() *recorded {
	r := &recorded{goOn: make(chan struct{})}
	r.gather = newGather(most, func(_ context.Context, asks []erp.Ask[string]) []erp.StepResult {
		ids := make([]string, len(asks))
		for i, a := range asks {
			ids[i] = a.With
		}
		r.mu.Lock()
		r.batches = append(r.batches, ids)
		r.mu.Unlock()
		<-r.goOn
		results := make([]erp.StepResult, len(asks))
		for i, id := range ids {
			results[i].ID = "did " + id
			if r.slowIn != "" && slices.Contains(ids, r.slowIn) {
				results[i] = erp.StepResult{Err: fault.New(fault.Unavailable, "no answer in time"), TookTooLong: true}
			}
		}
		return results
	})
	return r
}

// together asks questions from as many goroutines, one after the other, and gives what they were answered.
func (r *recorded) together(t *testing.T, ids ...string) *sync.Map {
	t.Helper()
	var answers sync.Map
	for i, id := range ids {
		go func() {
			said, err := r.ask(t.Context(), ask(id))
			answers.Store(i, fmt.Sprint(said.ID, err))
		}()
		synctest.Wait()
	}
	return &answers
}

func TestThoseWhoComeMeanwhileGoTogether(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		r := newRecorded()
		answers := r.together(t, "1", "2", "3")
		require.Equal(t, [][]string{{"1"}}, r.batches, "the first one does not wait")
		close(r.goOn)
		synctest.Wait()
		require.Equal(t, [][]string{{"1"}, {"2", "3"}}, r.batches)
		for i, want := range []string{"did 1<nil>", "did 2<nil>", "did 3<nil>"} {
			said, _ := answers.Load(i)
			require.Equal(t, want, said)
		}
		require.False(t, r.busy[false])
	})
}

func TestAnOrderIsInABatchOnce(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		r := newRecorded()
		r.together(t, "1", "2", "2", "3")
		close(r.goOn)
		synctest.Wait()
		require.Equal(t, [][]string{{"1"}, {"2", "3"}, {"2"}}, r.batches)
	})
}

func TestBatchesAreBounded(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		r := newRecorded()
		var ids []string
		for i := range most + 2 {
			ids = append(ids, fmt.Sprint(i))
		}
		r.together(t, ids...)
		close(r.goOn)
		synctest.Wait()
		require.Len(t, r.batches, 3)
		require.Equal(t, []int{1, most, 1}, []int{len(r.batches[0]), len(r.batches[1]), len(r.batches[2])})
	})
}

func TestAnAskerMayLeave(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		r := newRecorded()
		ctx, cancel := context.WithCancel(t.Context())
		left := make(chan error, 1)
		go func() {
			_, err := r.ask(ctx, ask("1"))
			left <- err
		}()
		synctest.Wait()
		cancel()
		require.True(t, fault.Is(<-left, fault.Unavailable))
		close(r.goOn)
		said, err := r.ask(t.Context(), ask("2"))
		require.NoError(t, err)
		require.Equal(t, "did 2", said.ID)
	})
}

// One order that stops a batch with a defect is found, and the others of its batch get their answers.
func TestAPanicIsTheFaultOfOneOrder(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		first := make(chan struct{})
		g := newGather(most, func(_ context.Context, asks []erp.Ask[string]) []erp.StepResult {
			<-first
			results := make([]erp.StepResult, len(asks))
			for i, a := range asks {
				if a.With == "4" {
					panic("jane@example.com")
				}
				results[i].ID = "did " + a.With
			}
			return results
		})
		errs := map[string]error{}
		var mu sync.Mutex
		for _, id := range []string{"1", "2", "3", "4", "5", "6"} {
			go func() {
				_, err := g.ask(t.Context(), ask(id))
				mu.Lock()
				defer mu.Unlock()
				errs[id] = err
			}()
			synctest.Wait()
		}
		close(first)
		synctest.Wait()
		require.Len(t, errs, 6)
		for id, err := range errs {
			if id != "4" {
				require.NoError(t, err, id)
			}
		}
		require.True(t, fault.Is(errs["4"], fault.Internal))
		require.NotContains(t, errs["4"].Error(), "jane@example.com")
	})
}

func TestAnAnswerForEachOrder(t *testing.T) {
	for _, size := range []int{1, most} {
		g := newGather(size, func(context.Context, []erp.Ask[string]) []erp.StepResult { return nil })
		_, err := g.ask(t.Context(), ask("1"))
		require.True(t, fault.Is(err, fault.Internal))
	}
}

// An ERP that is not faster with batches is called for many orders at once, in the time of each of them.
func TestOrdersOfABatchOfOneDoNotWaitForEachOther(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		under := make(chan string, 2)
		g := newGather(1, func(ctx context.Context, asks []erp.Ask[string]) []erp.StepResult {
			under <- asks[0].With
			<-ctx.Done()
			return []erp.StepResult{{Err: ctx.Err()}}
		})
		ctx, cancel := context.WithCancel(t.Context())
		for _, id := range []string{"1", "2"} {
			go func() { _, _ = g.ask(ctx, ask(id)) }()
		}
		synctest.Wait()
		require.Len(t, under, 2)
		cancel()
	})
}

func TestOrdersThatTakeTooLongAreAskedAboutAlone(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		r := newRecorded()
		r.slowIn = "3"
		r.together(t, "1")
		first := r.together(t, "2", "3", "4")
		r.goOn <- struct{}{} // the first, which did not wait
		synctest.Wait()
		r.goOn <- struct{}{} // and those that came meanwhile: it takes too long
		synctest.Wait()
		for i := range 3 {
			said, _ := first.Load(i)
			require.Contains(t, said, "in time")
		}
		again := r.together(t, "3", "2", "4", "5", "6")
		require.Equal(t, [][]string{{"1"}, {"2", "3", "4"}, {"3"}, {"5"}}, r.batches, "others do not wait for it")
		close(r.goOn)
		synctest.Wait()
		require.Equal(t, [][]string{{"2"}, {"4"}, {"6"}}, sortedBatches(r.batches[4:]))
		said, _ := again.Load(0)
		require.Contains(t, said, "in time")
		for i := 1; i < 5; i++ {
			said, _ := again.Load(i)
			require.Contains(t, said, "did ")
		}
		r.together(t, "2", "4")
		require.Contains(t, r.slow, ask("3").Order)
		require.NotContains(t, r.slow, ask("2").Order)
	})
}

// sortedBatches puts batches of different lanes, which begin in no particular order, into one.
func sortedBatches(batches [][]string) [][]string {
	return slices.SortedFunc(slices.Values(batches), slices.Compare[[]string])
}

func TestABatchEndsBeforeTheStepOfItsAsker(t *testing.T) {
	require.Less(t, Timeout, 3*time.Minute)
}
