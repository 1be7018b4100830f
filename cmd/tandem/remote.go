package main

import (
	"cmp"
	"net/url"
	"os"

	"github.com/spf13/cobra"

	"tandem/api/client"
	"tandem/fault"
)

// defaultURL is where the commands look for the API when TANDEM_URL is not set.
const defaultURL = "http://127.0.0.1:8080"

const remoteHelp = `

Environment:
  TANDEM_URL     address of the API, default http://127.0.0.1:8080
  TANDEM_TOKEN   API token; a development server needs none`

// remote gives a client of the API the environment names.
func remote() *client.Client {
	return client.New(cmp.Or(os.Getenv("TANDEM_URL"), defaultURL), os.Getenv("TANDEM_TOKEN"))
}

// remoteCommand is a command that talks to a running API.
func remoteCommand(use, short string, args cobra.PositionalArgs, run func(c *cobra.Command, args []string) error) *cobra.Command {
	return &cobra.Command{Use: use, Short: short, Long: short + "." + remoteHelp, Args: args, RunE: run}
}

// remoteGroup is a command that only holds others.
func remoteGroup(use, short string, commands ...*cobra.Command) *cobra.Command {
	c := &cobra.Command{Use: use, Short: short, Long: short + "." + remoteHelp}
	c.AddCommand(commands...)
	return c
}

// address writes the path of something of the API, its parts escaped.
func address(parts ...string) string {
	path := ""
	for _, part := range parts {
		path += "/" + url.PathEscape(part)
	}
	return path
}

// given makes a query of the values that are not empty.
func given(pairs ...string) url.Values {
	q := url.Values{}
	for i := 0; i < len(pairs); i += 2 {
		if pairs[i+1] != "" {
			q.Set(pairs[i], pairs[i+1])
		}
	}
	return q
}

// download writes what a path gives to a file, or to standard output where none is named.
func download(c *cobra.Command, path string, query url.Values, file string) (err error) {
	out := c.OutOrStdout()
	if file != "" {
		opened, err := os.OpenFile(file, os.O_CREATE|os.O_WRONLY|os.O_TRUNC, 0o600)
		if err != nil {
			return fault.Wrap(fault.Invalid, err, "cannot write %s", file)
		}
		defer func() {
			if closed := opened.Close(); err == nil {
				err = closed
			}
		}()
		out = opened
	}
	return remote().Download(c.Context(), path, query, out)
}
