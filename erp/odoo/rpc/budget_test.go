package rpc

import (
	"context"
	"errors"
	"net/http"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"tandem/budget"
	"tandem/fault"
)

func TestACallThatComesTooEarlyIsSentAgain(t *testing.T) {
	url, requests := serve(t, answer{status: 429}, answer{status: 429}, answer{status: 200, body: "[]"})
	w := wireTo(t, url)
	var rows []Row
	require.NoError(t, (&json2{wire: w}).Call(t.Context(), Call{Model: "m", Method: "create"}, &rows))
	require.Len(t, *requests, maxTries)
	stats := w.budget.Stats()
	require.EqualValues(t, 3, stats.Requests)
	require.EqualValues(t, 2, stats.Retries)
	require.EqualValues(t, 2, stats.Throttled)
}

// A silence that is longer than a call waits holds back all calls, and is told to their callers.
func TestALongSilenceIsLeftToTheCaller(t *testing.T) {
	url, requests := serve(t, answer{status: 429, header: map[string]string{"Retry-After": "300"}})
	w := wireTo(t, url)
	for range 2 {
		err := (&json2{wire: w}).Call(t.Context(), Call{Model: "m", Method: "read"}, nil)
		require.Equal(t, fault.RateLimited, fault.KindOf(err))
		require.InDelta(t, 300, fault.From(err).After.Seconds(), 60)
	}
	require.Len(t, *requests, 1)
}

func TestACallThatIsGivenUpSaysNothingAboutTheServer(t *testing.T) {
	url, _ := serve(t, answer{status: 200, body: "[]"})
	w := wireTo(t, url)
	ended, cancel := context.WithCancel(t.Context())
	cancel()
	require.Error(t, (&json2{wire: w}).Call(ended, Call{Model: "m", Method: "read"}, nil))
	require.Zero(t, w.budget.Stats().Failures)
}

func TestWhatTheBudgetLearnsFromReplies(t *testing.T) {
	for name, c := range map[string]struct {
		reply reply
		err   error
		want  budget.Answer
	}{
		"good":            {reply{status: 200, took: time.Second}, nil, budget.Answer{Took: time.Second}},
		"record refused":  {reply{status: 422}, nil, budget.Answer{}},
		"error of Odoo":   {reply{status: 500}, nil, budget.Answer{}},
		"no worker":       {reply{status: 503}, nil, budget.Answer{Verdict: budget.Failing}},
		"proxy gave up":   {reply{status: 504}, nil, budget.Answer{Verdict: budget.Failing}},
		"no reply":        {reply{}, errors.New("lost"), budget.Answer{Verdict: budget.Failing}},
		"too many":        {reply{status: 429}, nil, budget.Answer{Verdict: budget.Throttled, After: minHold}},
		"too many, 7 s":   {reply{status: 429, header: retryIn("7")}, nil, budget.Answer{Verdict: budget.Throttled, After: 7 * time.Second}},
		"too many, later": {reply{status: 429, header: retryIn("soon")}, nil, budget.Answer{Verdict: budget.Throttled, After: minHold}},
	} {
		t.Run(name, func(t *testing.T) {
			c.want.Kind = "m.read"
			require.Equal(t, c.want, budgetAnswer("m.read", c.reply, c.err))
		})
	}
}

func retryIn(text string) http.Header { return http.Header{"Retry-After": {text}} }
