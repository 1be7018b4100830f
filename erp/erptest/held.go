package erptest

import (
	"encoding/json"
	"testing"
	"time"

	"github.com/shopspring/decimal"
	"github.com/stretchr/testify/require"

	"tandem/erp"
)

// recordTests are about backends whose records can be listed.
var recordTests = []test{
	{"a record is given as it was landed", recordsAsLanded},
	{"a record without a key has a pending one", pendingRecords},
	{"what a store holds is noted", adoptedRecords},
	{"changes are told from a cursor on", changedRecords},
	{"a cursor that was never given is refused", oddRecordCursor},
}

func readerOf(t *testing.T, s shop) erp.RecordReader {
	t.Helper()
	reader, err := erp.Records.Of(s.Backend)
	require.NoError(t, err)
	return reader
}

// named asks for records by the ERP's ids.
func (s shop) named(outcomes []erp.Outcome) erp.RecordQuery {
	q := erp.RecordQuery{Instance: s.instance, Limit: 100}
	for _, o := range outcomes {
		q.IDs = append(q.IDs, o.ID)
	}
	return q
}

func recordsOf[T any](page erp.RecordPage[T]) []T {
	var records []T
	for _, held := range page.Records {
		records = append(records, held.Record)
	}
	return records
}

func recordsAsLanded(t *testing.T, s shop) {
	ctx, reader := t.Context(), readerOf(t, s)
	parent := erp.Term{Key: s.key("category", 1), Kind: erp.Category, Name: "Tea", Code: "tea", Description: "Leaves", Position: 3, Active: true}
	child := erp.Term{Key: s.key("category", 2), Kind: erp.Category, Name: "Green", Parent: parent.Key, Active: true}
	outcomes := land(t, s, putTerms, []erp.Term{parent, child}, times(2, erp.Created)...)
	terms, err := reader.ListTerms(ctx, erp.Category, s.named(outcomes))
	require.NoError(t, err)
	require.Equal(t, []erp.Term{parent, child}, recordsOf(terms))

	colour := erp.Term{Key: s.key("attribute", 1), Kind: erp.Attribute, Name: "Colour", Code: "pa_colour", Active: true, Values: []erp.Term{
		{Key: s.key("attribute_value", 1), Kind: erp.AttributeValue, Name: "Red", Active: true},
	}}
	outcomes = land(t, s, putTerms, []erp.Term{colour}, erp.Created)
	terms, err = reader.ListTerms(ctx, erp.Attribute, s.named(outcomes))
	require.NoError(t, err)
	require.Equal(t, []erp.Term{colour}, recordsOf(terms))

	coupon := erp.Coupon{
		Key: s.key("coupon", 1), Code: "TEN", Kind: "percent", Amount: decimal.NewFromInt(10), Status: "publish", UsageLimit: 3,
		Expires: time.Date(2030, 1, 1, 0, 0, 0, 0, time.UTC), Products: []erp.Key{s.key("product", 9)}, ExcludeProducts: []erp.Key{},
		Categories: []erp.Key{}, ExcludeCategory: []erp.Key{}, Emails: []string{"a@example.com"},
	}
	outcomes = land(t, s, putCoupons, []erp.Coupon{coupon}, erp.Created)
	coupons, err := reader.ListCoupons(ctx, s.named(outcomes))
	require.NoError(t, err)
	require.Len(t, coupons.Records, 1)
	requireSameJSON(t, coupon, coupons.Records[0].Record)
}

// tag is a tag of a shop.
func (s shop) tag(n int, name string) erp.Term {
	return erp.Term{Key: s.key("tag", n), Kind: erp.Tag, Name: name, Active: true}
}

func pendingRecords(t *testing.T, s shop) {
	ctx, reader := t.Context(), readerOf(t, s)
	outcomes := land(t, s, putTerms, []erp.Term{s.tag(1, "Tea")}, erp.Created)
	require.NoError(t, s.Release(ctx, s.key("tag", 1)))
	page, err := reader.ListTerms(ctx, erp.Tag, s.named(outcomes))
	require.NoError(t, err)
	require.Equal(t, erp.PendingKey(s.instance, "tag", outcomes[0].ID), page.Records[0].Record.Key)
	id, pending := erp.PendingID(page.Records[0].Record.Key)
	require.True(t, pending)
	require.Equal(t, outcomes[0].ID, id)
}

// Landing just what the store holds changes nothing, though the ERP has it otherwise; landing anything else does.
func adoptedRecords(t *testing.T, s shop) {
	ctx, reader := t.Context(), readerOf(t, s)
	outcomes := land(t, s, putTerms, []erp.Term{s.tag(1, "Tea")}, erp.Created)
	require.NoError(t, s.Release(ctx, s.key("tag", 1)))
	stored := s.tag(7, "Tea")
	stored.Code = "tea"
	require.NoError(t, reader.AdoptTerms(ctx, []erp.Adoption[erp.Term]{{ID: outcomes[0].ID, Record: stored}}))
	again := land(t, s, putTerms, []erp.Term{stored}, erp.Unchanged)
	require.Equal(t, outcomes[0].ID, again[0].ID)
	page, err := reader.ListTerms(ctx, erp.Tag, s.named(outcomes))
	require.NoError(t, err)
	require.Empty(t, page.Records[0].Record.Code, "the ERP's record stays as it is")
	stored.Name = "Coffee"
	land(t, s, putTerms, []erp.Term{stored}, erp.Updated)
	require.Error(t, reader.AdoptTerms(ctx, []erp.Adoption[erp.Term]{{ID: "999999999", Record: stored}}))
}

// changedRecords waits where it must: a change is told a little later while older transactions are under way.
func changedRecords(t *testing.T, s shop) {
	ctx, reader := t.Context(), readerOf(t, s)
	land(t, s, putTerms, []erp.Term{s.tag(1, "Tea"), s.tag(2, "Coffee")}, times(2, erp.Created)...)
	after := ""
	seen := func(key erp.Key) func() bool {
		return func() bool {
			for {
				page, err := reader.ListTerms(ctx, erp.Tag, erp.RecordQuery{Instance: s.instance, After: after, Limit: 50})
				require.NoError(t, err)
				after = page.Next
				for _, held := range page.Records {
					if held.Record.Key == key {
						return true
					}
				}
				if page.Done {
					return false
				}
			}
		}
	}
	require.Eventually(t, seen(s.key("tag", 2)), time.Minute, 10*time.Millisecond, "all are told from the beginning")
	land(t, s, putTerms, []erp.Term{s.tag(1, "Green tea")}, erp.Updated)
	require.Eventually(t, seen(s.key("tag", 1)), time.Minute, 10*time.Millisecond, "a change is told")
}

func oddRecordCursor(t *testing.T, s shop) {
	_, err := readerOf(t, s).ListTerms(t.Context(), erp.Tag, erp.RecordQuery{Instance: s.instance, After: "nonsense", Limit: 1})
	require.Error(t, err)
}

// requireSameJSON compares records by what is kept of them: a decimal has several forms.
func requireSameJSON(t *testing.T, want, got any) {
	t.Helper()
	a, err := json.Marshal(want)
	require.NoError(t, err)
	b, err := json.Marshal(got)
	require.NoError(t, err)
	require.JSONEq(t, string(a), string(b))
}
