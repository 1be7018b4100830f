package worker

import (
	"testing"

	"github.com/stretchr/testify/require"

	"tandem/db"
	"tandem/woo"
)

const hookAddress = "https://tandem.example.com/webhooks/demo/order.updated"

func hookOf(id woo.ID, status, address string) woo.Webhook {
	return woo.Webhook{ID: id, Topic: "order.updated", Status: status, DeliveryURL: address}
}

func TestPlanWebhook(t *testing.T) {
	t.Parallel()
	known := db.Webhook{Instance: "demo", Topic: "order.updated", HookID: "7", Wanted: db.WebhookActive}
	paused := known
	paused.Wanted = db.WebhookPaused
	own := hookOf(7, woo.WebhookActive, hookAddress)
	other := woo.Webhook{ID: 3, Topic: "order.updated", Status: woo.WebhookActive, DeliveryURL: "https://other.example/hook"}
	for name, c := range map[string]struct {
		known  db.Webhook
		all    []woo.Webhook
		keep   woo.ID
		remove []woo.ID
		found  string
	}{
		"works":               {known, []woo.Webhook{other, own}, 7, nil, ""},
		"never made":          {db.Webhook{Topic: "order.updated"}, []woo.Webhook{other}, 0, nil, ""},
		"deleted":             {known, []woo.Webhook{other}, 0, nil, "deleted in the store"},
		"disabled (C04)":      {known, []woo.Webhook{hookOf(7, woo.WebhookDisabled, hookAddress)}, 0, []woo.ID{7}, "disabled the webhook"},
		"disabled and paused": {paused, []woo.Webhook{hookOf(7, woo.WebhookDisabled, hookAddress)}, 7, nil, ""},
		"twin (N11)":          {known, []woo.Webhook{own, hookOf(9, woo.WebhookDisabled, hookAddress)}, 7, []woo.ID{9}, "another webhook"},
		"made and not kept":   {db.Webhook{Topic: "order.updated"}, []woo.Webhook{hookOf(9, woo.WebhookActive, hookAddress)}, 0, []woo.ID{9}, "another webhook"},
		"at an earlier address": {known, []woo.Webhook{hookOf(7, woo.WebhookActive, "https://old.example/webhooks/demo/order.updated")}, 0,
			[]woo.ID{7}, "another address"},
		"pointed elsewhere by somebody": {known, []woo.Webhook{
			{ID: 7, Name: "Tandem demo order.updated", Topic: "order.updated", Status: woo.WebhookActive, DeliveryURL: "https://other.example/hook"},
		}, 0, []woo.ID{7}, "another address"},
		"its id is another's now": {known, []woo.Webhook{hookOf(7, woo.WebhookActive, "https://other.example/hook")}, 0, nil, "deleted in the store"},
		"another Tandem's":        {known, []woo.Webhook{own, hookOf(8, woo.WebhookActive, "https://staging.example/webhooks/demo/order.updated")}, 7, nil, ""},
		"empty ones (N09)":        {known, []woo.Webhook{own, {ID: 8, Status: woo.WebhookDisabled}}, 7, nil, ""},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			p := planWebhook(c.known, hookAddress, c.all)
			var keep woo.ID
			if p.keep != nil {
				keep = p.keep.ID
			}
			var removed []woo.ID
			for _, w := range p.remove {
				removed = append(removed, w.ID)
			}
			require.Equal(t, c.keep, keep)
			require.Equal(t, c.remove, removed)
			if c.found == "" {
				require.Empty(t, p.found)
			}
			require.Contains(t, p.found, c.found)
		})
	}
}
