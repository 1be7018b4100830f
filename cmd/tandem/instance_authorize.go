package main

import (
	"context"
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
		if err := say(c.ErrOrStderr(), "open this address, sign in to the store and approve:\n%s", begun.URL); err != nil {
			return err
		}
		ended, err := awaitGrant(c.Context(), args[0])
		if err != nil {
			return err
		}
		return told(c, ended, "the keys of %s are kept; to test them: tandem instance connect %s", args[0], args[0])
	})
	c.Long += `

The store posts the keys to Tandem, so nobody sees them. That takes a public https address of Tandem (TANDEM_PUBLIC_URL); without
one, make the keys in WooCommerce and enter them: tandem instance credentials.`
	c.Flags().StringVar(&scope, "scope", "read_write", "what the keys allow: read, write or read_write")
	c.Flags().BoolVar(&noWait, "no-wait", false, "print the address and end")
	return completing(c, instanceIDs)
}

// awaitGrant waits until the store has made the keys.
func awaitGrant(ctx context.Context, id string) (gen.Authorization, error) {
	for {
		var now gen.Authorization
		if err := remote().Get(ctx, address("instances", id)+"/authorization", nil, &now); err != nil {
			return now, err
		}
		switch now.State {
		case gen.AuthorizationStateGranted:
			return now, nil
		case gen.AuthorizationStateExpired:
			return now, fault.New(fault.Conflict, "nobody approved in time: run tandem instance authorize %s again", id)
		case gen.AuthorizationStateWaiting:
		}
		select {
		case <-ctx.Done():
			return now, ctx.Err()
		case <-time.After(grantEvery):
		}
	}
}
