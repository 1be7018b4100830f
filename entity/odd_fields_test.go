package entity_test

import (
	"encoding/json"
	"fmt"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"tandem/erp"
	"tandem/flow"
	"tandem/woo/wootest/oddstore"
)

// oddValues are what plugins, old databases and careless hands put where something else belongs.
var oddValues = []string{
	`null`, `""`, `"x"`, `"-1"`, `-1`, `0`, `1.5`, `1e30`, `"99999999999999999999999"`, `"1,50"`, `true`, `false`, `[]`, `{}`,
	`[null]`, `{"0": "x"}`, `[[]]`, `"a\u0000b"`, `"\ud800"`, `"0000-00-00T00:00:00"`, `"<b>&amp;</b>"`,
}

// valuesPerField is how many of the odd values each field gets; they take turns.
const valuesPerField = 3

// oddRecord is a recorded record with one field changed.
type oddRecord struct {
	id, field, value string
	raw              json.RawMessage
}

// TestOddFieldsHoldUpNothing imports recorded records with an odd value in each of their fields, all at once. Each lands or
// is refused in words, none for what another one says, and no order is off by a cent.
func TestOddFieldsHoldUpNothing(t *testing.T) {
	for _, c := range []struct {
		kind, file string
		unique     []string // fields that must differ from record to record
		into       func(*oddstore.State) *[]json.RawMessage
	}{
		{"order", "woocommerce-10.5.0/order_incl_mix_6lines_two_coupons_shipping_dp6", nil,
			func(s *oddstore.State) *[]json.RawMessage { return &s.Orders }},
		{"product", "woocommerce-10.0.2/product_simple_create", []string{"sku", "slug", "global_unique_id"},
			func(s *oddstore.State) *[]json.RawMessage { return &s.Products }},
		{"customer", "woocommerce-10.0.2/customer_create", []string{"email"},
			func(s *oddstore.State) *[]json.RawMessage { return &s.Customers }},
		{"coupon", "woocommerce-10.0.2/coupon_create", []string{"code"},
			func(s *oddstore.State) *[]json.RawMessage { return &s.Coupons }},
		{"tax", "woocommerce-10.0.2/tax_create", nil,
			func(s *oddstore.State) *[]json.RawMessage { return &s.Taxes }},
		{"category", "woocommerce-10.0.2/category_child_create", []string{"slug", "name"},
			func(s *oddstore.State) *[]json.RawMessage { return &s.Categories }},
		{"attribute", "woocommerce-10.0.2/attribute_create", []string{"slug", "name"},
			func(s *oddstore.State) *[]json.RawMessage { return &s.Attributes }},
	} {
		t.Run(c.kind, func(t *testing.T) {
			records := oddRecords(t, c.file, c.unique)
			var state oddstore.State
			for _, record := range records {
				*c.into(&state) = append(*c.into(&state), record.raw)
			}
			r := startCase(t, state)
			withPlaceholder(&r.ec.Instance)
			r.first = r.importAll()
			again := r.importAll()
			for _, record := range records {
				key := erp.Key{Instance: "odd", Entity: c.kind, ID: record.id}
				require.NotNil(t, r.first[key], "%s = %s was read", record.field, record.value)
				r.requireSound(record, *r.first[key], *again[key])
			}
		})
	}
}

// requireSound checks what became of a record at two imports.
func (r *caseRun) requireSound(record oddRecord, first, again flow.Outcome) {
	r.t.Helper()
	what := fmt.Sprintf("%s %s with %s = %s", first.Key.Entity, record.id, record.field, record.value)
	if !first.Landed() {
		require.NotEmpty(r.t, first.Reason, what)
		require.NotContains(r.t, databaseCodes, first.Code, "%s: %s", what, first.Reason)
		require.Equal(r.t, first.Code, again.Code, "%s: refused at first (%s), then %s", what, first.Reason, again.Reason)
		return
	}
	require.Equal(r.t, erp.Unchanged, again.Status, what)
	if first.Key.Entity == "order" && record.field != "total" {
		require.Equal(r.t, "116.12", r.figures(record.id).Total.String(), what)
	}
}

// databaseCodes are PostgreSQL's words for what should have been refused with the name of the field.
var databaseCodes = []string{
	"numeric_value_out_of_range", "invalid_text_representation", "string_data_right_truncation", "character_not_in_repertoire",
	"untranslatable_character", "not_null_violation", "check_violation",
}

// oddRecords changes each field of a recorded record in turn, but for the id, and the status by which orders are chosen.
func oddRecords(t *testing.T, file string, unique []string) []oddRecord {
	t.Helper()
	base := recordedObject(t, file)
	if _, isOrder := base["line_items"]; isOrder {
		base["status"] = "processing"
	}
	var records []oddRecord
	for _, path := range fieldPaths(base, nil) {
		if slices.Contains([]string{"id", "_links", "status"}, path[0]) {
			continue
		}
		for range valuesPerField {
			value := oddValues[len(records)%len(oddValues)]
			id := fmt.Sprint(10_000 + len(records))
			own := maps.Clone(base)
			own["id"] = json.Number(id)
			for _, name := range unique {
				own[name] = id + fmt.Sprint(own[name])
			}
			raw, err := json.Marshal(replaced(own, path, json.RawMessage(value)))
			require.NoError(t, err)
			records = append(records, oddRecord{id, strings.Join(path, "."), value, raw})
		}
	}
	return records
}

func recordedObject(t *testing.T, file string) map[string]any {
	t.Helper()
	raw, err := os.ReadFile(filepath.Join("..", "woo", "testdata", filepath.FromSlash(file)+".json"))
	require.NoError(t, err)
	var recorded struct {
		Response struct {
			Body map[string]any `json:"body"`
		} `json:"response"`
	}
	dec := json.NewDecoder(strings.NewReader(string(raw)))
	dec.UseNumber()
	require.NoError(t, dec.Decode(&recorded))
	return recorded.Response.Body
}

// fieldPaths names every field of a record; of a list those of its first member.
func fieldPaths(value any, at []string) [][]string {
	var paths [][]string
	add := func(name string, value any) {
		path := append(slices.Clone(at), name)
		paths = append(append(paths, path), fieldPaths(value, path)...)
	}
	switch v := value.(type) {
	case map[string]any:
		for _, name := range slices.Sorted(maps.Keys(v)) {
			add(name, v[name])
		}
	case []any:
		if len(v) > 0 {
			add("0", v[0])
		}
	}
	return paths
}

// replaced gives a copy of a value with another one at the end of a path.
func replaced(value any, path []string, by json.RawMessage) any {
	if len(path) == 0 {
		return by
	}
	switch v := value.(type) {
	case map[string]any:
		c := maps.Clone(v)
		c[path[0]] = replaced(v[path[0]], path[1:], by)
		return c
	case []any:
		c := slices.Clone(v)
		c[0] = replaced(v[0], path[1:], by)
		return c
	}
	return value
}

// Orders of one customer bring their addresses together: a bad one is the fault of the order that it came with.
func TestABadAddressHoldsUpItsOwnOrderOnly(t *testing.T) {
	var state oddstore.State
	for id, country := range map[int]string{5001: "FR", 5002: "France", 5003: "DE"} {
		state.Orders = append(state.Orders, fmt.Appendf(nil, `{"id": %[1]d, "number": "%[1]d", "status": "processing", "currency": "EUR",
			"date_created_gmt": "2026-03-02T09:30:00", "total": "10.00", "total_tax": "0.00",
			"billing": {"last_name": "Guest", "email": "guest@shop.invalid", "country": "FR"},
			"shipping": {"last_name": "Guest", "city": "Lyon", "country": %[2]q},
			"line_items": [{"id": 1, "name": "Thing 101", "product_id": 101, "quantity": 1, "subtotal": "10.00", "total": "10.00"}]}`, id, country))
	}
	r := startCase(t, state)
	r.first = r.importAll()
	for id, code := range map[string]string{"5001": "", "5002": "invalid_country", "5003": ""} {
		require.Equal(t, code, r.first[erp.Key{Instance: "odd", Entity: "order", ID: id}].Code, id)
	}
	r.says("order", "5002", "the order's customer was refused", `the country "FRANCE" is not a code of two capital letters`)
}
