package main

import (
	"cmp"
	"encoding/json"
	"fmt"
	"io"
	"os"
	"text/tabwriter"

	"github.com/spf13/cobra"

	"tandem/api/client"
)

const remoteHelp = `

Environment:
  TANDEM_URL     address of the API, default http://127.0.0.1:8080
  TANDEM_TOKEN   API token; a development server needs none`

// remote gives a client of the API the environment names.
func remote() *client.Client {
	return client.New(cmp.Or(os.Getenv("TANDEM_URL"), "http://127.0.0.1:8080"), os.Getenv("TANDEM_TOKEN"))
}

// remoteCommand is a command that talks to a running API.
func remoteCommand(use, short string, args cobra.PositionalArgs, run func(c *cobra.Command, args []string) error) *cobra.Command {
	return &cobra.Command{Use: use, Short: short, Long: short + "." + remoteHelp, Args: args, RunE: run}
}

// jsonFlag lets a command print what the API answered instead of a table.
func jsonFlag(c *cobra.Command) *bool {
	return c.Flags().Bool("json", false, "print JSON instead of a table")
}

func printJSON(w io.Writer, v any) error {
	encoder := json.NewEncoder(w)
	encoder.SetIndent("", "  ")
	return encoder.Encode(v)
}

// printTable aligns rows under a head. Without rows it says so.
func printTable(w io.Writer, head string, rows []string, none string) error {
	if len(rows) == 0 {
		_, err := fmt.Fprintln(w, none)
		return err
	}
	table := tabwriter.NewWriter(w, 0, 8, 2, ' ', 0)
	fmt.Fprintln(table, head)
	for _, row := range rows {
		fmt.Fprintln(table, row)
	}
	return table.Flush()
}
