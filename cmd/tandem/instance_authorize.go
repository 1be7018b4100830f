package main

import (
	"context"
	"errors"
	"time"

	"github.com/spf13/cobra"

	"tandem/api/gen"
	"tandem/fault"
)

// grantEvery is how often the API is asked whether the store made the keys.
const grantEvery = 2 * time.Second

func newInstanceAuthorize() *cobra.Command {
	var asked gen.NewAuthorization
	var scope string
	var noWait bool
	c := remoteCommand("authorize ID", "Have a store make its keys, once a person has approved", cobra.ExactArgs(1), func(c *cobra.Command, args []string) error {
		asked.Scope = gen.KeyScope(scope)
		var begun gen.Authorization
		if err := remote().Post(c.Context(), address("instances", args[0])+"/authorization", asked, &begun); err != nil {
			return err
		}
		if noWait {
			return told(c, begun, "open this address, sign in to the store and approve, until %s:\n%s", begun.ExpiresAt.Local().Format(time.TimeOnly), begun.URL)
		}
		return followGrant(c, args[0], begun)
	})
	c.Long += `

The store posts the keys to Tandem, so nobody sees them. That takes a public https address of Tandem (TANDEM_PUBLIC_URL), and a store
whose permalinks are not plain; otherwise make the keys in WooCommerce and enter them: tandem instance credentials.

Ends with 0 once the keys are kept, and with 1 when access was denied, nobody approved within 30 minutes, or waiting was interrupted.`
	c.Flags().StringVar(&scope, "scope", "read_write", "what the keys allow: read, write or read_write")
	c.Flags().BoolVar(&noWait, "no-wait", false, "print the address and end")
	return completing(c, instanceIDs)
}

// followGrant shows where to approve, and waits for the answer. The request does not depend on being waited for: who stops waiting is told
// what becomes of it.
func followGrant(c *cobra.Command, id string, begun gen.Authorization) error {
	until := begun.ExpiresAt.Local().Format(time.TimeOnly)
	if err := say(c.ErrOrStderr(), "open this address, sign in to the store and approve, until %s:\n%s\nwaiting for the store …", until, begun.URL); err != nil {
		return err
	}
	ended, err := awaitGrant(c.Context(), id, begun.ExpiresAt)
	if errors.Is(err, context.Canceled) {
		return errors.Join(err, say(c.ErrOrStderr(), "\nthe request stays open: keys that the store makes until %s are kept; to test them: tandem instance connect %s", until, id))
	}
	if err != nil {
		return err
	}
	return told(c, ended, "the keys of %s are kept; to test them: tandem instance connect %s", id, id)
}

// awaitGrant waits until the store has made the keys. An API that is away for a while is waited for. A request is known by when it expires.
func awaitGrant(ctx context.Context, id string, expires time.Time) (gen.Authorization, error) {
	for {
		var now gen.Authorization
		err := remote().Get(ctx, address("instances", id)+"/authorization", nil, &now)
		switch {
		case err != nil && !fault.Retryable(err):
			return now, err
		case err != nil:
		case !now.ExpiresAt.Equal(expires):
			return now, fault.New(fault.Conflict, "the keys of %s were asked for again meanwhile, and this request counts no more", id)
		case now.State == gen.AuthorizationStateGranted:
			return now, nil
		case now.State == gen.AuthorizationStateDenied:
			return now, fault.New(fault.Conflict, "access was denied in the store, so it made no keys: run tandem instance authorize %s again, or enter keys: "+
				"tandem instance credentials %s", id, id)
		case now.State == gen.AuthorizationStateExpired:
			return now, fault.New(fault.Conflict, "the request was not approved in time: run tandem instance authorize %s again", id)
		}
		select {
		case <-ctx.Done():
			return now, ctx.Err()
		case <-time.After(grantEvery):
		}
	}
}
