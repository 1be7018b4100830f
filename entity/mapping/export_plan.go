package mapping

import (
	"context"
	"maps"
	"slices"
	"strings"

	"tandem/erp"
	"tandem/flow"
	"tandem/woo"
)

// What a planned export does with a record.
const (
	PlanCreate    = "create"
	PlanUpdate    = "update"
	PlanUnchanged = "unchanged"
)

// Planned is what an export would do with a record now.
type Planned struct {
	ERPID       string
	WooID       string // empty while the store does not have it
	Action      string // PlanCreate, PlanUpdate, PlanUnchanged, or the status with which it would be refused
	Code        string // of a refusal
	Reason      string
	Differences []flow.Difference // what would be written
	Kept        []flow.Difference // what would be kept as it is, because the other side's value counts, or a person has to decide
}

// PlanRequest asks what an export or import of some records would write.
type PlanRequest struct {
	Instance  string
	Entity    string
	Direction flow.Direction
	IDs       []string // of the side that is read
	Parts     []string // see Context.Parts
	Force     bool     // see Context.Force
}

// Planner is an export or import that can say what it would write.
type Planner interface {
	Name() string
	// Plan says it of records by the ids of the side that is read, at most a page of them. It reads both sides and writes nothing.
	Plan(ctx context.Context, ec Context, ids []string) ([]Planned, error)
}

// Plan says what the export would write of some records.
func (f *ExportFlow[E, T, R]) Plan(ctx context.Context, ec Context, ids []string) ([]Planned, error) {
	x := f.table
	reader, err := erp.Records.Of(ec.Backend)
	if err != nil {
		return nil, err
	}
	var b flow.Batch[Sent[E]]
	page, err := x.Records.List(reader, ctx, erp.RecordQuery{Instance: ec.Instance.ID, IDs: ids, Limit: max(len(ids), 1), Images: ec.Instance.Config.Export.Images})
	if err != nil {
		return nil, err
	}
	if err := x.add(ctx, ec, &b, page, false); err != nil {
		return nil, err
	}
	r := exportRun[E, T, R]{Export: x, ec: ec, reader: reader, service: x.Store.Service(ec.Store)}
	all := r.planned(b.Records)
	ready := slices.DeleteFunc(slices.Clone(all), func(e *Exported[E, T, R]) bool { return e.Refused() || len(r.missing(e)) > 0 })
	if err := r.findCurrent(ctx, ready); err != nil {
		return nil, err
	}
	plan := make([]Planned, 0, len(ids))
	for _, e := range all {
		plan = append(plan, r.plan(e))
	}
	return append(plan, missingOf(ids, plan)...), nil
}

// planned gives records as write has them.
func (r exportRun[E, T, R]) planned(records []Sent[E]) []*Exported[E, T, R] {
	var all []*Exported[E, T, R]
	for _, record := range records {
		a := &flow.Attempt[Sent[E], E]{Record: record}
		value, err := r.convert(r.ec, record)
		a.Value = value
		e := &Exported[E, T, R]{attempt: a, Record: value, Parts: map[erp.Key]string{}}
		if err != nil {
			r.refuse(e, err)
		}
		all = append(all, e)
	}
	return all
}

// missingOf gives the records that were asked for and are not in the ERP.
func missingOf(ids []string, plan []Planned) []Planned {
	var missing []Planned
	for _, id := range ids {
		if !slices.ContainsFunc(plan, func(p Planned) bool { return p.ERPID == id }) {
			missing = append(missing, Planned{ERPID: id, Action: string(flow.Failed), Code: notInERP.Code, Reason: notInERP.Reason})
		}
	}
	return missing
}

// plan says what would be written of one record.
func (r exportRun[E, T, R]) plan(e *Exported[E, T, R]) Planned {
	p := Planned{ERPID: e.attempt.Record.ID, WooID: r.keyOf(e).ID, Action: PlanUnchanged}
	if missing := r.missing(e); len(missing) > 0 && !e.Refused() {
		r.refuse(e, Unlinked(missing))
	}
	if e.Have == nil && !e.Refused() && !r.ec.Chosen(BasicPart) {
		r.refuse(e, notYetInStore())
	}
	if !e.Refused() {
		if err := r.compareSides(e, &p); err != nil {
			r.refuse(e, err)
		}
	}
	if o := e.attempt.Outcome; o.Refused() {
		p.Action, p.Code, p.Reason, p.Differences, p.Kept = string(o.Status), o.Code, o.Reason, nil, o.Differences
	} else if e.resolution != nil {
		p.Kept = e.resolution.differences(theStore)
	}
	return p
}

// compareSides adds to a plan what would be written.
func (r exportRun[E, T, R]) compareSides(e *Exported[E, T, R], p *Planned) error {
	if e.Have == nil {
		p.Action, p.Differences = PlanCreate, FieldDifferences("", r.creation(e), nil)
		return nil
	}
	changes, err := r.changes(e)
	if err != nil {
		return err
	}
	content, err := r.Content(r.ec, *e.Have)
	if err != nil {
		return err
	}
	p.Differences = FieldDifferences("", changes, r.Fields(r.ec, content))
	if r.NestedPlan != nil {
		nested, err := r.NestedPlan(r.ec, e)
		if err != nil {
			return err
		}
		p.Differences = append(p.Differences, nested...)
	}
	if len(p.Differences) > 0 {
		p.Action = PlanUpdate
	}
	return nil
}

// FieldDifferences puts fields beside what the store has in them, in the order of their names. part names what of a record they are of.
func FieldDifferences(part string, want, have woo.Fields) []flow.Difference {
	var all []flow.Difference
	for _, name := range slices.Sorted(maps.Keys(want)) {
		wanted, held := planValue(want[name]), planValue(have[name])
		if wanted == held {
			continue // nothing is sent where the store has nothing
		}
		field := FieldName(name)
		if part != "" {
			field = part + ": " + field
		}
		all = append(all, flow.Difference{Field: field, ERP: wanted, Store: held})
	}
	return all
}

// commonNames are those of the store's fields whose names people know otherwise.
var commonNames = map[string]string{
	"sku": "SKU", "global_unique_id": "GTIN", "date_on_sale_from_gmt": "Sale from (UTC)", "date_on_sale_to_gmt": "Sale until (UTC)",
	"shipping_class_id": "Shipping class", "date_expires_gmt": "Expires (UTC)", "manage_stock": "Track stock", "external_url": "External address",
	"menu_order": "Position", "type": "Type", "discount_type": "Kind of discount", "meta_data": "Field of Tandem",
	"grouped_products": "Products in the group", "email": "E-mail",
}

// FieldName gives the name under which people know a field of the store.
func FieldName(field string) string {
	if name := commonNames[field]; name != "" {
		return name
	}
	words := strings.NewReplacer("_", " ", ".", " ").Replace(field)
	if words == "" {
		return ""
	}
	return strings.ToUpper(words[:1]) + words[1:]
}

// planValue writes a value down for people: texts as they are, all else as it is sent; empty for nothing.
func planValue(v any) string {
	text := ""
	switch value := v.(type) {
	case nil:
	case string:
		text = value
	case HTML:
		text = value.plain()
	default:
		text = string(encodeValue(v))
	}
	if text == "[]" || text == "null" {
		return ""
	}
	const longest = 500
	if runes := []rune(text); len(runes) > longest {
		return string(runes[:longest]) + "…"
	}
	return text
}
