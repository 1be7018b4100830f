package main

import (
	"encoding/json"
	"io"
	"net/url"
	"os"

	"github.com/spf13/cobra"

	"tandem/api/gen"
	"tandem/fault"
)

func newInstanceOptions() *cobra.Command {
	return remoteCommand("options ID", "Print what an instance may be configured with, as JSON", cobra.ExactArgs(1), func(c *cobra.Command, args []string) error {
		var options gen.Options
		if err := remote().Get(c.Context(), "/instances/"+url.PathEscape(args[0])+"/options", nil, &options); err != nil {
			return err
		}
		return printJSON(c.OutOrStdout(), options)
	})
}

func newInstanceConfigure() *cobra.Command {
	var file string
	c := remoteCommand("configure ID", "Change an instance's configuration, or print it", cobra.ExactArgs(1), func(c *cobra.Command, args []string) error {
		path := "/instances/" + url.PathEscape(args[0])
		var in gen.Instance
		if file == "" {
			if err := remote().Get(c.Context(), path, nil, &in); err != nil {
				return err
			}
			return printJSON(c.OutOrStdout(), in.Config)
		}
		config, err := readJSON(c, file)
		if err != nil {
			return err
		}
		return remote().Patch(c.Context(), path, map[string]json.RawMessage{"config": config}, nil)
	})
	c.Example = `  tandem instance configure myshop > config.json      what stands now
  tandem instance configure myshop --file config.json  what it shall be; fields left out stay as they are
  echo '{"stock":{"import":false}}' | tandem instance configure myshop --file -`
	c.Flags().StringVar(&file, "file", "", `JSON file with the changes, "-" for standard input; without it the configuration is printed`)
	return c
}

func readJSON(c *cobra.Command, file string) (json.RawMessage, error) {
	read := func() ([]byte, error) { return os.ReadFile(file) }
	if file == "-" {
		read = func() ([]byte, error) { return io.ReadAll(c.InOrStdin()) }
	}
	data, err := read()
	if err != nil {
		return nil, fault.Wrap(fault.Invalid, err, "cannot read %s", file)
	}
	if !json.Valid(data) {
		return nil, fault.Field("--file", "%s is no valid JSON", file)
	}
	return data, nil
}
