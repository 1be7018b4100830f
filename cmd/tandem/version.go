package main

import (
	"github.com/spf13/cobra"
)

func newVersion() *cobra.Command {
	return &cobra.Command{
		Use: "version", Short: "Print which Tandem this is", Args: cobra.NoArgs,
		RunE: func(c *cobra.Command, _ []string) error {
			return told(c, map[string]string{"version": version}, "%s", version)
		},
	}
}
