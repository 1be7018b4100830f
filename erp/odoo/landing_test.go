package odoo

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
	w := writer[erp.Partner]{key: func(p *erp.Partner) *erp.Key { return &p.Key }, names: partnerNames}
	ann := customer("1", "ann@shop.example")
	ann.Addresses = []erp.Address{{Key: erp.Key{Instance: "demo", Entity: "address", ID: "5"}}}
	require.Equal(t, []string{"demo/customer/1", emailName(ann), "demo/address/5", "demo/customer/2"},
		w.turns([]*erp.Partner{ann, customer("2", "")}))

	w.names = nil
	require.Equal(t, []string{"demo/customer/1"}, w.turns([]*erp.Partner{ann}))
}

func TestTurnsEndWithTheCall(t *testing.T) {
	b := &Backend{}
	w := writer[erp.Term]{key: termKey, check: check.Term, land: func(context.Context, []*erp.Term) ([]erp.Outcome, error) {
		require.Len(t, b.locks.named, 2)
		return nil, fault.New(fault.Unavailable, "gone")
	}}
	_, err := w.upsert(t.Context(), b, []erp.Term{tag("1", "a"), tag("2", "b"), tag("1", "c")})
	require.True(t, fault.Retryable(err))
	require.Empty(t, b.locks.named)
}

func TestValuesGetNamesOfTheirOwn(t *testing.T) {
	value := func(id, name string) *draft[erp.Term] {
		key := erp.Key{Instance: "demo", Entity: "attribute_value", ID: id}
		return draftOf(&erp.Term{Key: key, Name: name}, key)
	}
	red, scarlet, again, taken, kept := value("1", "Red"), value("2", "Scarlet"), value("3", "Red"), value("4", "Blue"), value("5", "Green")
	values := []*draft[erp.Term]{red, scarlet, again, taken, kept}
	held := map[erp.Key]int64{kept.Key: 95}
	there := map[valueRef]int64{{8, "Scarlet"}: 92, {8, "Blue"}: 95, {8, "Green"}: 99}

	names, adopted := nameValues(values, []int64{8, 8, 8, 8, 8}, held, there)

	require.Equal(t, map[erp.Key]string{red.Key: "Red", scarlet.Key: "Scarlet", again.Key: "Red (3)", taken.Key: "Blue (4)",
		kept.Key: "Green (5)"}, names)
	require.Equal(t, map[string]int64{externalName(scarlet.Key): 92}, adopted, "a name that is free to take is taken over")
}

func TestFieldsOfAMetaMapping(t *testing.T) {
	s := &setup{custom: map[string]map[string]bool{"res.partner": {"x_loyalty": true, "x_tandem": false}}}
	require.Nil(t, s.checkFields("res.partner", map[string]string{"tax_id": "FR1", "x_loyalty": "gold"}, partnerFields))
	for _, name := range []string{"no_such", "x_unknown", "x_tandem"} {
		r := s.checkFields("res.partner", map[string]string{name: "1"}, partnerFields)
		require.Equal(t, "unknown_field", r.Code)
		require.Contains(t, r.Reason, name)
		require.Contains(t, r.Reason, "comment, language, phone, reference, tax_id")
	}
	cells := setFields([]rpc.Cell{rpc.TextCell("vat", "old"), rpc.TextCell("name", "Ann")}, map[string]string{"tax_id": "new", "x_loyalty": "gold"}, partnerFields)
	require.Equal(t, map[string]string{"vat": "new", "name": "Ann", "x_loyalty": "gold"}, texts(cells))
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
			w := writer[erp.StockCount]{
				key: func(c *erp.StockCount) *erp.Key { return &c.Key },
				land: func(_ context.Context, records []*erp.StockCount) ([]erp.Outcome, error) {
					if slices.Contains(records, counts[3]) {
						return nil, c.err
					}
					return mapped(records, func(c *erp.StockCount) erp.Outcome { return erp.Outcome{Key: c.Key, Status: erp.Updated} }), nil
				},
			}
			outcomes, err := w.landAll(t.Context(), &Backend{}, counts)
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
