package landing_test

import (
	"testing"
	"time"

	"github.com/shopspring/decimal"
	"github.com/stretchr/testify/require"

	"tandem/erp"
	"tandem/erp/landing"
)

func TestDraftsThroughToTheirOutcomes(t *testing.T) {
	record := tag("1", "a")
	digest, err := landing.Digest(record, termKey)
	require.NoError(t, err)
	refuse := func(r *landing.Refusal) func(*landing.Draft[erp.Term]) {
		return func(d *landing.Draft[erp.Term]) { d.Refused = r }
	}
	for name, c := range map[string]struct {
		given   func(*landing.Draft[erp.Term])
		changed bool
		status  erp.Status
		before  string
		after   string
		id      string
	}{
		"new":              {func(d *landing.Draft[erp.Term]) { d.ID = 5 }, true, erp.Created, "", digest, "5"},
		"other content":    {func(d *landing.Draft[erp.Term]) { d.Found(5, "old") }, true, erp.Updated, "old", digest, "5"},
		"same content":     {func(d *landing.Draft[erp.Term]) { d.Found(5, digest) }, false, erp.Unchanged, digest, digest, "5"},
		"a new one waits":  {refuse(landing.Parked("x", "y")), false, erp.Parked, "", "", ""},
		"an old one fails": {func(d *landing.Draft[erp.Term]) { d.Found(5, "old"); d.Refused = landing.Failed("x", "y") }, false, erp.Failed, "old", "old", "5"},
	} {
		t.Run(name, func(t *testing.T) {
			d := landing.NewDraft(&record, termKey)
			c.given(d)
			require.Equal(t, c.changed, d.Changed())
			got := d.Outcome()
			require.Equal(t, record.Key, got.Key)
			require.Equal(t, []any{c.status, c.before, c.after, c.id}, []any{got.Status, got.Before, got.After, got.ID})
		})
	}
}

func TestARefusalTellsWhatItKnows(t *testing.T) {
	record, waits := tag("1", "a"), tag("2", "").Key
	d := landing.NewDraft(&record, termKey)
	d.Refused = landing.Parked("unknown_parent", "its parent has not landed", waits)
	require.Equal(t, erp.Outcome{Key: record.Key, Status: erp.Parked, Code: "unknown_parent", Reason: "its parent has not landed",
		Waits: []erp.Key{waits}}, d.Outcome())
}

func TestDraftsAreSortedOut(t *testing.T) {
	record := tag("1", "a")
	fresh, same, bad := landing.NewDraft(&record, termKey), landing.NewDraft(&record, termKey), landing.NewDraft(&record, termKey)
	same.Found(5, same.After)
	bad.Refused = landing.Failed("x", "y")
	drafts := []*landing.Draft[erp.Term]{fresh, same, bad}

	require.Equal(t, []*landing.Draft[erp.Term]{fresh, same}, landing.Accepted(drafts))
	require.Equal(t, []*landing.Draft[erp.Term]{fresh}, landing.Changed(drafts))
	outcomes := landing.Outcomes(drafts)
	require.Equal(t, []erp.Status{erp.Created, erp.Unchanged, erp.Failed}, []erp.Status{outcomes[0].Status, outcomes[1].Status, outcomes[2].Status})
}

func TestWhatCannotBeWrittenDownIsRefused(t *testing.T) {
	order := erp.Order{Key: tag("1", "").Key, Date: time.Date(12000, 1, 1, 0, 0, 0, 0, time.UTC), CustomerNote: "secret"}
	d := landing.NewDraft(&order, func(o *erp.Order) *erp.Key { return &o.Key })
	require.False(t, d.Accepted())
	require.Equal(t, erp.Failed, d.Outcome().Status)
	require.NotContains(t, d.Outcome().Reason, "secret")
}

func TestTheDigestIsOfTheContentAlone(t *testing.T) {
	digest := func(record erp.Term) string {
		text, err := landing.Digest(record, termKey)
		require.NoError(t, err)
		return text
	}
	require.Len(t, digest(tag("1", "a")), 64)
	require.Equal(t, digest(tag("1", "a")), digest(tag("2", "a")))
	require.NotEqual(t, digest(tag("1", "a")), digest(tag("1", "b")))
}

func TestDigestsAreJoined(t *testing.T) {
	require.Equal(t, "one", landing.Join([]string{"one"}), "one stands for itself")
	require.Len(t, landing.Join([]string{"one", "two"}), 64)
	require.NotEqual(t, landing.Join([]string{"one", "two"}), landing.Join([]string{"two", "one"}))
}

func TestCounted(t *testing.T) {
	dec := decimal.RequireFromString
	for name, c := range map[string]struct {
		count, free string
		before      bool
		want        erp.Status
	}{
		"never counted":                {"5", "0", false, erp.Created},
		"never counted, right already": {"5", "5", false, erp.Created},
		"counted otherwise":            {"5", "4", true, erp.Updated},
		"counted the same":             {"5", "5.00", true, erp.Unchanged},
	} {
		t.Run(name, func(t *testing.T) {
			count := erp.StockCount{Key: tag("1", "").Key, Free: dec(c.count)}
			got := landing.Counted(&count, 31, dec(c.free), c.before)
			require.Equal(t, c.want, got.Status)
			require.Equal(t, []any{count.Key, "31", landing.Hash(c.count)}, []any{got.Key, got.ID, got.After})
			require.Equal(t, c.before, got.Before != "")
		})
	}
}
