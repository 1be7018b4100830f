package main

import (
	"net/http"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"tandem/api/gen"
	"tandem/fault"
)

func TestWebhooks(t *testing.T) {
	list := gen.WebhookList{PublicURL: "https://tandem.example.com", Warnings: []string{"it does not answer"}, Items: []gen.Webhook{
		{Topic: "order.created", HookID: "7", Status: "active", LastDeliveryAt: time.Date(2026, 5, 1, 9, 0, 0, 0, time.UTC)},
		{Topic: "order.updated", HookID: "8", Status: "active", Refused: 3, RefusedReason: "the signature is blank"},
		{Topic: "order.deleted"},
	}}
	stub := startAPI(t, list)
	out, err := command(t, "", "webhooks", "list", "shop")
	require.NoError(t, err)
	require.Equal(t, "GET /instances/shop/webhooks", stub.path)
	require.Regexp(t, `order\.created +7 +active +2026-05-01 09:00:00 +0 +-`, out)
	require.Regexp(t, `order\.updated +8 +active +never +3 +the signature is blank`, out)
	require.Regexp(t, `order\.deleted +- +- +never`, out)
	require.Contains(t, out, "public address  https://tandem.example.com\nwarning         it does not answer")

	_, err = command(t, "", "webhooks", "sync", "shop", "order.created", "order.updated")
	require.NoError(t, err)
	require.Equal(t, "POST /instances/shop/webhooks/sync", stub.path)
	require.JSONEq(t, `{"topics":["order.created","order.updated"]}`, string(stub.body))
	_, err = command(t, "", "webhooks", "sync", "shop")
	require.NoError(t, err)
	require.JSONEq(t, `{}`, string(stub.body))

	out, err = command(t, "", "webhooks", "toggle", "shop", "order.created")
	require.NoError(t, err)
	require.Equal(t, "POST /instances/shop/webhooks/order.created/toggle", stub.path)
	require.Equal(t, "order.created is active\n", out)

	text, _, code := program(t, "webhooks", "list", "shop", "--json")
	require.Zero(t, code)
	document(t, text)
	stub.refuse("POST /instances/shop/webhooks/sync", http.StatusUnprocessableEntity, fault.Invalid, "TANDEM_PUBLIC_URL is not set")
	_, err = command(t, "", "webhooks", "sync", "shop")
	require.ErrorContains(t, err, "TANDEM_PUBLIC_URL is not set")
}
