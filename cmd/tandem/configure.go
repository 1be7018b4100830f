package main

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"os"
	"strings"

	"github.com/spf13/cobra"

	"tandem/api/gen"
	"tandem/fault"
)

func newInstanceConfigure() *cobra.Command {
	var file string
	c := remoteCommand("configure ID", "Change an instance's configuration, or print it", cobra.ExactArgs(1), func(c *cobra.Command, args []string) error {
		path := address("instances", args[0])
		var in gen.Instance
		if file == "" {
			if err := remote().Get(c.Context(), path, nil, &in); err != nil {
				return err
			}
			return printJSON(c.OutOrStdout(), in.Config)
		}
		config, err := readObject(c, file)
		if err != nil {
			return err
		}
		if err := remote().Patch(c.Context(), path, map[string]any{"config": config}, &in); err != nil {
			return err
		}
		return answer(c, in, func(w io.Writer) error { return printConfigured(w, in) })
	})
	c.Example = `  tandem instance configure myshop > config.json      print it
  tandem instance configure myshop --file config.json  change it; fields left out stay as they are
  echo '{"stock":{"import":false}}' | tandem instance configure myshop --file -`
	c.Flags().StringVar(&file, "file", "", `JSON file with the changes, "-" for standard input; without it the configuration is printed`)
	return completing(c, instanceIDs)
}

// printConfigured says what a change has led to, and what is left to do.
func printConfigured(w io.Writer, in gen.Instance) error {
	lines := []string{in.ID + " is configured"}
	if in.Woken > 0 {
		lines = append(lines, fmt.Sprintf("%d records that were parked for it go on: tandem operations list --instance %s", in.Woken, in.ID))
	}
	for _, warning := range in.Warnings {
		lines = append(lines, "warning: "+warning)
	}
	if len(in.Missing) > 0 {
		lines = append(lines, "before it can be activated, fill in: "+strings.Join(in.Missing, ", "))
	}
	return say(w, "%s", strings.Join(lines, "\n"))
}

// maxFile is the most the API takes.
const maxFile = 1 << 20

// readUpTo reads a file, or standard input for "-". Of a larger one it reads one byte more than the limit.
func readUpTo(c *cobra.Command, file string, limit int64) ([]byte, error) {
	input := c.InOrStdin()
	if file != "-" {
		opened, err := os.Open(file)
		if err != nil {
			return nil, fault.Wrap(fault.Invalid, err, "cannot read %s", file)
		}
		defer opened.Close()
		input = opened
	}
	content, err := io.ReadAll(io.LimitReader(input, limit+1))
	if err != nil {
		return nil, fault.Wrap(fault.Invalid, err, "cannot read %s", file)
	}
	return content, nil
}

// readObject reads the JSON object in a file, or on standard input. A byte order mark, as some editors write, is left out.
func readObject(c *cobra.Command, file string) (map[string]json.RawMessage, error) {
	data, err := readUpTo(c, file, maxFile)
	if err != nil {
		return nil, err
	}
	if len(data) > maxFile {
		return nil, fault.Field("--file", "%s is larger than 1 MiB", file)
	}
	data = bytes.TrimPrefix(data, []byte("\ufeff"))
	if !json.Valid(data) {
		return nil, fault.Field("--file", "%s does not hold valid JSON", file)
	}
	var object map[string]json.RawMessage
	if json.Unmarshal(data, &object) != nil || object == nil {
		return nil, fault.Field("--file", "%s does not hold a JSON object", file)
	}
	return object, nil
}
