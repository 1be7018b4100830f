package odootest

import (
	"testing"

	"github.com/stretchr/testify/require"
)

func TestVersionsDiffer(t *testing.T) {
	for _, c := range []struct {
		model, field string
		first, last  int
	}{
		{"sale.order.line", "tax_id", 14, 18},
		{"sale.order.line", "tax_ids", 19, 19},
		{"product.template", "detailed_type", 15, 17},
		{"product.template", "is_storable", 18, 19},
		{"stock.move", "quantity_done", 14, 16},
		{"stock.move", "picked", 17, 19},
		{"account.payment", "ref", 14, 17},
		{"product.tag", "name", 16, 19},
		{"coupon.program", "name", 14, 15},
		{"res.partner", "name", 14, 19},
	} {
		for version := 14; version <= 19; version++ {
			m := readModels(modelText, version)[c.model]
			has := m != nil && m.fields[c.field].name != ""
			require.Equal(t, c.first <= version && version <= c.last, has, "%s.%s in %d", c.model, c.field, version)
		}
	}
}

func TestRecordsAreKept(t *testing.T) {
	clients(t, func(t *testing.T, c client) {
		france := c.must(t, "res.country", "search", map[string]any{"domain": []any{[]any{"code", "=", "FR"}}}).([]any)[0]
		ann := c.make(t, "res.partner", map[string]any{"name": "Ann", "country_id": france})
		c.make(t, "res.partner", map[string]any{"name": "Shed", "parent_id": ann, "active": false})
		require.Equal(t, []any{france, "France"}, c.value(t, "res.partner", ann, "country_id"))
		require.Equal(t, false, c.value(t, "res.partner", ann, "email"))
		c.must(t, "res.partner", "write", map[string]any{"ids": []any{ann}, "vals": map[string]any{"email": "ann@shop.example"}})
		require.Equal(t, "ann@shop.example", c.value(t, "res.partner", ann, "email"))
		require.Equal(t, 2, c.Count("res.partner"))
		c.must(t, "res.partner", "unlink", map[string]any{"ids": []any{ann}})
		c.raises(t, "odoo.exceptions.MissingError", "res.partner", "read", map[string]any{"ids": []any{ann}, "fields": []any{"name"}})
	})
}

func TestDomains(t *testing.T) {
	c := client{Server: Start(t, 19), json2: true}
	ann := c.make(t, "res.partner", map[string]any{"name": "Ann_Lee", "email": "ann@shop.example"})
	c.make(t, "res.partner", map[string]any{"name": "Shed", "parent_id": ann})
	c.make(t, "res.partner", map[string]any{"name": "Bob", "active": false})
	for name, tt := range map[string]struct {
		domain  []any
		context map[string]any
		want    float64
	}{
		"all":                {nil, nil, 2},
		"archived ones too":  {nil, map[string]any{"active_test": false}, 3},
		"only archived ones": {[]any{[]any{"active", "=", false}}, nil, 1},
		"equal":              {[]any{[]any{"name", "=", "Shed"}}, nil, 1},
		"not equal":          {[]any{[]any{"name", "!=", "Shed"}}, nil, 1},
		"empty":              {[]any{[]any{"email", "=", false}}, nil, 1},
		"among":              {[]any{[]any{"id", "in", []any{ann, 99}}}, nil, 1},
		"not among":          {[]any{[]any{"id", "not in", []any{ann}}}, nil, 1},
		"through a relation": {[]any{[]any{"parent_id.email", "=", "ann@shop.example"}}, nil, 1},
		"through a list":     {[]any{[]any{"child_ids.name", "=", "Shed"}}, nil, 1},
		"an empty list":      {[]any{[]any{"child_ids", "=", false}}, nil, 1},
		"greater":            {[]any{[]any{"id", ">", ann}}, nil, 1},
		"a pattern":          {[]any{[]any{"name", "=like", `ann%`}}, nil, 0},
		"an escaped pattern": {[]any{[]any{"name", "=like", `Ann\_L%`}}, nil, 1},
		"a part":             {[]any{[]any{"name", "like", "he"}}, nil, 1},
		"whatever the case":  {[]any{[]any{"name", "ilike", "ANN"}}, nil, 1},
		"or":                 {[]any{"|", []any{"name", "=", "Shed"}, []any{"email", "!=", false}}, nil, 2},
		"not":                {[]any{"!", []any{"name", "=", "Shed"}}, nil, 1},
		"and":                {[]any{"&", []any{"name", "=", "Shed"}, []any{"email", "!=", false}}, nil, 0},
	} {
		t.Run(name, func(t *testing.T) {
			require.Equal(t, tt.want, c.must(t, "res.partner", "search_count", map[string]any{"domain": tt.domain, "context": tt.context}))
		})
	}
}

func TestAFailedCallLeavesNothing(t *testing.T) {
	clients(t, func(t *testing.T, c client) {
		before := c.Records()
		c.raises(t, "builtins.ValueError", "product.tag", "create",
			map[string]any{"vals_list": []any{map[string]any{"name": "A"}, map[string]any{"colour": "red"}}})
		c.raises(t, "psycopg2.errors.UniqueViolation", "product.tag", "create",
			map[string]any{"vals_list": []any{map[string]any{"name": "A"}, map[string]any{"name": "A"}}})
		require.Equal(t, before, c.Records())
	})
}

func TestCallsThatMakeNoSense(t *testing.T) {
	clients(t, func(t *testing.T, c client) {
		for exception, args := range map[string][2]string{
			"odoo.exceptions.UserError": {"no.model", "read"},
			"builtins.AttributeError":   {"res.partner", "_write"},
		} {
			c.raises(t, exception, args[0], args[1], map[string]any{"ids": []any{1}})
		}
		for _, domain := range [][]any{{"|"}, {"name"}, {[]any{"nothing", "=", 1}}, {[]any{"name", "~", "x"}}} {
			c.raises(t, "builtins.ValueError", "res.partner", "search", map[string]any{"domain": domain})
		}
		c.raises(t, "builtins.ValueError", "res.partner", "search_read", map[string]any{"domain": []any{}, "order": "name"})
	})
	c := client{Server: Start(t, 19), json2: true}
	c.raises(t, "werkzeug.exceptions.UnprocessableEntity", "res.partner", "search", map[string]any{"where": []any{}})
	a, err := c.post("/json/2/res.partner/search", map[string]any{}, "another key")
	require.NoError(t, err)
	require.Equal(t, 401, a.status)
	_, err = client{Server: Start(t, 18), json2: true}.call("res.partner", "search", nil)
	require.Error(t, err, "JSON-2 came with 19")
}

func TestCustomFields(t *testing.T) {
	clients(t, func(t *testing.T, c client) {
		term := c.make(t, "ir.model", map[string]any{"name": "Term", "model": "x_term", "state": "manual"})
		c.make(t, "ir.model.fields", map[string]any{"model_id": term, "name": "x_code", "ttype": "char"})
		id := c.make(t, "x_term", map[string]any{"x_name": "A", "x_code": "a"})
		require.Equal(t, "a", c.value(t, "x_term", id, "x_code"))
		c.raises(t, "psycopg2.errors.UniqueViolation", "ir.model.fields", "create", map[string]any{"vals_list": []any{
			map[string]any{"model_id": term, "name": "x_code", "ttype": "char"}}})
		c.raises(t, "builtins.ValueError", "ir.model.fields", "create", map[string]any{"vals_list": []any{
			map[string]any{"model_id": term, "name": "x_more", "ttype": "binary"}}})
	})
}
