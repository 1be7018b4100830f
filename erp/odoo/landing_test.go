package odoo

import (
	"context"
	"testing"

	"github.com/stretchr/testify/require"

	"tandem/erp"
	"tandem/fault"
)

func tag(id, name string) erp.Term {
	return erp.Term{Key: erp.Key{Instance: "demo", Entity: "tag", ID: id}, Kind: erp.Tag, Name: name}
}

// landTags lands a batch with a function in place of Odoo.
func landTags(t *testing.T, batch []erp.Term, land func([]*erp.Term) ([]erp.Outcome, error)) ([]erp.Outcome, error) {
	t.Helper()
	return landing[erp.Term]{
		key:   func(r *erp.Term) erp.Key { return r.Key },
		check: checkTerm,
		land:  func(_ context.Context, records []*erp.Term) ([]erp.Outcome, error) { return land(records) },
	}.run(t.Context(), &Backend{}, batch)
}

func TestOfSeveralUnderOneKeyTheLastCounts(t *testing.T) {
	outcomes, err := landTags(t, []erp.Term{tag("1", "a"), tag("2", "b"), tag("1", "c")}, func(records []*erp.Term) ([]erp.Outcome, error) {
		require.Equal(t, []string{"b", "c"}, mapped(records, func(r *erp.Term) string { return r.Name }))
		return mapped(records, func(r *erp.Term) erp.Outcome { return erp.Outcome{Key: r.Key, Status: erp.Created, ID: r.Name} }), nil
	})
	require.NoError(t, err)
	require.Equal(t, []string{"c", "b", "c"}, mapped(outcomes, func(o erp.Outcome) string { return o.ID }))
}

func TestWhatIsWrongByItselfIsNotSent(t *testing.T) {
	bad := tag("3", "kind")
	bad.Kind = "no such kind"
	outcomes, err := landTags(t, []erp.Term{tag("", "no key"), bad}, func([]*erp.Term) ([]erp.Outcome, error) {
		return nil, fault.New(fault.Internal, "nothing is to be landed")
	})
	require.NoError(t, err)
	require.Equal(t, []string{"invalid_key", "invalid_kind"}, mapped(outcomes, func(o erp.Outcome) string { return o.Code }))
}

func TestAFailureIsTheWholeBatchs(t *testing.T) {
	outcomes, err := landTags(t, []erp.Term{tag("1", "a")}, func([]*erp.Term) ([]erp.Outcome, error) {
		return nil, fault.New(fault.Unavailable, "gone")
	})
	require.Nil(t, outcomes)
	require.True(t, fault.Retryable(err))
}

func TestOutcomesOfDrafts(t *testing.T) {
	for _, c := range []struct {
		draft  draft[erp.Term]
		status erp.Status
		before string
		after  string
		id     string
	}{
		{draft[erp.Term]{id: 5, created: true, after: "n"}, erp.Created, "", "n", "5"},
		{draft[erp.Term]{id: 5, before: "o", after: "n"}, erp.Updated, "o", "n", "5"},
		{draft[erp.Term]{id: 5, before: "n", after: "n"}, erp.Unchanged, "n", "n", "5"},
		{draft[erp.Term]{id: 5, before: "o", after: "n", refused: failed("x", "y")}, erp.Failed, "o", "o", "5"},
		{draft[erp.Term]{created: true, after: "n", refused: parked("x", "y")}, erp.Parked, "", "", ""},
	} {
		got := c.draft.outcome()
		require.Equal(t, []any{c.status, c.before, c.after, c.id}, []any{got.Status, got.Before, got.After, got.ID})
	}
}

func TestTheDigestIsOfTheContentAlone(t *testing.T) {
	one, err := digestOf(tag("1", "a"), termKey)
	require.NoError(t, err)
	same, err := digestOf(tag("2", "a"), termKey)
	require.NoError(t, err)
	other, err := digestOf(tag("1", "b"), termKey)
	require.NoError(t, err)
	require.Equal(t, one, same)
	require.NotEqual(t, one, other)
	require.Len(t, one, 64)
}

func TestValuesGetNamesOfTheirOwn(t *testing.T) {
	value := func(id, name string) *draft[erp.Term] {
		key := erp.Key{Instance: "demo", Entity: "attribute_value", ID: id}
		return &draft[erp.Term]{key: key, record: &erp.Term{Key: key, Name: name}}
	}
	red, scarlet, again, taken, kept := value("1", "Red"), value("2", "Scarlet"), value("3", "Red"), value("4", "Blue"), value("5", "Green")
	values := []*draft[erp.Term]{red, scarlet, again, taken, kept}
	held := map[erp.Key]int64{kept.key: 95}
	there := map[valueRef]int64{{8, "Scarlet"}: 92, {8, "Blue"}: 95, {8, "Green"}: 99}

	names, adopted := nameValues(values, []int64{8, 8, 8, 8, 8}, held, there)

	require.Equal(t, map[erp.Key]string{red.key: "Red", scarlet.key: "Scarlet", again.key: "Red (3)", taken.key: "Blue (4)",
		kept.key: "Green (5)"}, names)
	require.Equal(t, map[string]int64{externalName(scarlet.key): 92}, adopted, "a name that is free to take is taken over")
}

func TestFieldsOfAMetaMapping(t *testing.T) {
	s := &setup{custom: map[string]map[string]bool{"res.partner": {"x_loyalty": true, "x_tandem": false}}}
	require.Nil(t, s.checkFields("res.partner", map[string]string{"tax_id": "FR1", "x_loyalty": "gold"}, partnerFields))
	for _, name := range []string{"no_such", "x_unknown", "x_tandem"} {
		r := s.checkFields("res.partner", map[string]string{name: "1"}, partnerFields)
		require.Equal(t, "unknown_field", r.code)
		require.Contains(t, r.reason, name)
		require.Contains(t, r.reason, "comment, language, phone, reference, tax_id")
	}
	cells := setFields([]cell{cellOf("vat", "old"), cellOf("name", "Ann")}, map[string]string{"tax_id": "new", "x_loyalty": "gold"}, partnerFields)
	require.Equal(t, map[string]string{"vat": "new", "name": "Ann", "x_loyalty": "gold"}, texts(cells))
}
