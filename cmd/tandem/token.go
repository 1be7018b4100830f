package main

import (
	"io"
	"time"

	"github.com/spf13/cobra"

	"tandem/api/gen"
)

func newToken() *cobra.Command {
	c := &cobra.Command{Use: "token", Short: "Make, list and revoke API tokens"}
	c.AddCommand(newTokenCreate(), newTokenList(), newTokenRevoke())
	return c
}

// newTokenCreate makes the first token: it writes to the database, because the API rejects every request without a token.
func newTokenCreate() *cobra.Command {
	var scope string
	var days int
	c := &cobra.Command{
		Use: "create NAME", Short: "Make an API token and print it, once", Args: cobra.ExactArgs(1),
		Long: "Make an API token and print it, once; only its digest is kept. It writes straight to the database.\n" + databaseHelp,
		RunE: func(c *cobra.Command, args []string) error {
			d, err := openDatabase(c.Context())
			if err != nil {
				return err
			}
			defer d.Close()
			plaintext, made, err := d.CreateToken(c.Context(), args[0], scope, time.Duration(days)*24*time.Hour)
			if err != nil {
				return err
			}
			if err := noteCommand(c, d, "/tokens/"+made.ID); err != nil {
				return err
			}
			return told(c, map[string]string{"token": plaintext, "id": made.ID, "scope": made.Scope}, "%s", plaintext)
		},
	}
	c.Flags().StringVar(&scope, "scope", "admin", "viewer reads, operator starts and retries work, admin configures")
	c.Flags().IntVar(&days, "days", 0, "days until it expires; 0 is never")
	return c
}

func newTokenList() *cobra.Command {
	return remoteCommand("list", "List the API tokens, revoked and expired ones too", cobra.NoArgs, func(c *cobra.Command, _ []string) error {
		var list gen.TokenList
		if err := remote().Get(c.Context(), "/tokens", nil, &list); err != nil {
			return err
		}
		return answer(c, list.Items, func(w io.Writer) error {
			rows := make([][]any, len(list.Items))
			for i, t := range list.Items {
				rows[i] = []any{t.ID, t.Name, t.Scope, t.Prefix + "…", at(t.LastUsedAt, "never"), tokenState(t)}
			}
			return printTable(w, []any{"ID", "NAME", "SCOPE", "BEGINS", "LAST USED (UTC)", "STATE"}, rows, "no API tokens")
		})
	})
}

// at writes a time that may not be there.
func at(t time.Time, none string) string {
	if t.IsZero() {
		return none
	}
	return t.UTC().Format(atLayout)
}

func tokenState(t gen.Token) string {
	switch {
	case !t.RevokedAt.IsZero():
		return "revoked " + at(t.RevokedAt, "")
	case !t.ExpiresAt.IsZero() && t.ExpiresAt.Before(time.Now()):
		return "expired " + at(t.ExpiresAt, "")
	case !t.ExpiresAt.IsZero():
		return "valid until " + at(t.ExpiresAt, "")
	default:
		return "valid"
	}
}

func newTokenRevoke() *cobra.Command {
	c := remoteCommand("revoke ID", "Revoke an API token; it is refused from this moment on", cobra.ExactArgs(1), func(c *cobra.Command, args []string) error {
		if err := remote().Delete(c.Context(), address("tokens", args[0]), nil); err != nil {
			return err
		}
		return told(c, map[string]string{"revoked": args[0]}, "revoked %s", args[0])
	})
	return completing(c, listed("/tokens", nil, func(l gen.TokenList) []string {
		return each(l.Items, func(t gen.Token) string { return t.ID })
	}))
}
