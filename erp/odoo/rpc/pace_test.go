package rpc

import (
	"context"
	"net/http"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/require"

	"tandem/fault"
)

func tooMany(after string) reply {
	return reply{status: http.StatusTooManyRequests, header: http.Header{"Retry-After": {after}}}
}

func TestCallsAreHeldBackAsLongAsOdooSays(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var p pace
		began := time.Now()
		require.NoError(t, p.enter(t.Context()))
		p.leave(tooMany("7"))
		require.NoError(t, p.enter(t.Context()))
		require.Equal(t, 7*time.Second, time.Since(began))

		p.leave(tooMany("soon"))
		require.NoError(t, p.enter(t.Context()))
		require.Equal(t, 7*time.Second+shortestHold, time.Since(began))

		p.leave(tooMany("300"))
		err := p.enter(t.Context())
		require.True(t, fault.Is(err, fault.RateLimited), "nobody waits so long in a call")
		require.Equal(t, 300*time.Second, fault.From(err).After)
	})
}

func TestFewerCallsAreUnderWayAfterAWarning(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var p pace
		var under atomic.Int64
		for range 3 * mostCalls {
			go func() {
				if p.enter(t.Context()) == nil {
					under.Add(1)
				}
			}()
		}
		synctest.Wait()
		require.EqualValues(t, mostCalls, under.Load())
		p.leave(tooMany("1"))
		for range mostCalls - 1 {
			p.leave(reply{status: http.StatusOK})
		}
		time.Sleep(2 * time.Second)
		synctest.Wait()
		require.EqualValues(t, mostCalls+mostCalls/2, under.Load())
		for range mostCalls {
			p.leave(reply{status: http.StatusOK})
			synctest.Wait()
		}
		require.Equal(t, mostCalls/2-1, p.cut, "one more after so many good answers")
		p.cut = 0
		for range mostCalls {
			p.leave(reply{})
		}
		synctest.Wait()
	})
}

func TestNobodyWaitsForATurnAfterTheCallWasGivenUp(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var p pace
		p.leave(tooMany("20"))
		ctx, cancel := context.WithTimeout(t.Context(), time.Second)
		defer cancel()
		require.Error(t, p.enter(ctx))
	})
}

func TestACallThatComesTooEarlyIsSentAgain(t *testing.T) {
	url, requests := serve(t, answer{status: 429}, answer{status: 429}, answer{status: 200, body: "[]"})
	var rows []Row
	require.NoError(t, (&json2{wire: wireTo(t, url)}).Call(t.Context(), Call{Model: "m", Method: "create"}, &rows))
	require.Len(t, *requests, mostTries)
}
