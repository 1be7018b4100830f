package main

import (
	"fmt"
	"time"

	"github.com/spf13/cobra"

	"tandem/db"
)

func newToken() *cobra.Command {
	c := &cobra.Command{Use: "token", Short: "Make API tokens"}
	c.AddCommand(newTokenCreate())
	return c
}

// newTokenCreate makes the first token: it writes to the database, because without a token the API lets nobody in.
func newTokenCreate() *cobra.Command {
	var scope string
	var days int
	c := &cobra.Command{
		Use: "create NAME", Short: "Make an API token and print it, once", Args: cobra.ExactArgs(1),
		Long: "Make an API token and print it, once; only its digest is kept. It writes straight to the database.\n" + environmentHelp,
		RunE: func(c *cobra.Command, args []string) error {
			s, err := settingsFromEnv()
			if err != nil {
				return err
			}
			d, err := db.Open(c.Context(), s.databaseURL, db.Options{SecretKeys: s.secretKeys})
			if err != nil {
				return err
			}
			defer d.Close()
			plaintext, _, err := d.CreateToken(c.Context(), args[0], scope, time.Duration(days)*24*time.Hour)
			if err != nil {
				return err
			}
			fmt.Fprintln(c.OutOrStdout(), plaintext)
			return nil
		},
	}
	c.Flags().StringVar(&scope, "scope", "admin", "viewer reads, operator starts and retries work, admin configures")
	c.Flags().IntVar(&days, "days", 0, "days until it expires; 0 is never")
	return c
}
