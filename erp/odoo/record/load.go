package record

import (
	"context"
	"slices"
	"strings"

	"tandem/erp/landing"
	"tandem/erp/odoo/rpc"
	"tandem/fault"
)

// loadSize is how many records go into one call of load at most. Odoo lands some 75 to 120 a second and gives up after 120 s.
const loadSize = 100

// Record is one record as load takes it. All records of a sheet have the same columns.
type Record struct {
	Name  string // external id, without the module
	ID    int64  // of a record that is there and has no external id; 0 for one that is known by its name
	Cells []rpc.Cell
	Lines [][]rpc.Cell // of a one2many: columns like "order_line/name"
}

// Text is what the record has in a field; empty when it says nothing of it.
func (r *Record) Text(field string) string {
	for _, c := range r.Cells {
		if c.Field == field {
			return c.Text
		}
	}
	return ""
}

// With gives the record with other values in some of its fields.
func (r *Record) With(cells ...rpc.Cell) *Record {
	other := *r
	other.Cells = slices.Clone(r.Cells)
	for _, c := range cells {
		for i := range other.Cells {
			if other.Cells[i].Field == c.Field {
				other.Cells[i] = c
			}
		}
	}
	return &other
}

// Loaded is what became of one record.
type Loaded struct {
	ID      int64            // 0 when it is refused
	Refused *landing.Refusal // nil when it is landed
}

// Load lands records under their external ids, or changes some by their ids. Odoo writes nothing of a call in which one
// record is bad: the others are sent again without those it blames, which are then tried alone, because Odoo also blames
// innocent ones.
func (s *Store) Load(ctx context.Context, model string, records []*Record) ([]Loaded, error) {
	results := make([]Loaded, len(records))
	for _, places := range byColumns(records) {
		err := rpc.Chunks(places, s.suspects.largest(), func(part []int) error { return s.loadPart(ctx, model, records, part, results) })
		if err != nil {
			return nil, err
		}
	}
	return results, nil
}

// byColumns puts records with the same columns together, because a sheet empties the fields a row says nothing of.
func byColumns(records []*Record) [][]int {
	var groups [][]int
	place := map[string]int{}
	for i, r := range records {
		var columns strings.Builder
		key, _ := r.key()
		columns.WriteString(key + "\n")
		for _, c := range r.Cells {
			columns.WriteString(c.Column + "\n")
		}
		if len(r.Lines) > 0 {
			for _, c := range r.Lines[0] {
				columns.WriteString(c.Column + "\n")
			}
		}
		at, ok := place[columns.String()]
		if !ok {
			at = len(groups)
			place[columns.String()] = at
			groups = append(groups, nil)
		}
		groups[at] = append(groups[at], i)
	}
	return groups
}

// loadPart lands the records at some places and notes there what became of them.
func (s *Store) loadPart(ctx context.Context, model string, records []*Record, places []int, results []Loaded) error {
	if len(places) == 0 {
		return nil
	}
	landed, err := s.loadChunk(ctx, model, rpc.Map(places, func(at int) *Record { return records[at] }))
	if err != nil {
		return err
	}
	for i, at := range places {
		results[at] = landed[i]
	}
	return nil
}

func (s *Store) loadChunk(ctx context.Context, model string, records []*Record) ([]Loaded, error) {
	answer, err := s.loadOnce(ctx, model, records)
	if err != nil {
		return nil, err
	}
	results := make([]Loaded, len(records))
	if len(answer.IDs) == len(records) {
		for i, id := range answer.IDs {
			results[i].ID = id
		}
		return results, nil
	}
	if len(records) == 1 {
		results[0].Refused = answer.refusal(model)
		return results, nil
	}
	blamed, rest := answer.parts(records)
	for _, part := range append(blamed, rest) {
		if err := s.loadPart(ctx, model, records, part, results); err != nil {
			return nil, err
		}
	}
	return results, nil
}

// key says how load finds a record: by the column and what stands in it.
func (r *Record) key() (column, text string) {
	if r.ID != 0 {
		return ".id", rpc.FormatID(r.ID)
	}
	return "id", Module + "." + r.Name
}

// sheet turns records into load's columns and rows.
func sheet(records []*Record) (columns []string, rows [][]string) {
	key, _ := records[0].key()
	columns = []string{key}
	for _, c := range records[0].Cells {
		columns = append(columns, c.Column)
	}
	width := len(columns)
	for _, r := range records {
		if len(r.Lines) > 0 {
			for _, c := range r.Lines[0] {
				columns = append(columns, c.Column)
			}
			break
		}
	}
	for _, r := range records {
		for i := range max(1, len(r.Lines)) {
			row := make([]string, len(columns))
			if i == 0 {
				_, row[0] = r.key()
				for j, c := range r.Cells {
					row[j+1] = c.Text
				}
			}
			if len(r.Lines) > 0 {
				for j, c := range r.Lines[i] {
					row[width+j] = c.Text
				}
			}
			rows = append(rows, row)
		}
	}
	return columns, rows
}

// loadAnswer is what load answers, with status 200 whatever happened.
type loadAnswer struct {
	IDs      rpc.IDs `json:"ids"` // none when anything is wrong
	Messages []struct {
		Type    string   `json:"type"`
		Message string   `json:"message"` // may quote personal data
		Record  *int     `json:"record"`
		Field   rpc.Text `json:"field"`
	} `json:"messages"`
	raised error // what came in place of an answer
}

func (s *Store) loadOnce(ctx context.Context, model string, records []*Record) (loadAnswer, error) {
	columns, rows := sheet(records)
	var answer loadAnswer
	err := s.rpc.Call(ctx, rpc.Call{Model: model, Method: "load", Context: s.rpc.ArchivedContext(),
		Args: map[string]any{"fields": columns, "data": rows}}, &answer)
	if fault.Is(err, fault.Invalid) && fault.From(err).Field == "" {
		return loadAnswer{raised: err}, nil // instead of told: nobody is blamed
	}
	for _, m := range answer.Messages {
		if rpc.IsRaceMessage(m.Message) {
			return loadAnswer{}, fault.New(fault.Unavailable, "another transaction was faster in Odoo (%s.load)", model)
		}
	}
	return answer, err
}

// parts splits the places of records into those to try alone and the rest. When nobody is blamed, or everybody, the
// records are halved instead.
func (a loadAnswer) parts(records []*Record) (alone [][]int, rest []int) {
	blamed := map[int]bool{}
	for _, m := range a.Messages {
		if m.Type == "error" && m.Record != nil && *m.Record < len(records) {
			blamed[*m.Record] = true
		}
	}
	for i := range records {
		if blamed[i] {
			alone = append(alone, []int{i})
		} else {
			rest = append(rest, i)
		}
	}
	if len(alone) == 0 || len(rest) == 0 && len(records) > 10 {
		all := slices.Concat(append(alone, rest)...)
		half := len(all) / 2
		return [][]int{all[:half]}, all[half:]
	}
	return alone, rest
}

// refusedCode is the code of a record that Odoo does not take.
const refusedCode = "odoo_refused"

// refusedBecause says where the reason of a refusal is found, and what to do about it.
const refusedBecause = "Odoo's server log says why; correct the record in the store, or what refuses it in Odoo, and process it again"

// refusal says that Odoo does not take a record. Its own words may quote the record, so only the field is named.
func (a loadAnswer) refusal(model string) *landing.Refusal {
	if a.raised != nil {
		return refusal(a.raised)
	}
	for _, m := range a.Messages {
		if m.Type == "error" && m.Field != "" {
			return landing.Failed(refusedCode, "Odoo does not take the value of %s.%s: %s", model, rpc.Printable(string(m.Field)), refusedBecause)
		}
	}
	return landing.Failed(refusedCode, "Odoo does not take the record as a %s: %s", model, refusedBecause)
}
