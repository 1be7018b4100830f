package record

import (
	"context"
	"slices"
	"strconv"
	"testing"

	"github.com/stretchr/testify/require"

	"tandem/erp"
	"tandem/erp/check"
	"tandem/erp/odoo/rpc"
	"tandem/fault"
)

func tag(id, name string) erp.Term {
	return erp.Term{Key: erp.Key{Instance: "demo", Entity: "tag", ID: id}, Kind: erp.Tag, Name: name}
}

func TestCallsThatShareARecordOrANameTakeTurns(t *testing.T) {
	w := Writer[erp.Term]{
		Key:   func(t *erp.Term) *erp.Key { return &t.Key },
		Names: func(t *erp.Term) []string { return []string{t.Name, t.Parent.String()} },
	}
	red, blue := tag("1", "red"), tag("2", "blue")
	red.Parent, blue.Parent = red.Key, red.Key
	require.Equal(t, []string{"demo/tag/1", "red", "demo/tag/1", "demo/tag/2", "blue", "demo/tag/1"}, w.turns([]*erp.Term{&red, &blue}))

	w.Names = nil
	require.Equal(t, []string{"demo/tag/1"}, w.turns([]*erp.Term{&red}))
}

func TestTurnsEndWithTheCall(t *testing.T) {
	b := &Store{}
	w := Writer[erp.Term]{Key: func(t *erp.Term) *erp.Key { return &t.Key }, Check: check.Term, Land: func(context.Context, []*erp.Term) ([]erp.Outcome, error) {
		require.Len(t, b.named, 2)
		return nil, fault.New(fault.Unavailable, "gone")
	}}
	_, err := w.Upsert(t.Context(), b, []erp.Term{tag("1", "a"), tag("2", "b"), tag("1", "c")})
	require.True(t, fault.Retryable(err))
	require.Empty(t, b.named)
}

func TestFieldsOfAMetaMapping(t *testing.T) {
	s := &Setup{custom: map[string]map[string]bool{"res.partner": {"x_loyalty": true, "x_tandem": false}}}
	named := map[string]string{"comment": "comment", "language": "lang", "phone": "phone", "reference": "ref", "tax_id": "vat"}
	require.Nil(t, s.CheckFields("res.partner", map[string]string{"tax_id": "FR1", "x_loyalty": "gold"}, named))
	for _, name := range []string{"no_such", "x_unknown", "x_tandem"} {
		r := s.CheckFields("res.partner", map[string]string{name: "1"}, named)
		require.Equal(t, "unknown_field", r.Code)
		require.Contains(t, r.Reason, name)
		require.Contains(t, r.Reason, "comment, language, phone, reference, tax_id")
	}
	cells := SetFields([]rpc.Cell{rpc.TextCell("vat", "old"), rpc.TextCell("name", "Ann")}, map[string]string{"tax_id": "new", "x_loyalty": "gold"}, named)
	require.Equal(t, []rpc.Cell{rpc.TextCell("vat", "new"), rpc.TextCell("name", "Ann"), rpc.TextCell("x_loyalty", "gold")}, cells)
}

func TestARefusedRecordBlocksNoOther(t *testing.T) {
	counts := make([]*erp.StockCount, 7)
	for i := range counts {
		counts[i] = &erp.StockCount{Key: erp.Key{Instance: "demo", Entity: "product", ID: strconv.Itoa(i)}}
	}
	for name, c := range map[string]struct {
		err   error // of a call about the fourth
		whole bool  // the error is about all of them
	}{
		"a value":       {&fault.Error{Kind: fault.Invalid, Code: "odoo_UserError", Message: "Odoo refuses this"}, false},
		"a lost field":  {&fault.Error{Kind: fault.Invalid, Code: "odoo_ValueError", Message: "Odoo cannot read the values"}, true},
		"a setting":     {fault.Field("company", "there is none"), true},
		"a passing one": {fault.New(fault.Unavailable, "Odoo does not answer"), true},
		"no right":      {fault.New(fault.Unauthorized, "no"), true},
	} {
		t.Run(name, func(t *testing.T) {
			w := Writer[erp.StockCount]{
				Key: func(c *erp.StockCount) *erp.Key { return &c.Key },
				Land: func(_ context.Context, records []*erp.StockCount) ([]erp.Outcome, error) {
					if slices.Contains(records, counts[3]) {
						return nil, c.err
					}
					return rpc.Map(records, func(c *erp.StockCount) erp.Outcome { return erp.Outcome{Key: c.Key, Status: erp.Updated} }), nil
				},
			}
			outcomes, err := w.landAll(t.Context(), &Store{}, counts)
			if c.whole {
				require.Equal(t, c.err, err)
				return
			}
			require.NoError(t, err)
			require.Len(t, outcomes, len(counts))
			for i, outcome := range outcomes {
				require.Equal(t, counts[i].Key, outcome.Key)
				require.Equal(t, i != 3, outcome.Landed())
			}
			require.Equal(t, "odoo_refused", outcomes[3].Code)
			require.Contains(t, outcomes[3].Reason, "Odoo refuses this")
		})
	}
}
