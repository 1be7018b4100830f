package landing_test

import (
	"context"
	"errors"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"tandem/erp"
	"tandem/erp/landing"
)

func tag(id, name string) erp.Term {
	return erp.Term{Key: erp.Key{Instance: "demo", Entity: "tag", ID: id}, Kind: erp.Tag, Name: name}
}

func termKey(t *erp.Term) *erp.Key { return &t.Key }

// land lands a batch with a function in place of an ERP. Tags without a name are refused.
func land(t *testing.T, batch []erp.Term, write func([]*erp.Term) ([]erp.Outcome, error)) ([]erp.Outcome, error) {
	t.Helper()
	return landing.Batch[erp.Term]{
		Key: termKey,
		Check: func(r *erp.Term) *landing.Refusal {
			if r.Name == "" {
				return landing.Failed("invalid_name", "it has no name")
			}
			return nil
		},
		Land: func(_ context.Context, records []*erp.Term) ([]erp.Outcome, error) { return write(records) },
	}.Run(t.Context(), batch)
}

// create answers with the names as ids, in the reverse order: outcomes are told apart by their keys.
func create(records []*erp.Term) ([]erp.Outcome, error) {
	var outcomes []erp.Outcome
	for i := len(records) - 1; i >= 0; i-- {
		outcomes = append(outcomes, erp.Outcome{Key: records[i].Key, Status: erp.Created, ID: records[i].Name})
	}
	return outcomes, nil
}

func TestABatchGivesOneOutcomePerRecordInOrder(t *testing.T) {
	for name, c := range map[string]struct {
		batch []erp.Term
		sent  string // names of the records that are written, in order
		want  string // ids or codes of the outcomes
	}{
		"nothing":                       {nil, "", ""},
		"two":                           {[]erp.Term{tag("1", "a"), tag("2", "b")}, "a b", "a b"},
		"of several the last counts":    {[]erp.Term{tag("1", "a"), tag("2", "b"), tag("1", "c")}, "b c", "c b c"},
		"a bad one":                     {[]erp.Term{tag("1", "a"), tag("2", ""), tag("3", "c")}, "a c", "a invalid_name c"},
		"only bad ones":                 {[]erp.Term{tag("", "a"), tag("2", "")}, "", "invalid_key invalid_name"},
		"a bad one does not count last": {[]erp.Term{tag("1", "a"), tag("1", "")}, "a", "a invalid_name"},
	} {
		t.Run(name, func(t *testing.T) {
			var sent []string
			outcomes, err := land(t, c.batch, func(records []*erp.Term) ([]erp.Outcome, error) {
				require.NotEmpty(t, records, "nothing to write is not written")
				for _, r := range records {
					sent = append(sent, r.Name)
				}
				return create(records)
			})
			require.NoError(t, err)
			require.Equal(t, c.sent, strings.Join(sent, " "))
			var got []string
			for i, o := range outcomes {
				require.Equal(t, c.batch[i].Key, o.Key)
				got = append(got, o.ID+o.Code)
			}
			require.Equal(t, c.want, strings.Join(got, " "))
		})
	}
}

func TestAFailureIsTheWholeBatchs(t *testing.T) {
	gone := errors.New("gone")
	outcomes, err := land(t, []erp.Term{tag("1", ""), tag("2", "b")}, func([]*erp.Term) ([]erp.Outcome, error) { return nil, gone })
	require.Nil(t, outcomes)
	require.ErrorIs(t, err, gone)
}

func TestKeysThatCannotBeToldApart(t *testing.T) {
	require.Nil(t, landing.CheckKey(erp.Key{Instance: "demo", Entity: "tag", ID: "1"}))
	for _, key := range []erp.Key{{}, {Entity: "tag", ID: "1"}, {Instance: "demo", ID: "1"}, {Instance: "demo", Entity: "tag"}} {
		require.Equal(t, "invalid_key", landing.CheckKey(key).Code)
	}
}

func TestGrouped(t *testing.T) {
	batch := []erp.StockCount{{Warehouse: "A", Key: tag("1", "").Key}, {Warehouse: "B", Key: tag("2", "").Key}, {Warehouse: "A", Key: tag("3", "").Key}}
	warehouse := func(c *erp.StockCount) string { return c.Warehouse }
	sizes := map[string]int{}
	outcomes, err := landing.Grouped(batch, warehouse, func(group string, part []erp.StockCount) ([]erp.Outcome, error) {
		sizes[group] = len(part)
		var outcomes []erp.Outcome
		for _, c := range part {
			outcomes = append(outcomes, erp.Outcome{Key: c.Key, ID: group})
		}
		return outcomes, nil
	})
	require.NoError(t, err)
	require.Equal(t, map[string]int{"A": 2, "B": 1}, sizes)
	for i, o := range outcomes {
		require.Equal(t, erp.Outcome{Key: batch[i].Key, ID: batch[i].Warehouse}, o)
	}

	gone := errors.New("gone")
	outcomes, err = landing.Grouped(batch, warehouse, func(string, []erp.StockCount) ([]erp.Outcome, error) { return nil, gone })
	require.Nil(t, outcomes)
	require.ErrorIs(t, err, gone)
}
