package hooks

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

func TestParseRecordedDeliveries(t *testing.T) {
	type told struct{ entity, record string }
	got := map[string]told{}
	for _, d := range recorded(t) {
		if d.Secret == "" {
			continue
		}
		topic := d.Headers["X-WC-Webhook-Topic"]
		n := Parse(topic, []byte(d.Body))
		got[topic+" after "+d.After] = told{n.Entity, n.RecordID}
	}
	for name, want := range map[string]told{
		"order.created after order by block checkout (guest, stock managed product)":   {"order", "1415"},
		"product.updated after order by block checkout (guest, stock managed product)": {"product", "1224"},
		"product.created after two variations created by REST":                         {"product", "1423"},
		"product.updated after variation updated by REST":                              {"product", "1423"},
		"order.deleted after order trashed by REST":                                    {"order", "1416"},
		"coupon.deleted after product trashed by REST":                                 {"coupon", "1421"},
		"product.deleted after product trashed by REST":                                {"product", "1421"},
		"customer.deleted after customer deleted by REST":                              {"customer", "167"},
		"coupon.updated after coupon updated by REST":                                  {"coupon", "1428"},
		"order.updated after order created and deleted for good before the queue runs": {"", ""},
		"coupon.restored after product restored (wp_untrash_post)":                     {"", ""},
		"product.restored after coupon restored (wp_untrash_post)":                     {"", ""},
	} {
		require.Contains(t, got, name)
		require.Equal(t, want, got[name], name)
	}
}

func TestParse(t *testing.T) {
	for name, c := range map[string]struct {
		topic, body string
		want        Notice
	}{
		"a record":             {"order.updated", `{"id":7,"status":"x"}`, Notice{Entity: "order", WooID: "7", RecordID: "7"}},
		"an id only":           {"order.deleted", `{"id":7}`, Notice{Entity: "order", WooID: "7", RecordID: "7", Repeats: true}},
		"an id as text":        {"order.updated", `{"id":"7","a":1}`, Notice{Entity: "order", WooID: "7", RecordID: "7"}},
		"a variation":          {"product.updated", `{"id":9,"parent_id":4,"type":"variation"}`, Notice{Entity: "product", WooID: "9", RecordID: "4"}},
		"a grouped product":    {"product.updated", `{"id":9,"parent_id":4,"type":"simple"}`, Notice{Entity: "product", WooID: "9", RecordID: "9"}},
		"a part of an order":   {"order.updated", `{"id":9,"parent_id":4,"type":"variation"}`, Notice{Entity: "order", WooID: "9", RecordID: "9"}},
		"a record with a code": {"coupon.updated", `{"id":9,"code":"SALE","message":""}`, Notice{Entity: "coupon", WooID: "9", RecordID: "9"}},
		"N04: without lines":   {"order.updated", `{"id":7,"line_items":null,"x":{}}`, Notice{Entity: "order", WooID: "7", RecordID: "7"}},
	} {
		require.Equal(t, c.want, Parse(c.topic, []byte(c.body)), name)
	}
	failed := Parse("coupon.restored", []byte(`{"code":"x","message":"Invalid ID.","data":{"status":404}}`))
	require.Equal(t, CodeNoRecord, failed.Code)
	require.Empty(t, failed.Entity)
	require.NotEmpty(t, failed.Reason)
	// N05: a plugin empties the body, or worse.
	for _, body := range []string{"[]", "{}", "", "null", "7", `"x"`, `{"id":0,"a":1}`, `{"id":-3}`, `{"id":1.5}`, `{"id":null}`, `{"id":{}}`, "<html>", `{"id":7`,
		`{"id":99999999999999999999}`, `{"code":"x"}`} {
		n := Parse("product.updated", []byte(body))
		require.Equal(t, "product", n.Entity, body)
		require.Empty(t, n.RecordID, body)
		require.True(t, n.Repeats, body)
		require.NotEmpty(t, n.Reason, body)
	}
}

func FuzzParse(f *testing.F) {
	for _, d := range recorded(f) {
		f.Add("product.updated", []byte(d.Body))
	}
	f.Add("order.deleted", []byte(`[]`))
	f.Fuzz(func(t *testing.T, topic string, body []byte) {
		n := Parse(topic, body)
		require.True(t, n.Entity == "" || strings.HasPrefix(topic, n.Entity))
		require.Equal(t, n.WooID == "", n.RecordID == "")
		if n.RecordID != "" {
			require.Regexp(t, `^[1-9][0-9]{0,17}$`, n.RecordID)
		}
		if n.Entity == "" && topic != "" && !strings.HasPrefix(topic, ".") {
			require.NotEmpty(t, n.Reason)
		}
		IsPing(body)
		Verify("secret", body, string(body))
	})
}
