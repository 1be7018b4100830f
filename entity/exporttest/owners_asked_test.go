package exporttest

import (
	"net/http"
	"testing"

	"github.com/stretchr/testify/require"

	"tandem/entity/mapping"
	"tandem/flow"
)

// The newest counts: the side that changed it, and of both the one that changed its record later.
func TestTheNewestCounts(t *testing.T) {
	t.Parallel()
	l := newLamp(t, `{"product":{"price":"newest"}}`)
	l.inStore("60")
	require.Equal(t, flow.Unchanged, l.exported().Status, "an export takes nothing back that the store changed")
	require.Equal(t, flow.Updated, l.imported().Status, "though the ERP was told that it has it")
	l.requirePrices("60", "60")
	l.inERP("70")
	require.Equal(t, flow.Unchanged, l.imported().Status)
	require.Equal(t, flow.Updated, l.exported().Status)
	l.requirePrices("70", "70")
	l.requireQuiet()

	l.inStore("61")
	l.inERP("71")
	l.age("products", "1 hour")
	l.exported()
	require.Equal(t, flow.Updated, l.imported().Status)
	l.requirePrices("61", "61")
	l.requireQuiet()
	l.inERP("72")
	l.inStore("62")
	l.age("products", "-1 hour")
	l.imported()
	require.Equal(t, flow.Updated, l.exported().Status)
	l.requirePrices("72", "72")
	l.requireQuiet()

	l.inStore("63")
	l.inERP("73")
	l.age("products", "")
	require.Equal(t, mapping.BothChanged, l.imported().Code, "it is not known when the ERP changed it")
}

// age dates the last change of the records of a table back.
func (p *pair) age(table, by string) {
	p.t.Helper()
	tx, err := p.books.Beginx()
	require.NoError(p.t, err)
	defer tx.Rollback() //nolint:errcheck // it may be committed
	_, err = tx.Exec(`SET LOCAL session_replication_role = replica`)
	require.NoError(p.t, err)
	_, err = tx.Exec(`UPDATE ledger.`+table+` SET changed_at = now() - nullif($1, '')::interval`, by)
	require.NoError(p.t, err)
	require.NoError(p.t, tx.Commit())
}

// values alone.
func TestAPersonIsAskedAboutBothValues(t *testing.T) {
	t.Parallel()
	for choice, price := range map[string]string{mapping.TakeStore: "60", mapping.TakeERP: "70"} {
		t.Run(choice, func(t *testing.T) {
			t.Parallel()
			l := newLamp(t, `{"product":{"price":"ask"}}`)
			l.inStore("60")
			l.inERP("70")
			in, out := l.imported(), l.exported()
			for _, o := range []flow.Outcome{in, out} {
				require.Equal(t, []any{flow.Parked, mapping.BothChanged}, []any{o.Status, o.Code})
				require.Equal(t, []flow.Difference{{Field: "Regular price", ERP: "70", Store: "60"}}, o.Differences)
				require.NotContains(t, o.Reason, "60")
			}
			require.Equal(t, in.Subject, out.Subject)
			require.Equal(t, []string{l.id, l.wooID}, []string{in.ID, out.Key.ID}, "either job names both records")
			l.requirePrices("70", "60")

			l.book.decided["product/"+l.wooID] = flow.Decision{Choice: choice, Subject: in.Subject}
			l.imported()
			l.exported()
			l.requirePrices(price, price)
			l.requireQuiet()
			l.inStore("61")
			l.inERP("71")
			require.Equal(t, mapping.BothChanged, l.imported().Code, "other values are asked about again")
		})
	}
}

// What one side changed goes without asking, and so does the same change of both.
func TestOneSidedChangesAreNotAskedAbout(t *testing.T) {
	t.Parallel()
	l := newLamp(t, `{"product":{"price":"ask","basic":"ask"}}`)
	l.inERP("70")
	l.ask(http.MethodPut, "products/"+l.wooID, map[string]any{"name": "Better lamp"})
	require.Equal(t, flow.Updated, l.imported().Status)
	require.Equal(t, flow.Updated, l.exported().Status)
	l.requirePrices("70", "70")
	require.Equal(t, "Better lamp", l.ask(http.MethodGet, "products/"+l.wooID, nil)["name"])
	l.inERP("80")
	l.inStore("80")
	require.True(t, l.imported().Landed())
	l.requirePrices("80", "80")
	l.requireQuiet()
}

// Records that were paired by hand were never equal: where they differ, a person is asked.
func TestRecordsThatWereNeverEqualAreAskedAbout(t *testing.T) {
	t.Parallel()
	l := newLamp(t, `{"product":{"price":"newest"}}`)
	l.inStore("60")
	l.inERP("70")
	l.keepLinks()
	l.age("products", "")
	require.Equal(t, mapping.BothChanged, l.exported().Code)
}
