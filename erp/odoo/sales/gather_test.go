package sales

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
	"tandem/erp/odoo/rpc"
	"tandem/fault"
)

// call of an order, by its id.
type orderQuestion string

func (q orderQuestion) about() erp.Key {
	return erp.Key{Instance: "shop", Entity: "order", ID: string(q)}
}

// recorded is a gather that keeps the rounds it was asked for; each takes until the test lets it go on.
type recorded struct {
	gather[orderQuestion, string]
	do     rounds[orderQuestion, string]
	rounds [][]orderQuestion
	goOn   chan struct{}
	answer func(round []orderQuestion) error // nil is for what goes well
	mu     sync.Mutex
}

func newRecorded() *recorded {
	r := &recorded{goOn: make(chan struct{})}
	r.do = func(_ context.Context, questions []orderQuestion) []Result[string] {
		r.mu.Lock()
		r.rounds = append(r.rounds, questions)
		r.mu.Unlock()
		<-r.goOn
		if r.answer != nil && r.answer(questions) != nil {
			return sameError[string](len(questions), r.answer(questions))
		}
		return rpc.Map(questions, func(q orderQuestion) Result[string] { return Result[string]{Value: "did " + string(q)} })
	}
	return r
}

// together asks questions from as many goroutines, one after the other, and gives what they were answered.
func (r *recorded) together(t *testing.T, questions ...orderQuestion) *sync.Map {
	t.Helper()
	var answers sync.Map
	for i, q := range questions {
		go func() {
			said, err := r.ask(t.Context(), q, r.do)
			answers.Store(i, fmt.Sprint(said, err))
		}()
		synctest.Wait()
	}
	return &answers
}

func TestThoseWhoComeMeanwhileGoTogether(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		r := newRecorded()
		answers := r.together(t, "1", "2", "3")
		require.Equal(t, [][]orderQuestion{{"1"}}, r.rounds, "the first one waits for nobody")
		close(r.goOn)
		synctest.Wait()
		require.Equal(t, [][]orderQuestion{{"1"}, {"2", "3"}}, r.rounds)
		for i, want := range []string{"did 1<nil>", "did 2<nil>", "did 3<nil>"} {
			said, _ := answers.Load(i)
			require.Equal(t, want, said)
		}
		require.False(t, r.busy[false])
	})
}

func TestAnOrderIsInARoundOnce(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		r := newRecorded()
		r.together(t, "1", "2", "2", "3")
		close(r.goOn)
		synctest.Wait()
		require.Equal(t, [][]orderQuestion{{"1"}, {"2", "3"}, {"2"}}, r.rounds)
	})
}

func TestRoundsAreBounded(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		r := newRecorded()
		var questions []orderQuestion
		for i := range roundSize + 2 {
			questions = append(questions, orderQuestion(fmt.Sprint(i)))
		}
		r.together(t, questions...)
		close(r.goOn)
		synctest.Wait()
		require.Equal(t, []int{1, roundSize, 1}, rpc.Map(r.rounds, func(round []orderQuestion) int { return len(round) }))
	})
}

func TestAnAskerMayLeave(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		r := newRecorded()
		ctx, cancel := context.WithCancel(t.Context())
		left := make(chan error, 1)
		go func() {
			_, err := r.ask(ctx, "1", r.do)
			left <- err
		}()
		synctest.Wait()
		cancel()
		require.True(t, fault.Is(<-left, fault.Unavailable))
		close(r.goOn)
		said, err := r.ask(t.Context(), "2", r.do)
		require.NoError(t, err)
		require.Equal(t, "did 2", said)
	})
}

func TestAPanicReachesTheAskers(t *testing.T) {
	var g gather[orderQuestion, string]
	for range 2 {
		_, err := g.ask(t.Context(), "1", func(context.Context, []orderQuestion) []Result[string] { panic("jane@example.com") })
		require.True(t, fault.Is(err, fault.Internal))
		require.NotContains(t, err.Error(), "jane@example.com")
	}
}

func TestOrdersThatTakeTooLongAreAskedAboutAlone(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		r := newRecorded()
		slow := &fault.Error{Kind: fault.Unavailable, Code: rpc.CodeTimedOut, Message: "Odoo did not answer in time"}
		r.answer = func(round []orderQuestion) error {
			if slices.Contains(round, "3") {
				return slow
			}
			return nil
		}
		r.together(t, "1")
		first := r.together(t, "2", "3", "4")
		r.goOn <- struct{}{} // the first, which waited for nobody
		synctest.Wait()
		r.goOn <- struct{}{} // and those that came meanwhile: it takes too long
		synctest.Wait()
		for i := range 3 {
			said, _ := first.Load(i)
			require.Contains(t, said, "in time")
		}
		again := r.together(t, "3", "2", "4", "5", "6")
		require.Equal(t, [][]orderQuestion{{"1"}, {"2", "3", "4"}, {"3"}, {"5"}}, r.rounds, "others do not wait for it")
		close(r.goOn)
		synctest.Wait()
		require.Equal(t, [][]orderQuestion{{"2"}, {"4"}, {"6"}}, sortedRounds(r.rounds[4:]))
		said, _ := again.Load(0)
		require.Contains(t, said, "in time")
		for i := 1; i < 5; i++ {
			said, _ := again.Load(i)
			require.Contains(t, said, "did ")
		}
		r.together(t, "2", "4")
		require.Contains(t, r.slow, orderQuestion("3").about())
		require.NotContains(t, r.slow, orderQuestion("2").about())
	})
}

// sortedRounds puts rounds of different lanes, which begin in no particular order, into one.
func sortedRounds(rounds [][]orderQuestion) [][]orderQuestion {
	return slices.SortedFunc(slices.Values(rounds), slices.Compare[[]orderQuestion])
}

func TestARoundEndsBeforeTheStepOfItsAsker(t *testing.T) {
	require.Greater(t, roundTimeout, rpc.CallTimeout)
	require.Less(t, roundTimeout, 3*time.Minute)
}
