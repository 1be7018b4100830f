package main

import (
	"fmt"

	"github.com/spf13/cobra"
)

// newRekey makes the command that rotates the secret key without anybody entering each store's keys again.
func newRekey() *cobra.Command {
	var forget bool
	c := &cobra.Command{
		Use: "rekey", Short: "Seal the stores' and ERPs' keys with a new secret key", Args: cobra.NoArgs,
		Long: `Seal the stores' and ERPs' keys, and the mail server's password, with the first key of TANDEM_SECRET_KEY, all in one transaction. The key they are
sealed with now has to follow it: TANDEM_SECRET_KEY=new,old. Running it twice is harmless. Processes that know both keys
may run meanwhile; give them the new one alone afterwards.

Environment:
  DATABASE_URL        PostgreSQL database (required)
  TANDEM_SECRET_KEY   the new key, and after a comma the old one (required)`,
		RunE: func(c *cobra.Command, _ []string) error {
			d, err := openDatabase(c.Context())
			if err != nil {
				return err
			}
			defer d.Close()
			sealed, forgotten, err := d.Rekey(c.Context(), forget)
			if err != nil {
				return err
			}
			text := fmt.Sprintf("%d sealed with the new key", sealed-forgotten)
			if forgotten > 0 {
				text += fmt.Sprintf(", %d dropped: enter their keys again", forgotten)
			}
			return told(c, map[string]int{"sealed": sealed - forgotten, "dropped": forgotten}, "%s", text)
		},
	}
	c.Flags().BoolVar(&forget, "forget", false, "drop the keys that no secret key opens, to be entered again")
	return c
}
