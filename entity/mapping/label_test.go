package mapping

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

func TestLabel(t *testing.T) {
	for name, tt := range map[string]struct {
		parts []string
		want  string
	}{
		"name and SKU":              {[]string{"Desk lamp", "LAMP-1"}, "Desk lamp · LAMP-1"},
		"what is empty is left out": {[]string{"  ", "LAMP-1", ""}, "LAMP-1"},
		"nothing":                   {nil, ""},
		"escaped by WordPress":      {[]string{"Tea &amp; coffee"}, "Tea & coffee"},
		"one line":                  {[]string{"Desk\n\tlamp \u00a0 red"}, "Desk lamp red"},
		"cut between characters":    {[]string{strings.Repeat("é", 101), "X"}, strings.Repeat("é", 99) + "… · X"},
		"as long as there is room":  {[]string{strings.Repeat("é", 100)}, strings.Repeat("é", 100)},
	} {
		t.Run(name, func(t *testing.T) { require.Equal(t, tt.want, Label(tt.parts...)) })
	}
}
