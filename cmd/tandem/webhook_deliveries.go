package main

import (
	"fmt"
	"io"
	"strconv"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"tandem/api/gen"
	"tandem/fault"
)

// deliveryFlags pick deliveries of webhooks.
type deliveryFlags struct{ instance, topic, state, from, to string }

func (f *deliveryFlags) register(c *cobra.Command, states ...string) {
	c.Flags().StringVar(&f.instance, "instance", "", "only of this store")
	c.Flags().StringVar(&f.topic, "topic", "", "only of this topic, e.g. order.updated")
	c.Flags().StringVar(&f.state, "state", "", "only in this state: "+strings.Join(states, ", "))
	c.Flags().StringVar(&f.from, "from", "", "only received from this day or RFC 3339 time on (UTC)")
	c.Flags().StringVar(&f.to, "to", "", "only received before this day or RFC 3339 time (UTC)")
	completingFlag(c, "instance", instanceIDs)
	completingFlag(c, "topic", webhookTopics)
	completingFlag(c, "state", words(states...))
}

// times reads the flags of time.
func (f *deliveryFlags) times() (from, to time.Time, err error) {
	if from, err = parseTime("from", f.from); err != nil {
		return from, to, err
	}
	to, err = parseTime("to", f.to)
	return from, to, err
}

func newWebhooksDeliveries() *cobra.Command {
	var f deliveryFlags
	var limit int
	c := remoteCommand("deliveries", "List what webhooks delivered, and what became of it", cobra.NoArgs, func(c *cobra.Command, _ []string) error {
		from, to, err := f.times()
		if err != nil {
			return err
		}
		query := given("instance", f.instance, "topic", f.topic, "state", f.state, "from", timeText(from), "to", timeText(to), "limit", strconv.Itoa(limit))
		var page gen.WebhookDeliveryPage
		if err := remote().Get(c.Context(), "/webhook-deliveries", query, &page); err != nil {
			return err
		}
		return answer(c, page.Items, func(w io.Writer) error { return printDeliveries(w, page.Items) })
	})
	f.register(c, "waiting", "in_progress", "done", "parked", "failed")
	limitFlag(c, &limit)
	return c
}

func timeText(at time.Time) string {
	if at.IsZero() {
		return ""
	}
	return at.UTC().Format(time.RFC3339)
}

func printDeliveries(w io.Writer, deliveries []gen.WebhookDelivery) error {
	rows := make([][]any, len(deliveries))
	for i, d := range deliveries {
		rows[i] = []any{d.ID, d.LastAt.UTC().Format(atLayout), d.Instance, d.Topic, orDash(d.WooID), d.State, d.Times, d.Attempts, d.Reason}
	}
	return printTable(w, []any{"DELIVERY", "LAST AT (UTC)", "INSTANCE", "TOPIC", "ID", "STATE", "TIMES", "ATTEMPTS", "REASON"}, rows, "no deliveries found")
}

func newWebhooksReplay() *cobra.Command {
	var f deliveryFlags
	var yes bool
	c := remoteCommand("replay [DELIVERY]", "Read again what a delivery reports, or what all that a filter picks report", cobra.MaximumNArgs(1), func(c *cobra.Command, args []string) error {
		if len(args) == 1 {
			return replayOne(c, args[0])
		}
		if f.instance == "" {
			return fault.Field("--instance", "is missing: name a delivery, or a store whose deliveries are meant")
		}
		return f.replay(c, yes)
	})
	c.Example = `  tandem webhooks replay 4711
  tandem webhooks replay --instance myshop --from 2026-01-31T08:00:00Z --to 2026-01-31T09:00:00Z      says how many there are, and asks
  tandem webhooks replay --instance myshop --state failed --yes`
	f.register(c, "done", "parked", "failed")
	c.Flags().BoolVar(&yes, "yes", false, "do not ask")
	c.Long += exitHelp
	return c
}

func replayOne(c *cobra.Command, delivery string) error {
	var d gen.WebhookDelivery
	if err := remote().Post(c.Context(), address("webhook-deliveries", delivery, "replay"), nil, &d); err != nil {
		return err
	}
	return told(c, d, "delivery %d: %s %s is read again", d.ID, d.Topic, d.WooID)
}

// replay says how many deliveries are picked before it has them read again.
func (f *deliveryFlags) replay(c *cobra.Command, yes bool) error {
	from, to, err := f.times()
	if err != nil {
		return err
	}
	wanted := gen.WebhookDeliverySelection{Instance: f.instance, Topic: f.topic, State: f.state, From: from, To: to, DryRun: true}
	var found gen.ReplayedWebhookDeliveries
	if err := remote().Post(c.Context(), "/webhook-deliveries/replay", wanted, &found); err != nil {
		return err
	}
	if found.Count == 0 {
		return told(c, found, "no deliveries found: nothing to replay")
	}
	if err := confirm(c, yes, fmt.Sprintf("replay %d deliveries of %s", found.Count, f.instance)); err != nil {
		return err
	}
	wanted.DryRun = false
	if err := remote().Post(c.Context(), "/webhook-deliveries/replay", wanted, &found); err != nil {
		return err
	}
	return told(c, found, "%d deliveries of %s are read again: tandem webhooks deliveries shows what becomes of them", found.Count, f.instance)
}
