package activities

import (
	"context"
	"errors"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"go.temporal.io/sdk/temporal"

	"tandem/fault"
)

func TestClassify(t *testing.T) {
	for _, c := range []struct {
		name  string
		err   error
		kind  fault.Kind
		final bool
	}{
		{"bad input", fault.Field("sku", "is empty"), fault.Invalid, true},
		{"wrong keys", fault.New(fault.Unauthorized, "the store refuses the key"), fault.Unauthorized, true},
		{"waits for a person", fault.New(fault.Parked, "unknown tax"), fault.Parked, true},
		{"state refuses", fault.New(fault.Conflict, "not confirmed"), fault.Conflict, true},
		{"store down", fault.New(fault.Unavailable, "502"), fault.Unavailable, false},
		{"slow down", &fault.Error{Kind: fault.RateLimited, Message: "429", After: 90 * time.Second}, fault.RateLimited, false},
		{"nobody classified it", errors.New("pq: something"), fault.Internal, false},
	} {
		t.Run(c.name, func(t *testing.T) {
			var app *temporal.ApplicationError
			require.ErrorAs(t, classify(context.Background(), c.err), &app)
			require.Equal(t, c.final, app.NonRetryable())
			require.Equal(t, string(c.kind), app.Type())
			require.Equal(t, fault.From(c.err).After, app.NextRetryDelay())
			require.Equal(t, c.kind, FailureOf(app).Kind)
		})
	}
	require.NoError(t, classify(context.Background(), nil))
}

func TestClassifyKeepsTheCauseOutOfHistories(t *testing.T) {
	cause := errors.New("duplicate key (email)=(jane@example.com)")
	err := classify(context.Background(), fault.Wrap(fault.Internal, cause, "cannot store the customer"))
	require.NotContains(t, err.Error(), "jane@example.com")
	require.NotErrorIs(t, err, cause)
}

func TestFailureOfATimeout(t *testing.T) {
	f := FailureOf(temporal.NewHeartbeatTimeoutError())
	require.Equal(t, fault.Unavailable, f.Kind)
	require.NotEmpty(t, f.Message)
}
