package main

import (
	"bytes"
	"strings"
	"testing"
	"unicode"

	"github.com/stretchr/testify/require"

	"tandem/api/gen"
	"tandem/fault"
)

// What a store calls a product must not command the terminal of the person who reads it.
func TestNamesCannotCommandTheTerminal(t *testing.T) {
	evil := "\x1b]0;owned\x07\x1b[2J\u009b31m\u202egnp.exe\nJOB"
	startAPI(t, gen.JobPage{Items: []gen.Job{{ID: 1, Instance: "shop", Reason: evil}}})
	stdout, _, code := program(t, "jobs")
	require.Zero(t, code)
	require.Equal(t, 2, strings.Count(stdout, "\n"), "one line per job")
	requireHarmless(t, stdout)

	stub := startAPI(t, nil)
	stub.refuse("GET /logs", 503, fault.Unavailable, evil)
	_, stderr, _ := program(t, "logs")
	requireHarmless(t, stderr)

	startAPI(t, gen.Instance{ID: "shop", Name: evil, Warnings: []string{evil}})
	stdout, _, _ = program(t, "instance", "connect", "shop")
	requireHarmless(t, stdout)
}

func requireHarmless(t *testing.T, text string) {
	t.Helper()
	for _, r := range text {
		require.False(t, (unicode.IsControl(r) && r != '\n' && r != '\t') || unicode.Is(unicode.Cf, r), "%q", text)
	}
}

func TestTable(t *testing.T) {
	var out bytes.Buffer
	require.NoError(t, printTable(&out, []any{"A", "B"}, [][]any{{"x\ty", 1}, {"long one", 22}}, "none"))
	require.Equal(t, "A         B\nx y       1\nlong one  22\n", out.String())
	out.Reset()
	require.NoError(t, printTable(&out, []any{"A"}, nil, "none"))
	require.Equal(t, "none\n", out.String())
}

func TestCut(t *testing.T) {
	require.Equal(t, "abc", cut("abc", 3))
	require.Equal(t, "ab…", cut("abcd", 3))
}
