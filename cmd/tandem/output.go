package main

import (
	"encoding/json"
	"fmt"
	"io"
	"strings"
	"text/tabwriter"
	"unicode"

	"github.com/spf13/cobra"
)

// jsonFlag gives a command and those below it the flag that turns what people read into one JSON document.
func jsonFlag(c *cobra.Command) *cobra.Command {
	c.PersistentFlags().Bool("json", false, "print one JSON document on standard output instead of text")
	return c
}

// wantsJSON reports whether a command was asked for JSON.
func wantsJSON(c *cobra.Command) bool {
	asked, err := c.Flags().GetBool("json")
	return err == nil && asked
}

// answer prints what came out: as one JSON document where that was asked for, and as people read it otherwise.
func answer(c *cobra.Command, value any, people func(w io.Writer) error) error {
	if wantsJSON(c) {
		return printJSON(c.OutOrStdout(), value)
	}
	return people(c.OutOrStdout())
}

// told is an answer of one line.
func told(c *cobra.Command, value any, format string, args ...any) error {
	return answer(c, value, func(w io.Writer) error { return say(w, format, args...) })
}

func printJSON(w io.Writer, v any) error {
	encoder := json.NewEncoder(w)
	encoder.SetIndent("", "  ")
	return encoder.Encode(v)
}

// say prints a line for people. What stores and ERPs send is made harmless: a product's name must not command the terminal.
func say(w io.Writer, format string, args ...any) error {
	_, err := fmt.Fprintln(w, harmless(fmt.Sprintf(format, args...)))
	return err
}

// harmless replaces control characters, which terminals obey, and characters that turn the direction of writing. Line
// breaks and tabs stay.
func harmless(text string) string {
	return strings.Map(func(r rune) rune {
		switch {
		case r == '\n' || r == '\t':
			return r
		case unicode.IsControl(r) || unicode.Is(unicode.Cf, r):
			return unicode.ReplacementChar
		}
		return r
	}, text)
}

// cell is a value on one line, within one column.
func cell(value any) string {
	return strings.NewReplacer("\n", " ", "\t", " ").Replace(harmless(fmt.Sprint(value)))
}

// printTable aligns rows under a head. Without rows it says so.
func printTable(w io.Writer, head []any, rows [][]any, none string) error {
	if len(rows) == 0 {
		return say(w, "%s", none)
	}
	table := tabwriter.NewWriter(w, 0, 8, 2, ' ', 0)
	for _, row := range append([][]any{head}, rows...) {
		cells := make([]string, len(row))
		for i, value := range row {
			cells[i] = cell(value)
		}
		if _, err := fmt.Fprintln(table, strings.TrimRight(strings.Join(cells, "\t"), " ")); err != nil {
			return err
		}
	}
	return table.Flush()
}

// cut shortens a text that is for one line of a terminal.
func cut(text string, limit int) string {
	runes := []rune(cell(text))
	if len(runes) <= limit {
		return string(runes)
	}
	return string(runes[:limit-1]) + "…"
}

// orDash shows that there is nothing.
func orDash(text string) string {
	if text == "" {
		return "-"
	}
	return text
}
