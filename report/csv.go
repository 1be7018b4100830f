package report

import (
	"encoding/csv"
	"fmt"
	"io"
	"strings"
)

// formula are the characters with which a spreadsheet takes a cell for a formula.
const formula = "=+-@\t\r"

// guarded writes a text so that a spreadsheet takes it for one: names come from stores.
func guarded(text string) string {
	if text != "" && strings.ContainsRune(formula, rune(text[0])) {
		return "'" + text
	}
	return text
}

// WriteCSV writes a table with commas between its cells.
func (t Table) WriteCSV(w io.Writer) error {
	rows := csv.NewWriter(w)
	line := make([]string, len(t.Head))
	for i, name := range t.Head {
		line[i] = guarded(name)
	}
	if err := rows.Write(line); err != nil {
		return err
	}
	for _, row := range t.Rows {
		for i, cell := range row {
			switch cell := cell.(type) {
			case nil:
				line[i] = ""
			case string:
				line[i] = guarded(cell)
			default:
				line[i] = fmt.Sprint(cell)
			}
		}
		if err := rows.Write(line); err != nil {
			return err
		}
	}
	rows.Flush()
	return rows.Error()
}
