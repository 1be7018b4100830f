// Package linkfile reads and writes links between records of stores and of ERPs as CSV, which people edit in a spreadsheet.
package linkfile

import (
	"bufio"
	"encoding/csv"
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"
	"unicode/utf8"

	"tandem/fault"
)

// Limits of a file. It is held in memory.
const (
	MaxSize  = 16 << 20 // bytes
	MaxLines = 100_000
	maxCell  = 64 // characters, as ids have at most
)

// Line is a pair of records, and the number of the line it stands in, from 1.
type Line struct {
	Number   int
	Instance string
	Entity   string
	WooID    string
	ERPID    string
}

// Problem is what is wrong with a line.
type Problem struct {
	Line   int
	Reason string
}

// The columns of a file. Files need the first four, in any order; the others are written for people, and not read.
var (
	needed  = []string{"instance", "entity", "woo_id", "erp_id"}
	columns = append(slices.Clone(needed), "state", "store_state", "last_synced_at")
)

// Read reads pairs, and tells each line that names none. The error says why nothing of the file can be read.
func Read(r io.Reader) ([]Line, []Problem, error) {
	limited := &io.LimitedReader{R: r, N: MaxSize + 1}
	input := bufio.NewReader(limited)
	if mark, err := input.Peek(3); err == nil && string(mark) == "\uFEFF" {
		_, _ = input.Discard(len(mark)) // what was peeked is there
	}
	rows := csv.NewReader(input)
	rows.Comma, rows.FieldsPerRecord, rows.ReuseRecord = separator(input), -1, true
	place, err := readHead(rows)
	if err != nil {
		return nil, nil, err
	}
	d := decoder{place: place, byWoo: map[[3]string]int{}, byERP: map[[3]string]int{}}
	for {
		cells, err := rows.Read()
		var syntax *csv.ParseError
		switch {
		case limited.N <= 0:
			return nil, nil, fault.New(fault.Invalid, "the file is larger than %d MiB: divide it", MaxSize>>20)
		case errors.Is(err, io.EOF):
			return d.lines, d.problems, nil
		case errors.As(err, &syntax):
			d.problem(syntax.StartLine, "is not valid CSV: %s", syntax.Err)
		case err != nil:
			return nil, nil, err
		default:
			number, _ := rows.FieldPos(0)
			d.add(number, cells)
		}
		if len(d.lines)+len(d.problems) > MaxLines {
			return nil, nil, fault.New(fault.Invalid, "the file has more than %d lines: divide it", MaxLines)
		}
	}
}

// separator tells by the first line what stands between cells: spreadsheets of many countries write semicolons.
func separator(input *bufio.Reader) rune {
	head, _ := input.Peek(256)
	line, _, _ := strings.Cut(string(head), "\n")
	for _, mark := range []string{";", "\t"} {
		if strings.Contains(line, mark) && !strings.Contains(line, ",") {
			return rune(mark[0])
		}
	}
	return ','
}

// readHead finds the columns by their names.
func readHead(rows *csv.Reader) (map[string]int, error) {
	head, err := rows.Read()
	if err != nil {
		return nil, fault.New(fault.Invalid, "the file has no first line that names its columns: %s", strings.Join(needed, ","))
	}
	place := map[string]int{}
	for i, name := range head {
		name = strings.ToLower(strings.TrimSpace(name))
		if _, twice := place[name]; twice && slices.Contains(needed, name) {
			return nil, fault.New(fault.Invalid, "the column %s is named twice in the first line", name)
		}
		place[name] = i
	}
	for _, name := range needed {
		if _, ok := place[name]; !ok {
			return nil, fault.New(fault.Invalid, "the column %s is missing in the first line: it names the columns %s", name, strings.Join(needed, ","))
		}
	}
	return place, nil
}

// decoder collects the lines of a file.
type decoder struct {
	place        map[string]int
	lines        []Line
	problems     []Problem
	byWoo, byERP map[[3]string]int // the lines that records were named in first
}

func (d *decoder) problem(line int, format string, args ...any) {
	d.problems = append(d.problems, Problem{Line: line, Reason: fmt.Sprintf(format, args...)})
}

func (d *decoder) add(number int, cells []string) {
	if !slices.ContainsFunc(cells, func(cell string) bool { return strings.TrimSpace(cell) != "" }) {
		return
	}
	values := map[string]string{}
	for _, name := range needed {
		if i := d.place[name]; i < len(cells) {
			values[name] = restored(strings.TrimSpace(cells[i]))
		}
		switch value := values[name]; {
		case value == "":
			d.problem(number, "%s is empty", name)
			return
		case !utf8.ValidString(value) || strings.ContainsRune(value, 0):
			d.problem(number, "%s must be UTF-8 without NUL characters", name)
			return
		case utf8.RuneCountInString(value) > maxCell:
			d.problem(number, "%s is longer than %d characters", name, maxCell)
			return
		}
	}
	line := Line{Number: number, Instance: values["instance"], Entity: values["entity"], WooID: values["woo_id"], ERPID: values["erp_id"]}
	woo, erp := [3]string{line.Instance, line.Entity, line.WooID}, [3]string{line.Instance, line.Entity, line.ERPID}
	switch {
	case d.byWoo[woo] != 0:
		d.problem(number, "the store's %s %s stands in line %d already", line.Entity, line.WooID, d.byWoo[woo])
	case d.byERP[erp] != 0:
		d.problem(number, "the ERP's %s %s stands in line %d already", line.Entity, line.ERPID, d.byERP[erp])
	default:
		d.byWoo[woo], d.byERP[erp] = number, number
		d.lines = append(d.lines, line)
	}
}

// formula are the characters with which a spreadsheet takes a cell for a formula.
const formula = "=+-@\t\r"

// guarded writes a cell so that a spreadsheet takes it for text.
func guarded(cell string) string {
	if cell != "" && strings.ContainsRune(formula, rune(cell[0])) {
		return "'" + cell
	}
	return cell
}

// restored is the inverse of guarded.
func restored(cell string) string {
	if len(cell) > 1 && cell[0] == '\'' && strings.ContainsRune(formula, rune(cell[1])) {
		return cell[1:]
	}
	return cell
}

// Writer writes links.
type Writer struct{ rows *csv.Writer }

// NewWriter begins a file with the names of its columns.
func NewWriter(w io.Writer) (*Writer, error) {
	rows := csv.NewWriter(w)
	return &Writer{rows: rows}, rows.Write(columns)
}

// Write writes a link, with what people want to know of it besides.
func (w *Writer) Write(l Line, state, storeState, lastSynced string) error {
	cells := []string{l.Instance, l.Entity, l.WooID, l.ERPID, state, storeState, lastSynced}
	for i, cell := range cells {
		cells[i] = guarded(cell)
	}
	return w.rows.Write(cells)
}

// Flush writes what is held back.
func (w *Writer) Flush() error {
	w.rows.Flush()
	return w.rows.Error()
}
