package main

import (
	"cmp"
	"io"
	"strings"

	"github.com/spf13/cobra"

	"tandem/api/gen"
	"tandem/instance"
)

func newWebhooks() *cobra.Command {
	return remoteGroup("webhooks", "Have stores report what changes, see what they reported, and read it again",
		newWebhooksList(), newWebhooksSync(), newWebhooksToggle(), newWebhooksDeliveries(), newWebhooksReplay())
}

func newWebhooksList() *cobra.Command {
	c := remoteCommand("list INSTANCE", "List the topics of a store and how their webhooks stand", cobra.ExactArgs(1), func(c *cobra.Command, args []string) error {
		var list gen.WebhookList
		if err := remote().Get(c.Context(), address("instances", args[0], "webhooks"), nil, &list); err != nil {
			return err
		}
		return answer(c, list, func(w io.Writer) error { return printWebhooks(w, list) })
	})
	return completing(c, instanceIDs)
}

func newWebhooksSync() *cobra.Command {
	c := remoteCommand("sync INSTANCE [TOPIC…]", "Make webhooks in a store, or mend them", cobra.MinimumNArgs(1), func(c *cobra.Command, args []string) error {
		var list gen.WebhookList
		err := remote().Post(c.Context(), address("instances", args[0], "webhooks", "sync"), gen.SyncWebhooks{Topics: args[1:]}, &list)
		if err != nil {
			return err
		}
		return answer(c, list, func(w io.Writer) error { return printWebhooks(w, list) })
	})
	c.Long += "\n\nIt writes to the store: the key needs the permission Read/Write. Without topics those of config.webhook.topics are made, " +
		"and without those the eight usual ones:\n  " + strings.Join(instance.WebhookTopics(), "\n  ")
	return completing(c, instanceIDs, webhookTopics)
}

func newWebhooksToggle() *cobra.Command {
	c := remoteCommand("toggle INSTANCE TOPIC", "Pause an active webhook, disable a paused one, or set a disabled one active", cobra.ExactArgs(2), func(c *cobra.Command, args []string) error {
		var list gen.WebhookList
		if err := remote().Post(c.Context(), address("instances", args[0], "webhooks", args[1], "toggle"), nil, &list); err != nil {
			return err
		}
		for _, w := range list.Items {
			if w.Topic == args[1] {
				return told(c, list, "%s is %s", w.Topic, w.Status)
			}
		}
		return told(c, list, "%s was toggled", args[1])
	})
	return completing(c, instanceIDs, webhookTopics)
}

var webhookTopics = words(instance.WebhookTopics()...)

func printWebhooks(w io.Writer, list gen.WebhookList) error {
	rows := make([][]any, len(list.Items))
	for i, h := range list.Items {
		problem := cmp.Or(h.Problem, h.RefusedReason, "-")
		rows[i] = []any{h.Topic, cmp.Or(h.HookID, "-"), cmp.Or(h.Status, "-"), timeOr(h.LastDeliveryAt, "never"), h.Refused, cut(problem, problemWidth)}
	}
	if err := printTable(w, []any{"TOPIC", "WEBHOOK", "STATUS", "LAST DELIVERY", "REFUSED", "PROBLEM"}, rows, "there are no topics"); err != nil {
		return err
	}
	if err := say(w, "\npublic address  %s", cmp.Or(list.PublicURL, "none")); err != nil {
		return err
	}
	for _, warning := range list.Warnings {
		if err := say(w, "warning         %s", warning); err != nil {
			return err
		}
	}
	return nil
}
