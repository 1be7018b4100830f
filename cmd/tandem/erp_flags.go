package main

import (
	"encoding/json"
	"slices"
	"strings"

	"github.com/spf13/cobra"

	"tandem/erp"
	"tandem/erp/open"
)

// erpFlags adds a flag for each setting that an ERP is connected with. ERPs that name a setting alike share its flag.
func erpFlags(c *cobra.Command) {
	help, choices := map[string][]string{}, map[string][]string{}
	for _, driver := range open.Drivers() {
		for _, s := range driver.Settings {
			flag := erpFlag(s)
			help[flag] = append(help[flag], driver.Title+": "+s.Help)
			choices[flag] = append(choices[flag], s.Choices...)
		}
	}
	for flag, texts := range help {
		c.Flags().String(flag, "", strings.Join(texts, "; "))
		completingFlag(c, flag, words(choices[flag]...))
	}
}

// erpFlag is the flag of a setting, e.g. --erp-database.
func erpFlag(s erp.Setting) string { return "erp-" + strings.ReplaceAll(s.Name, "_", "-") }

// givenConnection encodes the settings whose flags were given; nil when none was. Which of them an ERP has is the API's to say.
func givenConnection(c *cobra.Command) (json.RawMessage, error) {
	given := erp.Connection{}
	for _, driver := range open.Drivers() {
		for _, s := range driver.Settings {
			if flag := c.Flags().Lookup(erpFlag(s)); flag.Changed {
				given[s.Name] = flag.Value.String()
			}
		}
	}
	if len(given) == 0 {
		return nil, nil
	}
	return json.Marshal(given)
}

// movesERP reports whether a flag was given that says which server is asked.
func movesERP(c *cobra.Command) bool {
	return slices.ContainsFunc(open.Drivers(), func(d erp.Driver) bool {
		return slices.ContainsFunc(d.Settings, func(s erp.Setting) bool { return s.Address && c.Flags().Changed(erpFlag(s)) })
	})
}
